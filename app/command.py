"""What every command is run with: settings, an event loop, and errors as sentences."""

import asyncio
import sys
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import click
import uvloop

from app import collector, logs, settings
from app.settings import Settings, Single, WrongSettings
from app.supervise import Stopped

T = TypeVar("T")

FAILED, WRONG, INTERRUPTED = 1, 2, 130


@contextmanager
def told(*, endless: bool = False) -> Iterator[None]:
    """Errors a person can do something about, as sentences; exit code 2 for wrong settings. What
    is `endless` has done its duty when it is interrupted; anything else has not."""
    try:
        yield
    except WrongSettings as wrong:
        click.secho(str(wrong), fg="red", err=True)
        sys.exit(WRONG)
    except (KeyboardInterrupt, Stopped):
        sys.exit(0 if endless else INTERRUPTED)
    except Exception as error:
        from app.outage import sentence

        if (said := sentence(error)) is None:
            raise
        click.secho(said, fg="red", err=True)
        sys.exit(FAILED)


def run(main: Coroutine[Any, Any, T]) -> T:
    """On uvloop."""
    collector.calm()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


def loaded() -> Settings:
    """The settings, with logs going where they say and hints on the screen."""
    read = settings.load()
    logs.configure(read.logs.level, read.logs.file)
    for hint in read.hints:
        click.secho(f"Hint: {hint}", fg="yellow", err=True)
    return read


def loaded_with_old() -> tuple[Settings, Single]:
    """For the way over from the old tool: what it was told too, and all complaints at once."""
    try:
        read = loaded()
    except WrongSettings as wrong:
        raise WrongSettings(list(dict.fromkeys((*wrong.complaints, *_complaints())))) from wrong
    return read, settings.load_single()


def _complaints() -> Sequence[str]:
    try:
        settings.load_single()
    except WrongSettings as wrong:
        return wrong.complaints
    return ()
