"""How a root field declares who may use it, and what it costs: one that does not cannot be made."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar, get_type_hints

import strawberry

from app.errors import TooMany
from app.graphql.context import AS_STAFF, Context
from app.graphql.errors import user_errors
from domain.access import Role
from domain.errors import Conflict, Outside, Refused

P = ParamSpec("P")
R = TypeVar("R")

ROLE, COST, SIZE, SIZED_BY, WAITS = "role", "cost", "size", "sized_by", "waits"
"""Names of a field's metadata; `size`: how many items its list is reckoned with; `sized_by`: the
argument that says so, and the most it may say; `waits`: for a neighbour."""
MUTATION_COST = 1_000
"""A change is worth a thousand objects: a document holds five of them."""
CHANGES, BURST = 120, 60
"""Changes of one company: per minute, and at once."""


def query(
    least: Role, description: str, cost: int | None = None, *, waits: bool = False
) -> Callable[[Callable[P, Awaitable[R]]], Any]:
    """A root field of Query: `@query(Role.VIEWER, "…") async def shops(self, info) -> …`. `cost`:
    of one that reads more than its rows; `waits`: for a neighbour, so its request has as much time
    as a change."""
    more = {WAITS: waits} if cost is None else {COST: cost, WAITS: waits}

    def declared(resolver: Callable[P, Awaitable[R]]) -> Any:  # noqa: ANN401 - what Strawberry gives
        @wraps(resolver)
        async def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            _context(kwargs).who.demand(least)
            return await resolver(*args, **kwargs)

        return strawberry.field(guarded, description=description, metadata={ROLE: least, **more})

    return declared


def mutation(least: Role, description: str) -> Callable[[Callable[P, Awaitable[R]]], Any]:
    """A root field of Mutation: what is refused becomes `userErrors` of its payload."""

    def declared(resolver: Callable[P, Awaitable[R]]) -> Any:  # noqa: ANN401 - what Strawberry gives
        payload = get_type_hints(resolver)["return"]

        @wraps(resolver)
        async def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            # Whoever is told a reason in `as_staff` sees to it that it comes from the staff.
            elsewhere = kwargs.get("as_staff") is not None
            try:
                _context(kwargs).who.demand(Role.VIEWER if elsewhere else least)
                await _count(_context(kwargs))
                return await resolver(*args, **kwargs)
            except (Refused, Conflict, Outside) as no:
                beside = {AS_STAFF} if elsewhere else ()
                told = user_errors(no, _context(kwargs).language, beside)
                refused: R = payload(user_errors=told)
                return refused

        metadata = {ROLE: least, COST: MUTATION_COST}
        return strawberry.mutation(guarded, description=description, metadata=metadata)

    return declared


def listed(size: int, description: str) -> Any:  # noqa: ANN401 - what Strawberry gives
    """A list of at most, or usually, `size` items; the cost of a document reckons with it."""
    return strawberry.field(description=description, metadata={SIZE: size})


def resolved(
    description: str,
    size: int | None = None,
    *,
    cost: int | None = None,
    sized_by: tuple[str, int] | None = None,
) -> Callable[[Callable[P, R]], Any]:
    """A field that is worked out when asked for; `size` if it is a list, or `sized_by` which
    argument and how large that may be; `cost` if it has to be read."""
    told = {SIZE: size, COST: cost, SIZED_BY: sized_by}
    metadata = {name: value for name, value in told.items() if value is not None}

    def declared(resolver: Callable[P, R]) -> Any:  # noqa: ANN401 - what Strawberry gives
        return strawberry.field(resolver, description=description, metadata=metadata)

    return declared


def said(description: str) -> Any:  # noqa: ANN401 - what Strawberry gives
    """A plain attribute with its meaning."""
    return strawberry.field(description=description)


def _context(kwargs: dict[str, Any]) -> Context:
    context: Context = kwargs["info"].context
    return context


async def _count(context: Context) -> None:
    """Raises TooMany: each change writes history that stays for ever."""
    key = f"changes:{context.scope.tenant}"
    minute = timedelta(minutes=1)
    verdict = await context.ports.limiter.hit(key, CHANGES, minute, burst=BURST)
    if not verdict.allowed:
        raise TooMany(verdict.retry_after)
