"""A tab whose rows belong to products, in her order: what one such tab has that another has not.

The writer needs to know no more of it; who stands in which row, and what is hers, it finds out.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from domain.fact import fact
from domain.snapshot import Gap, Snapshot
from domain.table.columns import Column, Group
from domain.table.figures import Figures
from domain.table.words import Words


@fact
class Term:
    """A cell above the header, under its caption, that formulas call by `name`. It stands in the
    column of `tag`. Yellow ones are hers, and `value` is what they begin with; others are ours."""

    name: str
    tag: str
    caption: Words
    value: int
    hers: bool = True


class Shown(Protocol):
    """One such tab at one snapshot. `figures` are what those cells hold that are values of ours."""

    @property
    def figures(self) -> Figures: ...
    @property
    def groups(self) -> tuple[Group, ...]: ...
    @property
    def gaps(self) -> Sequence[Gap]: ...
    @property
    def terms(self) -> Sequence[Term]: ...

    def first_order(self, nm_ids: Iterable[int]) -> tuple[int, ...]:
        """How products stand that had no row before."""


class KeyedTab(Protocol):
    """The definition of such a tab of one shop. `tab` is its word in markers, for ever."""

    @property
    def tab(self) -> str: ...
    @property
    def title(self) -> str: ...

    def cells(self, snapshot: Snapshot) -> int:
        """How many it would show."""

    def shown(self, snapshot: Snapshot) -> Shown:
        """What it shows then."""


def columns_of(groups: Iterable[Group]) -> Mapping[str, Column]:
    """By tag, from left to right."""
    return {column.tag: column for group in groups for column in group.columns}
