"""A decider: the whole life of an aggregate as three plain functions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Generic, TypeVar

C = TypeVar("C")
E = TypeVar("E")
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Decider(Generic[C, E, S]):
    """`kind` names the aggregate: it is the first half of every stored event name.

    `decide` is a generator: nothing yielded means nothing happened. Its guards run while it is
    consumed, so only `handle` and the specifications may call it. `edition` counts how often the
    same history has come to mean another state: states kept by an earlier one are not used.
    `blind` are the commands that `decide` answers without a look at the state, which may be None:
    these alone are carried out where a newer version of ours has recorded what this cannot read.
    """

    kind: str
    initial: S
    decide: Callable[[S, C], Iterable[E]]
    evolve: Callable[[S, E], S]
    edition: int = 1
    blind: tuple[type, ...] = ()

    def replay(self, history: Iterable[E]) -> S:
        """What the state is after this history."""
        return reduce(self.evolve, history, self.initial)
