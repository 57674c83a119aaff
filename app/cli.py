"""The command line: `stock-tracker --help`."""

import asyncio
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

import click
import uvloop
from granian.constants import Interfaces
from granian.server import Server

from app import doctor as doctors
from app import logs, settings
from app import worker as workers
from app.settings import Settings, WrongSettings
from app.supervise import Children, Stopped, end_with_parent, stop_on_signals
from app.sync import sync_shop
from app.wiring import prepare
from app.wiring import rotate_keys as rotate_all_keys
from domain.errors import Outside, Refused
from domain.secrecy import WrongMasterKey

T = TypeVar("T")

FAILED, WRONG = 1, 2
BACKLOG = 1024


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="stock-tracker")
def main() -> None:
    """A seller's marketplace stock, orders and turnover, per warehouse, in her Google Sheet.

    Settings come from the environment and from .env; .env.example names them all.
    """


@main.command()
def demo() -> None:
    """Run everything on this machine, with a demo seller. Needs no account and no server."""
    try:
        from app.demo import demonstrate  # noqa: PLC0415 - its sandbox is not part of production
    except ModuleNotFoundError as missing:
        message = f"The sandbox is not installed here ({missing.name} is missing). Use `make run`."
        raise click.ClickException(message) from missing
    with told():
        demonstrate()


@main.command()
@click.option("--web", is_flag=True, help="Only the web side.")
@click.option("--worker", is_flag=True, help="Only the worker.")
@click.option("--supervised", is_flag=True, hidden=True)
def serve(*, web: bool, worker: bool, supervised: bool) -> None:
    """Run the web side and the worker, or one of them."""
    with told():
        read = loaded()
        if supervised:
            end_with_parent()
        if web == worker:
            _serve_both()
        elif web:
            _serve_web(read)
        else:
            run(workers.main(read))


@main.command()
def migrate() -> None:
    """Bring the database to this version, and make the keys that live in it."""
    with told():
        run(prepare(loaded()))
        click.echo("The database is up to date.")


@main.command()
def rotate_keys() -> None:
    """Wrap all kept keys under the first ENCRYPTION_MASTER_KEY; then the others may leave."""
    with told():
        count = run(rotate_all_keys(loaded()))
        click.echo(f"{count} keys rewritten. All of them open with the first master key now.")


@main.command()
def doctor() -> None:
    """Try every part, and say what to do about those that fail."""
    with told():
        sys.exit(run(doctors.diagnose(loaded())))


@main.command()
@click.option("--shop", type=click.UUID, help="Its id; without it the oldest shop.")
def sync(shop: UUID | None) -> None:
    """Sync one shop now, with a progress bar."""
    with told():
        sys.exit(run(sync_shop(loaded(), shop)))


@contextmanager
def told() -> Iterator[None]:
    """Errors a person can do something about, as sentences; exit code 2 for wrong settings."""
    try:
        yield
    except WrongSettings as wrong:
        click.secho(str(wrong), fg="red", err=True)
        sys.exit(WRONG)
    except (Refused, Outside, WrongMasterKey) as no:
        click.secho(" ".join(str(no).split()), fg="red", err=True)
        sys.exit(FAILED)
    except OSError as away:
        click.secho(f"{away}. `stock-tracker doctor` tries every part.", fg="red", err=True)
        sys.exit(FAILED)
    except (KeyboardInterrupt, Stopped):
        sys.exit(0)


def run(main: Coroutine[Any, Any, T]) -> T:
    """On uvloop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


def loaded() -> Settings:
    """The settings, with logs going where they say and hints on the screen."""
    read = settings.load()
    logs.configure(read.logs.level, read.logs.file)
    for hint in read.hints:
        click.secho(f"Hint: {hint}", fg="yellow", err=True)
    return read


def _serve_both() -> None:
    stop_on_signals()
    children = Children()
    try:
        for part in ("web", "worker"):
            children.start(part, ["app", "serve", f"--{part}", "--supervised"], {})
        name, code = children.wait()
        click.secho(f"The {name} ended with code {code}; stopping.", fg="red", err=True)
        sys.exit(FAILED)
    finally:
        children.stop()


def _serve_web(read: Settings) -> None:
    Server(
        "app.main:asgi",
        address=read.host,
        port=read.port,
        interface=Interfaces.ASGI,
        backlog=BACKLOG,
        log_access=False,
        respawn_failed_workers=True,
    ).serve()
