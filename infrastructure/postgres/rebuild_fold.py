"""What a stretch of facts comes to, row by row, without knowing what stood in the table before."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias

from domain.events import Recorded, Unread
from domain.fact import fact

Key: TypeAlias = tuple[Any, ...]
Verb: TypeAlias = Literal["new", "put", "change", "drop"]
"""new: as far as these facts tell there is no such row yet; put: there may be one, replace it."""


class Table(Protocol):
    """A projected table, as the application declares it."""

    @property
    def name(self) -> str: ...
    @property
    def key(self) -> tuple[str, ...]: ...


@fact
class Rebuilt:
    """A table, who says its rows, and the stored names of facts that say nothing of it.

    `project` yields (statement, row); a statement about this table tells `table`, `verb` (put,
    change, drop) and `columns`; a row is the key's values, then those of the columns. `code` is
    another one whenever `project` may say something else: then nothing that was begun is resumed.
    """

    table: Table
    project: Callable[[Recorded], Iterator[tuple[str, Sequence[Any]]]]
    silent: tuple[str, ...] = ()
    code: str = ""

    @property
    def name(self) -> str:
        """The table's."""
        return self.table.name


class Count:
    """Facts that went by on their way to a fold; `unread` ones only a newer version can read."""

    def __init__(self) -> None:
        self.facts = self.unread = 0

    def __call__(self, facts: Iterable[Recorded]) -> Iterator[Recorded]:
        for each in facts:
            self.facts += 1
            if type(each.event) is Unread:
                self.unread += 1
            yield each


Entry: TypeAlias = tuple[Verb, dict[str, Any]]
"""What happened to one row, and the values of its columns that are known by that."""

FIRST: Mapping[str, Verb] = {"put": "new", "change": "change", "drop": "drop"}


def folded(
    rebuilt: Rebuilt, facts: Iterable[Recorded], before: dict[Key, Entry] | None = None
) -> dict[Key, Entry]:
    """By key, as if each statement had been carried out in its turn, after what came `before`."""
    table, project = rebuilt.table, rebuilt.project
    width = len(table.key)
    entries = {} if before is None else before
    for recorded in facts:
        for statement, row in project(recorded):
            if getattr(statement, "table", None) is not table:
                continue
            key, verb = tuple(row[:width]), statement.verb  # type: ignore[attr-defined]
            values = zip(statement.columns, row[width:], strict=True)  # type: ignore[attr-defined]
            known = entries.get(key)
            if known is None:
                entries[key] = FIRST[verb], dict(values)
            elif verb == "change":
                known[1].update(values)  # of a row that was dropped nobody looks at them
            else:
                entries[key] = verb, dict(values)
    return entries
