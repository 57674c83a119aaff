"""What people type to find runs: `kind:sync state:failed shop:"Рыжий кот" since:2h`.

Several values of one qualifier mean any of them; all else that is typed must be true. A free word
is the id of a run, how one begins, or a word of what went wrong.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime, time, timedelta

from domain.errors import Invalid
from domain.fact import fact


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


STATES = ("waiting", "running", "succeeded", "failed", "cancelled")
LONGEST, MOST = 500, 10
"""Letters of a search, and values of one of its qualifiers."""

_TOKEN = re.compile(
    r"""(?:(?P<name>[A-Za-z_][\w.]*):)?
        (?:"(?P<quoted>[^"]*)"|«(?P<russian>[^»]*)»|(?P<bare>[^\s"«][^\s"]*|))(?=\s|$)""",
    re.VERBOSE,
)
_SPAN = re.compile(r"([1-9][0-9]{0,3})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?")
_WORD = re.compile(r"[\w.-]{1,60}")
FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{0,4}){0,3}(?:-[0-9a-f]{0,12})?|[0-9a-f]{32}")
_PLAIN = re.compile(r"[^\s\"«]+")

ANOTHER = _(
    "There is no “%(name)s:”. Say kind, state, shop, error, args.…, since or tenant before the "
    "colon, or put it all in quotes to look for the words."
)
UNCLOSED = _("A quotation mark is not closed, or stands within a word: see “%(text)s”.")
NOTHING = _("Nothing stands behind “%(name)s:”. Write a value there, or leave it out.")
TOO_LONG = _("This is too long to look for: %(most)s letters are allowed.")
TOO_MANY = _("“%(name)s:” stands there too often: %(most)s values are allowed.")
NO_STATE = _("“%(value)s” is no state. States are waiting, running, succeeded, failed, cancelled.")
NO_KIND = _("“%(value)s” is no kind of run. It is one word, such as sync.")
NO_ERROR = _(
    "“%(value)s” is no error. Write its type as a run shows it, or its fingerprint of 16 letters."
)
NO_TIME = _(
    "“%(value)s” is no time. Write a span as 15m, 2h or 3d, a time of day as 08:00, or a day as "
    "2026-11-23."
)
TWO_TIMES = _("“since:” may stand there once.")
ANOTHER_WAY = _("Write it as kind:sync state:failed since:2h.")
NO_ARGUMENT = _("Say which argument: “args.name:value”.")


class NotASearch(Invalid):
    """This is not a search that can be understood."""

    def __init__(self, words: str = ANOTHER_WAY, **values: object) -> None:
        super().__init__(words % values if values else words, field="query")
        self.words, self.values = words, values


@fact
class Search:
    """What was typed, understood. `since` as a moment, `span` as it was written."""

    kinds: Sequence[str] = field(default_factory=list)
    states: Sequence[str] = field(default_factory=list)
    tenants: Sequence[str] = field(default_factory=list)
    shops: Sequence[str] = field(default_factory=list)
    errors: Sequence[str] = field(default_factory=list)
    args: Mapping[str, Sequence[str]] = field(default_factory=dict)
    since: datetime | None = None
    span: str = ""
    ids: Sequence[str] = field(default_factory=list)
    words: Sequence[str] = field(default_factory=list)

    def __str__(self) -> str:
        """The same search, written as it should be."""
        named = [
            *(("kind", each) for each in self.kinds),
            *(("state", each) for each in self.states),
            *(("tenant", each) for each in self.tenants),
            *(("shop", each) for each in self.shops),
            *(("error", each) for each in self.errors),
            *((f"args.{name}", each) for name, values in self.args.items() for each in values),
            *(("since", each) for each in (self.span,) if each),
        ]
        told = [f"{name}:{_written(value)}" for name, value in named]
        words = (_quoted(each) if ":" in each else _written(each) for each in self.words)
        return " ".join([*told, *self.ids, *words])


