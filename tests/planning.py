"""What plans are made of in a world of tests: the rules of Wildberries, and nobody is called."""

from app.ahead import Ahead
from domain.breaker import Breakers
from domain.budget import Buckets
from infrastructure.wildberries.hosts import Hosts
from infrastructure.wildberries.marketplace import Wildberries


def ahead(clock, breaker=None):
    """Buckets that move with the clock, as `ahead(…).budget`."""
    budget = Buckets(lambda: clock().timestamp())
    breaker = breaker or Breakers(clock)
    planning = Wildberries(None, Hosts.under("http://nobody"), budget, breaker, clock)
    return Ahead(planning=planning, budget=budget, breaker=breaker)
