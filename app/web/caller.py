"""Who signs a request that comes with a bearer token, as much of it as a route needs."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeAlias

from litestar import Request

from app.web.door import Door
from domain.access import TenantScope
from domain.events import Origin


class Caller(Protocol):
    """A signed-in person, and the door she came through."""

    @property
    def scope(self) -> TenantScope: ...
    @property
    def origin(self) -> Origin: ...
    @property
    def door(self) -> Door: ...


Identify: TypeAlias = Callable[[Request[Any, Any, Any]], Awaitable[Caller]]
"""Raises NotSignedIn for nobody."""
