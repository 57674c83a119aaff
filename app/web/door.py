"""Who knocks: every request gets an id, and the address it came from, before anything else."""

import ipaddress
from typing import Any
from uuid import UUID, uuid4

from litestar.connection import ASGIConnection
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from domain.fact import fact
from domain.ids import uuid7
from domain.ports import Clock

REQUEST_ID = "X-Request-Id"
LONGEST_AGENT = 400


@fact
class Door:
    """One request, as the outside shows itself. `ip` and `agent` are personal data: they go into
    `origins`, never into facts or logs. `secure`: it came over https, at least to our proxy."""

    correlation: UUID
    ip: str | None
    agent: str | None
    secure: bool = False


class Doors(ASGIMiddleware):
    """Opens a door for each request and answers with its id. `proxies`: how many of ours, one
    behind the other, each adding to X-Forwarded-For; what else stands there is hearsay."""

    scopes = (ScopeType.HTTP, ScopeType.WEBSOCKET)

    def __init__(self, clock: Clock, proxies: int) -> None:
        self._clock = clock
        self._proxies = proxies

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        headers = Headers.from_scope(scope)
        door = Door(
            correlation=uuid7(self._clock()),
            ip=_address(scope, headers, self._proxies),
            agent=_printable(headers.get("user-agent")),
            secure=_scheme(scope, headers, self._proxies) == "https",
        )
        scope["state"]["door"] = door

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableScopeHeaders.from_message(message)[REQUEST_ID] = str(door.correlation)
            await send(message)

        await next_app(scope, receive, answer)


def door_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Door:
    """The request's own. One that found no route never came through a door: it gets a bare one."""
    state = connection.scope["state"]
    if "door" not in state:
        state["door"] = Door(correlation=uuid4(), ip=None, agent=None)
    door: Door = state["door"]
    return door


def network(ip: str | None) -> str:
    """Whom to count together: an IPv4 address, or all of an IPv6 customer's /64."""
    if ip is None:
        return "local"
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv4Address):
        return ip
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def _address(scope: Scope, headers: Headers, proxies: int) -> str | None:
    """The hop that the outermost proxy of ours saw. Anything further left was sent by the client,
    which may write there what it likes."""
    client = scope.get("client")
    hops = _told(headers, "x-forwarded-for")
    hop = hops[-proxies] if 0 < proxies <= len(hops) else client[0] if client else None
    return _parsed(hop) if hop else None


def _scheme(scope: Scope, headers: Headers, proxies: int) -> str:
    """What the outermost proxy of ours was asked by. Some proxies write that list anew, hence it
    may be short; one that keeps silent was asked as we were."""
    said = _told(headers, "x-forwarded-proto")[-proxies:] if proxies else []
    return (said[0] if said else scope["scheme"]).lower()


def _told(headers: Headers, name: str) -> list[str]:
    """A list that each proxy adds to, over one header or several."""
    told = ",".join(headers.getall(name, []))
    return [each.strip() for each in told.split(",") if each.strip()]


def _parsed(hop: str) -> str | None:
    """Without port and brackets; an IPv4 address in IPv6 clothes is an IPv4 address."""
    bare = hop.partition("]")[0].removeprefix("[") if hop.startswith("[") else hop
    bare = bare.partition(":")[0] if bare.count(":") == 1 else bare
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def _printable(agent: str | None) -> str | None:
    if not agent:
        return None
    return "".join(each for each in agent if each.isprintable())[:LONGEST_AGENT]
