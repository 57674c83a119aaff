"""Aggregates, specified: given(history).when(command).then(events)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from domain.decider import Decider
from domain.errors import Refused


def given(decider: Decider[Any, Any, Any], *history: Any) -> "Given":
    return Given(decider, history)


@dataclass(frozen=True)
class Given:
    decider: Decider[Any, Any, Any]
    history: Sequence[Any]

    def when(self, command: Any) -> "When":
        return When(self, command)


@dataclass(frozen=True)
class When:
    given: Given
    command: Any

    def then(self, *expected: Any) -> None:
        __tracebackhide__ = True
        happened = tuple(self._answer())
        assert happened == expected

    def then_nothing_happens(self) -> None:
        __tracebackhide__ = True
        self.then()

    def then_refused(self, because: type[Refused]) -> None:
        __tracebackhide__ = True
        with pytest.raises(because):
            self._answer()

    def _answer(self) -> list[Any]:
        decider, history = self.given.decider, self.given.history
        return list(decider.decide(decider.replay(history), self.command))
