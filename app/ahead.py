"""What a sync will ask of its neighbours and what they allow: all that a plan is made of."""

from domain.fact import fact
from domain.planning_port import Planning
from domain.ports import Breaker, Budget


@fact
class Ahead:
    planning: Planning
    budget: Budget
    breaker: Breaker
