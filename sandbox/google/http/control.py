"""The sandbox's own switches: what fails next, and what was called."""

from typing import Any

from litestar import Router, delete, get, post
from litestar.params import JSONBody

from sandbox.google.drive import Drive
from sandbox.google.errors import Json
from sandbox.google.faults import Fault


def control_router(drive: Drive) -> Router:
    """/sandbox/google/faults, /calls and /accounts; none of it exists at Google."""

    @get("/faults")
    async def faults() -> list[Fault]:
        return drive.faults.waiting

    @post("/faults")
    async def add_fault(data: JSONBody[Fault]) -> Fault:
        drive.faults.add(data)
        return data

    @delete("/faults")
    async def clear_faults() -> None:
        drive.faults.clear()

    @get("/calls")
    async def calls() -> Json:
        return drive.calls.json()

    @delete("/calls")
    async def reset_calls() -> None:
        drive.calls.reset()

    @get("/accounts")
    async def accounts() -> list[str]:
        return [*drive.accounts.services]

    handlers: list[Any] = [faults, add_fault, clear_faults, calls, reset_calls, accounts]
    return Router("/sandbox/google", route_handlers=handlers, include_in_schema=False)
