"""From a template and values to HTML: a whole page, or its live parts each for itself."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
)
from markupsafe import Markup

from app.web.console import assets, formats
from app.web.console.visitor import Visitor
from app.web.languages import counted, translated

APP = Path(__file__).parents[2]
OWN = Path(__file__).parent / "templates"
LIVE = "live_"

# Macros and filters are reached without a context when a block is rendered alone, so what depends
# on the visitor is looked up here. Rendering never awaits: two visitors cannot mix.
_visitor: ContextVar[Visitor] = ContextVar("visitor")


def render(template: str, visitor: Visitor, **values: object) -> str:
    """The whole page. A name that the template uses and nobody gave is an error."""
    with _looking(visitor):
        return ENVIRONMENT.get_template(template).render(visitor=visitor, **values)


def fragments(
    template: str,
    visitor: Visitor,
    values: Mapping[str, object],
    wanted: Collection[str] | None = None,
) -> dict[str, str]:
    """Id → HTML of the blocks `live_<id>`, all or the wanted ones; an underscore of the block's
    name is a hyphen of the id."""
    found = ENVIRONMENT.get_template(template)
    blocks = {_id(name): block for name, block in found.blocks.items() if name.startswith(LIVE)}
    with _looking(visitor):
        context = found.new_context({**values, "visitor": visitor})
        return {
            each: "".join(block(context)).strip()
            for each, block in blocks.items()
            if wanted is None or each in wanted
        }


def _id(block: str) -> str:
    return block.removeprefix(LIVE).replace("_", "-")


@contextmanager
def _looking(visitor: Visitor) -> Iterator[None]:
    token = _visitor.set(visitor)
    try:
        yield
    finally:
        _visitor.reset(token)


def _loader() -> BaseLoader:
    """Ours by their names, a feature's as `feature/name`."""
    features = {each.parent.name: each for each in sorted(APP.glob("*/templates"))}
    prefixed = PrefixLoader({name: FileSystemLoader(each) for name, each in features.items()})
    return ChoiceLoader([FileSystemLoader(OWN), prefixed])


def _gettext(message: str) -> str:
    return translated(message, _visitor.get().language)


def _ngettext(one: str, many: str, number: int) -> str:
    return counted(one, many, number, _visitor.get().language)


def _number(value: float | Decimal, digits: int | None = None) -> str:
    return formats.number(value, _visitor.get().language, digits)


def _moment(value: datetime) -> Markup:
    visitor = _visitor.get()
    return formats.moment(value, visitor.language, visitor.zone, visitor.now)


def _at(value: datetime) -> Markup:
    visitor = _visitor.get()
    return formats.at(value, visitor.language, visitor.zone, visitor.now)


def _clock(value: datetime) -> Markup:
    return formats.clock(value, _visitor.get().zone)


def _day(value: datetime) -> Markup:
    visitor = _visitor.get()
    return formats.day(value, visitor.language, visitor.zone)


def _ago(value: datetime) -> str:
    visitor = _visitor.get()
    return formats.ago(value, visitor.language, visitor.now)


def _duration(value: float | timedelta) -> str:
    return formats.duration(value, _visitor.get().language)


def _csrf() -> Markup:
    return Markup('<input type="hidden" name="csrf" value="{}">').format(_visitor.get().csrf)


def _environment() -> Environment:
    # Unoptimised: constants would be folded when a template is first used, in its first visitor's
    # language.
    made = Environment(
        loader=_loader(),
        autoescape=True,
        undefined=StrictUndefined,
        optimized=False,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined] # the extension adds it
    made.filters |= {
        "number": _number,
        "moment": _moment,
        "at": _at,
        "clock": _clock,
        "day": _day,
        "ago": _ago,
        "duration": _duration,
        "heard": _gettext,
    }
    made.globals |= {"asset": assets.address, "csrf": _csrf}
    made.globals["ui"] = made.get_template("parts.html").module
    return made


ENVIRONMENT = _environment()
