"""The feed on the command line: every fact as a line of JSON, for a warehouse or a queue.

A line is printed at least once: a consumer's position moves on when its lines were taken.
"""

import re
import sys
from contextlib import aclosing, suppress
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from app.settings import Settings
from app.wiring import feeding
from domain.errors import Invalid
from domain.events import Recorded, Unread

NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""No colon: `rebuild:members` is a rebuild's own."""

_encode = msgspec.json.encode


async def follow(settings: Settings, name: str, *, once: bool) -> None:
    """Print what the consumer has not had, then what comes; `once` ends when nothing is left.

    Raises Invalid, SplitBrain.
    """
    if not NAME.fullmatch(name):
        message = "A consumer's name is 1 to 64 letters, digits, dots, dashes and underscores."
        raise Invalid(message, field="name")
    async with feeding(settings) as (consumers, bell), bell.listening():
        reading = consumers.rest(name) if once else consumers.follow(name, bell)
        with suppress(BrokenPipeError):
            async with aclosing(reading) as pages:
                async for page in pages:
                    sys.stdout.buffer.write(b"".join(map(_line, page.facts)))
                    sys.stdout.buffer.flush()


async def show_lags(settings: Settings) -> None:
    """One line for each consumer."""
    async with feeding(settings) as (consumers, _):
        lags = await consumers.lags()
    table = Table("consumer", "position", "facts behind", "seconds behind", box=None)
    for lag in lags:
        age = f"{lag.age.total_seconds():.0f}"
        table.add_row(lag.name, f"{lag.position}", f"{lag.facts}", age)
    Console().print(table)


async def forget(settings: Settings, name: str) -> bool:
    """False if nobody had that name."""
    if not NAME.fullmatch(name):
        return False
    async with feeding(settings) as (consumers, _):
        return await consumers.forget(name)


def _line(recorded: Recorded) -> bytes:
    event: Any = recorded.event
    if isinstance(event, Unread):
        event = msgspec.Raw(event.payload)
    origin = recorded.origin
    told = {
        "position": recorded.position,
        "id": recorded.event_id,
        "tenant": recorded.tenant,
        "kind": recorded.stream.kind,
        "stream": recorded.stream.id,
        "version": recorded.version,
        "at": recorded.at,
        "name": recorded.name,
        "event": event,
        "source": origin.source,
        "actor": origin.actor,
        "correlation": origin.correlation,
        "causation": origin.causation,
        "command": recorded.command_id,
        "hash": recorded.hash.hex(),
    }
    return _encode(told) + b"\n"
