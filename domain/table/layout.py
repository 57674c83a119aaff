"""Which columns a tab got from us: so a new place is told from a column she took away."""

from collections.abc import Sequence
from datetime import datetime

from domain.fact import fact
from domain.replenishment import USUAL
from domain.table.look import thresholds

_GONE, _HIDDEN, _HERS, _RETURNED, _BANNER, _COLOURED = "-", "~", "!", "@", "#", "%"
_OTHER = (_HIDDEN, _HERS, _RETURNED, _BANNER, _COLOURED)
USUALLY = thresholds(USUAL)
"""What cells were coloured by before anybody could say otherwise."""


@fact
class Layout:
    """What a write left behind besides numbers: language, deadline, and every tag ever made.

    `gone` are the tags of columns she deleted: they are not made again, unless she asked for them
    later than `returned`. Places, by the beginning of their tags: `hidden` by us, because they are
    empty; `hers` to hide and to show, because she has done so. `banner`: the short name of what the
    first cell says instead of its title. `coloured`: the days of turnover below which cells are
    filled, as `look.thresholds` has them.
    """

    language: str
    deadline: datetime
    made: tuple[str, ...]
    gone: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    hers: frozenset[str] = frozenset()
    returned: datetime | None = None
    banner: str = ""
    coloured: tuple[int, int] = USUALLY

    def __str__(self) -> str:
        marked = (f"{_GONE}{tag}" if tag in self.gone else tag for tag in self.made)
        hidden = (f"{_HIDDEN}{place}" for place in sorted(self.hidden))
        hers = (f"{_HERS}{place}" for place in sorted(self.hers))
        returned = [f"{_RETURNED}{self.returned.isoformat()}"] if self.returned else []
        banner = [f"{_BANNER}{self.banner}"] if self.banner else []
        days = [_COLOURED + ":".join(map(str, self.coloured))] if self.coloured != USUALLY else []
        beside = (*marked, *hidden, *hers, *returned, *banner, *days)
        return " ".join((self.language, self.deadline.isoformat(), *beside))


def parse(text: str) -> Layout:
    """The reverse of `str(layout)`."""
    language, deadline, *words = text.split(" ")
    tags = [word for word in words if word[:1] not in _OTHER]
    returned = _marked(words, _RETURNED)
    return Layout(
        language=language,
        deadline=datetime.fromisoformat(deadline),
        made=tuple(tag.removeprefix(_GONE) for tag in tags),
        gone=_marked(tags, _GONE),
        hidden=_marked(words, _HIDDEN),
        hers=_marked(words, _HERS),
        returned=datetime.fromisoformat(min(returned)) if returned else None,
        banner=min(_marked(words, _BANNER), default=""),
        coloured=_days(min(_marked(words, _COLOURED), default="")),
    )


def layout_of(text: str) -> Layout | None:
    """None for a text that is no layout of ours."""
    try:
        return parse(text)
    except ValueError:
        return None


def deleted(text: str) -> Sequence[str]:
    """The tags of columns that she took away, in the order in which they were made."""
    layout = layout_of(text)
    return [tag for tag in layout.made if tag in layout.gone] if layout else ()


def _days(text: str) -> tuple[int, int]:
    low, _, soon = text.partition(":")
    return (int(low), int(soon)) if text else USUALLY


def _marked(words: list[str], mark: str) -> frozenset[str]:
    return frozenset(word.removeprefix(mark) for word in words if word.startswith(mark))
