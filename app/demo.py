"""`make run`: the whole product on one machine, with a marketplace, a Google, a mail server and a
seller to try.

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
from app.demo_people import OPERATOR, PASSWORD, SELLER, hook, play, told
from app.supervise import Children, Stopped, stop_on_signals
from domain.errors import Refused
from domain.fact import fact
from sandbox.servers import (
    InUse,
    PortTaken,
    ServerFailed,
    Unreachable,
    Unusable,
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


class OnePort(Refused):
    """API_PORT and SANDBOX_PORT are the same. Give each a port of its own."""


def demonstrate() -> None:
    """Until Ctrl-C, or until a part does not stay up."""
    stop_on_signals()
    try:
        with ExitStack() as held:
            _run(held)
    except (Stopped, KeyboardInterrupt):
        click.echo("\nStopped. `make run` goes on with the same data.")
    except (PortTaken, InUse, ServerFailed, Unreachable, Unusable, WrongVersion) as no:
        raise click.ClickException(str(no)) from no


def _run(held: ExitStack) -> None:
    ports = _ports()
    own = not (settings.text("DATABASE_URL") and settings.text("REDIS_URL"))
    folder = data_folder(ROOT, for_servers=own)
    children = Children()
    held.callback(children.stop)
    sandbox = f"http://{HOST}:{ports.sandbox}"
    options = ["--port", str(ports.sandbox), "--data", str(folder / "sandbox"), "--supervised"]
    children.start("sandbox", ["sandbox", *options], {}, folder / "sandbox.out")
    servers = _servers(held, folder, children)
    held.callback(children.stop)  # once more: before the servers end
    with _step("Starting the sandbox: a marketplace, a Google, a Stripe, a mail server"):
        # long, and the sandbox is starting anyway
        from app.demo_operator import operate  # noqa: PLC0415
        from app.wiring import prepare  # noqa: PLC0415

        stage = asyncio.run(told(f"{sandbox}/sandbox/stage", children.revive))
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
    asyncio.run(hook(stage, f"{base}/webhooks/stripe"))
    asyncio.run(play(base, stage, children.revive))
    asyncio.run(operate(settings.load(environ), base))
    _show(base, stage, environ["LOG_FILE"])
    children.keep()


def _ports() -> Ports:
    """Free ones. PORT beats API_PORT, as for the web side itself."""
    web = settings.number("PORT", settings.number("API_PORT", 8000))
    ports = Ports(web=web, sandbox=settings.number("SANDBOX_PORT", SANDBOX_PORT))
    if ports.web == ports.sandbox:
        raise OnePort
    ensure_free(ports.web, "PORT" if settings.text("PORT") else "API_PORT")
    ensure_free(ports.sandbox, "SANDBOX_PORT")
    return ports


def _servers(held: ExitStack, folder: Path, children: Children) -> Mapping[str, str]:
    """Ours, unless the environment or .env names real ones."""
    urls = {}
    for variable, name, start in (
        ("DATABASE_URL", "PostgreSQL", postgres),
        ("REDIS_URL", "Valkey", valkey),
    ):
        if not settings.text(variable):
            with _step(f"Starting {name}"):
                server = held.enter_context(start(folder / name.lower()))
            children.watch(server)
            urls[variable] = server.url
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
        "WILDBERRIES_SUPPLIES_URL": f"{marketplace}/supplies-api",
        "WILDBERRIES_SERVICE_SECRET": stage["serviceSecret"],
        "WILDBERRIES_SPEED": str(stage["speed"]),
        "GOOGLE_SERVICE_ACCOUNT": stage["serviceAccount"],
        "GOOGLE_SHEETS_URL": sandbox,
        "GOOGLE_DRIVE_URL": sandbox,
        "GOOGLE_OAUTH_CLIENT_ID": stage["oauthClientId"],
        "GOOGLE_OAUTH_CLIENT_SECRET": stage["oauthClientSecret"],
        "GOOGLE_ACCOUNTS_URL": sandbox,
        "GOOGLE_OAUTH_URL": sandbox,
        "SMTP_URL": stage["smtpUrl"],
        "MAIL_FROM": "Stock Tracker <robot@stock-tracker.example>",
        "STRIPE_URL": stage["stripeUrl"],
        "STRIPE_SECRET_KEY": stage["stripeSecretKey"],
        "STRIPE_WEBHOOK_SECRET": stage["stripeWebhookSecret"],
        **{
            f"STRIPE_PRICE_{plan.upper()}": ",".join(prices)
            for plan, prices in stage["stripePrices"].items()
        },
    }


@contextmanager
def _step(what: str) -> Iterator[None]:
    click.echo(f"{what} … ", nl=False)
    yield
    click.secho("ready", fg="green")


def _show(base: str, stage: Mapping[str, Any], log: str) -> None:
    lines = (
        ("The sheet", stage["spreadsheetPage"]),
        ("Mails", stage["mailPage"]),
        ("Console", base),
        ("GraphQL explorer", f"{base}/graphql"),
        ("REST reference", f"{base}/docs"),
        ("Health", f"{base}/health"),
        ("Sign in as a seller", f"{SELLER.email} / {PASSWORD}"),
        ("… as the operator", f"{OPERATOR.email} / {PASSWORD}"),
        ("Log", log),
    )
    click.echo()
    for name, value in lines:
        click.echo(f"  {name:20} {value}")
    click.echo("\nCtrl-C stops everything.")
