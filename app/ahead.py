"""What a sync will ask of its neighbours and what they allow: all that a plan is made of."""

from collections.abc import Sequence

from domain.fact import fact
from domain.planning_port import Planning
from domain.ports import Allowance, Breaker, Budget


@fact
class Ahead:
    """`sheets`: the buckets of what a write asks of Google, by what they are for."""

    planning: Planning
    budget: Budget
    breaker: Breaker
    sheets: Sequence[Allowance]
