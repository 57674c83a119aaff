"""Which columns a tab got from us: so a new place is told from a column she took away."""

from datetime import datetime

from domain.fact import fact

_GONE = "-"


@fact
class Layout:
    """What a write left behind besides numbers: language, deadline, and every tag ever made.

    `gone` are the tags of columns she deleted; they are not made again.
    """

    language: str
    deadline: datetime
    made: tuple[str, ...]
    gone: frozenset[str] = frozenset()

    def __str__(self) -> str:
        marked = (f"{_GONE}{tag}" if tag in self.gone else tag for tag in self.made)
        return " ".join((self.language, self.deadline.isoformat(), *marked))


def parse(text: str) -> Layout:
    """The reverse of `str(layout)`."""
    language, deadline, *tags = text.split(" ")
    return Layout(
        language=language,
        deadline=datetime.fromisoformat(deadline),
        made=tuple(tag.removeprefix(_GONE) for tag in tags),
        gone=frozenset(tag.removeprefix(_GONE) for tag in tags if tag.startswith(_GONE)),
    )
