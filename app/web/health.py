"""Is it alive, is it ready, and if not, which part fails and what to do."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from litestar import Controller, Response, get, head
from litestar.di import NamedDependency
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE

from domain.fact import fact

TIMEOUT = 3.0


class Check(NamedTuple):
    """One part that must work. `probe` raises when it does not; `cure` says what to do then."""

    name: str
    probe: Callable[[], Awaitable[None]]
    cure: str


Checks: TypeAlias = Sequence[Check]


@fact
class Finding:
    name: str
    ok: bool
    problem: str
    cure: str


async def examine(checks: Checks) -> list[Finding]:
    """All at once, each within three seconds."""
    return list(await asyncio.gather(*map(_examine, checks)))


async def _examine(check: Check) -> Finding:
    try:
        async with asyncio.timeout(TIMEOUT):
            await check.probe()
    except TimeoutError:
        problem = f"no answer within {TIMEOUT:.0f} seconds"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        # The message of an unknown error may hold an address with a password; its type is enough.
        problem = str(error) if isinstance(error, NotReady) else type(error).__name__
    else:
        return Finding(name=check.name, ok=True, problem="", cure="")
    return Finding(name=check.name, ok=False, problem=problem, cure=check.cure)


class NotReady(Exception):
    """Works, but not well enough; the message may be shown to anybody."""


class Health(Controller):
    """`/health` and `/health/ready` are the same: what a balancer asks; `/health/live` is what a
    supervisor asks before it kills a process, so it looks at nothing outside."""

    opt = {"public": True}  # noqa: RUF012 - Litestar reads it so
    tags = ["health"]  # noqa: RUF012 - Litestar reads it so

    @get("/health/live", summary="The process answers")
    async def live(self) -> Mapping[str, str]:
        return {"status": "alive"}

    @get("/health", summary="Every part works; 503 names the one that fails")
    async def health(self, checks: NamedDependency[Checks]) -> Response[Mapping[str, object]]:
        return await _answer(checks)

    @get("/health/ready", summary="The same")
    async def ready(self, checks: NamedDependency[Checks]) -> Response[Mapping[str, object]]:
        return await _answer(checks)

    @head("/health/live", include_in_schema=False)
    async def beats(self) -> None:
        """For services that watch from outside and ask for no body."""

    @head(["/health", "/health/ready"], include_in_schema=False)
    async def healthy(self, checks: NamedDependency[Checks]) -> Response[None]:
        answer = await _answer(checks)
        return Response(None, status_code=answer.status_code)


async def _answer(checks: Checks) -> Response[Mapping[str, object]]:
    findings = await examine(checks)
    ok = all(each.ok for each in findings)
    parts = {
        each.name: "ok" if each.ok else {"problem": each.problem, "cure": each.cure}
        for each in findings
    }
    return Response(
        {"status": "ready" if ok else "not ready", "parts": parts},
        status_code=HTTP_200_OK if ok else HTTP_503_SERVICE_UNAVAILABLE,
    )
