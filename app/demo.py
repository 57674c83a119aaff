"""`make run`: the whole product on one machine, with a marketplace, a Google and a seller to try.

Everything is kept in one folder, so the next run goes on where this one stopped.
"""

import asyncio
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click
from cryptography.fernet import Fernet

from app import settings
from app.demo_seller import EMAIL, PASSWORD, play, told
from app.supervise import Children, Stopped, stop_on_signals
from app.wiring import prepare
from domain.fact import fact
from sandbox.servers import (
    InUse,
    PortTaken,
    ServerFailed,
    Unreachable,
    WrongVersion,
    data_folder,
    ensure_free,
    postgres,
    valkey,
)

ROOT = Path(__file__).parents[1]
SANDBOX_PORT = 8001
HOST = "127.0.0.1"


@fact
class Ports:
    web: int
    sandbox: int


def demonstrate() -> None:
    """Until Ctrl-C, or until a part ends."""
    stop_on_signals()
    try:
        with ExitStack() as held:
            _run(held)
    except (Stopped, KeyboardInterrupt):
        click.echo("\nStopped. `make run` goes on with the same data.")
    except (PortTaken, InUse, ServerFailed, Unreachable, WrongVersion) as no:
        raise click.ClickException(str(no)) from no


def _run(held: ExitStack) -> None:
    folder = data_folder(ROOT)
    ports = Ports(
        web=settings.number("API_PORT", 8000), sandbox=settings.number("SANDBOX_PORT", SANDBOX_PORT)
    )
    ensure_free(ports.web, "API_PORT")
    ensure_free(ports.sandbox, "SANDBOX_PORT")
    servers = _servers(held, folder)
    children = Children()
    held.callback(children.stop)

    def alive() -> None:
        if ended := children.ended():
            name, code = ended
            raise click.ClickException(f"The {name} ended with code {code}: {folder / name}.out")

    sandbox = f"http://{HOST}:{ports.sandbox}"
    with _step("Starting the sandbox: a marketplace and a Google of its own"):
        options = ["--port", str(ports.sandbox), "--data", str(folder / "sandbox")]
        children.start("sandbox", ["sandbox", *options, "--supervised"], {}, folder / "sandbox.out")
        stage = asyncio.run(told(f"{sandbox}/sandbox/stage", alive))
    environ = {
        **servers,
        **_keys(folder / "keys.json"),
        **_neighbours(sandbox, stage),
        "API_HOST": HOST,
        "API_PORT": str(ports.web),
        "LOG_FILE": settings.text("LOG_FILE", "logs/stock_tracker.log"),
    }
    with _step("Bringing the database up to date"):
        asyncio.run(prepare(settings.load(environ)))
    with _step("Starting the web side and the worker"):
        for part in ("web", "worker"):
            command = ["app", "serve", f"--{part}", "--supervised"]
            children.start(part, command, environ, folder / f"{part}.out")
    base = f"http://{HOST}:{ports.web}"
    asyncio.run(play(base, stage, alive))
    _show(base, stage["spreadsheetPage"], environ["LOG_FILE"])
    children.wait()
    alive()


def _servers(held: ExitStack, folder: Path) -> Mapping[str, str]:
    """Ours, unless the environment or .env names real ones."""
    urls = {}
    if not settings.text("DATABASE_URL"):
        with _step("Starting PostgreSQL"):
            urls["DATABASE_URL"] = held.enter_context(postgres(folder / "postgres")).url
    if not settings.text("REDIS_URL"):
        with _step("Starting Valkey"):
            urls["REDIS_URL"] = held.enter_context(valkey(folder / "valkey")).url
    return urls


def _keys(path: Path) -> Mapping[str, str]:
    """Made at the first run and kept: without them the kept data could not be opened."""
    if not path.exists():
        path.touch(mode=0o600)
        keys = {
            "ENCRYPTION_MASTER_KEY": Fernet.generate_key().decode(),
            "SECRET_KEY": secrets.token_urlsafe(48),
        }
        path.write_text(json.dumps(keys))
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def _neighbours(sandbox: str, stage: Mapping[str, Any]) -> Mapping[str, str]:
    marketplace = f"{sandbox}/wildberries"
    return {
        "WILDBERRIES_CONTENT_URL": f"{marketplace}/content-api",
        "WILDBERRIES_ANALYTICS_URL": f"{marketplace}/seller-analytics-api",
        "WILDBERRIES_STATISTICS_URL": f"{marketplace}/statistics-api",
        "WILDBERRIES_MARKETPLACE_URL": f"{marketplace}/marketplace-api",
        "WILDBERRIES_COMMON_URL": f"{marketplace}/common-api",
        "WILDBERRIES_SERVICE_SECRET": stage["serviceSecret"],
        "WILDBERRIES_SPEED": str(stage["speed"]),
        "GOOGLE_SERVICE_ACCOUNT": stage["serviceAccount"],
        "GOOGLE_SHEETS_URL": sandbox,
        "GOOGLE_DRIVE_URL": sandbox,
    }


@contextmanager
def _step(what: str) -> Iterator[None]:
    click.echo(f"{what} … ", nl=False)
    yield
    click.secho("ready", fg="green")


def _show(base: str, sheet: str, log: str) -> None:
    lines = (
        ("The sheet", sheet),
        ("GraphQL explorer", f"{base}/graphql"),
        ("REST reference", f"{base}/docs"),
        ("Health", f"{base}/health"),
        ("Demo login", f"{EMAIL} / {PASSWORD}"),
        ("Log", log),
    )
    click.echo()
    for name, value in lines:
        click.echo(f"  {name:18} {value}")
    click.echo("\nCtrl-C stops everything.")