def parse(text: str, now: datetime) -> Search:
    """What is meant; times of day are those of `now`'s zone. Raises NotASearch, which says what is
    wrong and what to write instead."""
    if len(text) > LONGEST:
        raise NotASearch(TOO_LONG, most=LONGEST)
    found: dict[str, list[str]] = {}
    for name, value in _tokens(" ".join(text.replace("\0", " ").split())):
        known = found.setdefault(name, [])
        if value not in known:
            known.append(value)
        if len(known) > MOST:
            raise NotASearch(TOO_MANY, name=name or "word", most=MOST)
    words = found.pop("", [])
    spans = found.pop("since", [])
    if len(spans) > 1:
        raise NotASearch(TWO_TIMES)
    ids = [each for each in words if _ID.fullmatch(each)]
    alike = [each for each in words if FINGERPRINT.fullmatch(each)]
    return Search(
        kinds=found.get("kind", []),
        states=found.get("state", []),
        tenants=found.get("tenant", []),
        shops=found.get("shop", []),
        errors=[*found.get("error", []), *alike],
        args={
            name.removeprefix("args."): values
            for name, values in found.items()
            if name.startswith("args.")
        },
        since=_since(spans[0], now) if spans else None,
        span=spans[0] if spans else "",
        ids=ids,
        words=[each for each in words if each not in ids and each not in alike],
    )


def _tokens(text: str) -> Sequence[tuple[str, str]]:
    """(qualifier, value) of each; a free word has none."""
    tokens, at = [], 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.end() == at:
            raise NotASearch(UNCLOSED, text=text[at : at + 20])
        tokens.append(_token(found))
        at = found.end() + 1
    return tokens


def _token(found: re.Match[str]) -> tuple[str, str]:
    name = found["name"] or ""
    value = next(each for each in found.group("quoted", "russian", "bare") if each is not None)
    value = value.strip()
    if name.startswith("args."):
        return _argument(name, value)
    if name and name.lower() not in _CHECKS:
        raise NotASearch(ANOTHER, name=name)
    if not value:
        raise NotASearch(NOTHING, name=name) if name else NotASearch(UNCLOSED, text='""')
    return name.lower(), _CHECKS[name.lower()](value)


def _argument(name: str, value: str) -> tuple[str, str]:
    if name == "args.":
        raise NotASearch(NO_ARGUMENT)
    if not value:
        raise NotASearch(NOTHING, name=name)
    return name, value


def _state(value: str) -> str:
    if value.lower() not in STATES:
        raise NotASearch(NO_STATE, value=value)
    return value.lower()


def _kind(value: str) -> str:
    if not _WORD.fullmatch(value):
        raise NotASearch(NO_KIND, value=value)
    return value.lower()


def _error(value: str) -> str:
    if not _WORD.fullmatch(value):
        raise NotASearch(NO_ERROR, value=value)
    return value


def _anything(value: str) -> str:
    return value


_CHECKS: Mapping[str, Callable[[str], str]] = {
    "kind": _kind,
    "state": _state,
    "tenant": _anything,
    "shop": _anything,
    "error": _error,
    "since": _anything,
    "": _anything,
}


def _since(text: str, now: datetime) -> datetime:
    """Raises NotASearch."""
    if span := _SPAN.fullmatch(text):
        return now - timedelta(**{_UNITS[span[2]]: int(span[1])})
    if clock := _CLOCK.fullmatch(text):
        today = datetime.combine(now.date(), time(int(clock[1]), int(clock[2])), now.tzinfo)
        return today if today <= now else today - timedelta(days=1)
    try:
        if _DAY.fullmatch(text):
            day = datetime.fromisoformat(text).replace(tzinfo=now.tzinfo)
            day.astimezone(UTC)  # at the ends of the calendar there is none in another zone
            return day
    except (ValueError, OverflowError):
        pass
    raise NotASearch(NO_TIME, value=text)


def _written(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else _quoted(value)


def _quoted(value: str) -> str:
    return f"«{value}»" if '"' in value else f'"{value}"'
