"""The whole outside world in one process: a marketplace, a Google, a mail server, and a seller to
play with.

`/wildberries/<host>/…` are the marketplace's hosts, Google is at the root, `/sheets` shows the
files to a person, `/mail` what was sent, `/stripe` takes payments, and `GET /sandbox/stage` tells
what the demo needs. State is kept in a folder, but for the mails.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from litestar import Litestar, asgi, get
from litestar.types import Receive, Scope, Send

from sandbox.google import Drive, routers
from sandbox.mail import Mailbox, serving
from sandbox.mail import routers as mail_routers
from sandbox.replay import SELLER, Recording, replaying, token_of
from sandbox.sellers import Spec, World
from sandbox.stripe import SECRET_KEY, WEBHOOK_SECRET, Book, beating, price_list
from sandbox.stripe import load as load_stripe
from sandbox.stripe import routers as stripe_routers
from sandbox.wildberries import app as wildberries
from sandbox.wildberries import tokens

PRODUCTS = 240
FILE = "Остатки 2026"
SAVE_EVERY = 2.0
SPEED = 60
"""Limits of the marketplace pass this much faster, so that a demo need not wait for an hour."""


def stage(folder: Path, base_url: str, recording: Recording | None = None) -> Litestar:
    """The application; `base_url` is where it will be reached. With a recording the marketplace
    says what was captured, and has no other seller."""
    folder.mkdir(parents=True, exist_ok=True)
    world = _world(folder / "world.json")
    drive = _drive(folder / "drive.json")
    robot, client = drive.accounts.service(), drive.accounts.client()
    seller_id, file_id = _cast(folder / "stage.json", world, drive)
    seller, marketplace = _playing(world, seller_id, folder / "world.json", recording)
    mailbox, smtp = Mailbox(), {"port": 0}
    payments = _payments(folder / "stripe.json", base_url)

    @get("/sandbox/stage")
    async def told() -> Mapping[str, Any]:
        return {
            **seller,
            "speed": SPEED,
            "oauthClientId": client.client_id,
            "oauthClientSecret": client.secret,
            "serviceAccount": json.dumps(robot.key(base_url)),
            "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{file_id}/edit",
            "spreadsheetPage": f"{base_url}/sheets/{file_id}",
            "smtpUrl": f"smtp://127.0.0.1:{smtp['port']}",
            "mailPage": f"{base_url}/mail",
            **_how_to_pay(payments),
        }

    @asgi("/wildberries", is_mount=True, copy_scope=True)
    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        await marketplace(scope, receive, send)

    @asynccontextmanager
    async def kept(_app: Litestar) -> AsyncIterator[None]:
        saving = asyncio.create_task(_save_now_and_then(drive, folder / "drive.json"))
        try:
            async with serving(mailbox) as smtp["port"], beating(payments, folder / "stripe.json"):
                yield
        finally:
            saving.cancel()
            drive.save(folder / "drive.json")

    doors = (*routers(drive), *mail_routers(mailbox), *stripe_routers(payments))
    return Litestar(
        route_handlers=[told, mounted, *doors],
        openapi_config=None,
        logging_config=None,
        lifespan=[kept],
    )


def _playing(
    world: World, seller_id: str, keep_in: Path, recording: Recording | None
) -> tuple[dict[str, str], Litestar]:
    """The seller, as the demo connects her, and the marketplace that knows her."""
    if recording:
        secret = tokens.SERVICE_SECRET if recording.about.with_secret else ""
        told = {"seller": SELLER, "token": token_of(recording), "serviceSecret": secret}
        return told, replaying(recording)
    token = tokens.issue(seller_id, kind="base")
    told = {"seller": seller_id, "token": token, "serviceSecret": tokens.SERVICE_SECRET}
    return told, wildberries(world, time.time, speed=SPEED, keep_in=keep_in)


def _payments(path: Path, base_url: str) -> Book:
    payments = Book(url=f"{base_url}/stripe")
    load_stripe(payments, path)
    return payments


def _how_to_pay(payments: Book) -> dict[str, Any]:
    return {
        "stripeUrl": payments.url,
        "stripePage": f"{payments.url}/account",
        "stripeSecretKey": SECRET_KEY,
        "stripeWebhookSecret": WEBHOOK_SECRET,
        "stripePrices": price_list(payments),
    }


def _world(path: Path) -> World:
    if path.exists():
        return World.load(path)
    return World.create(Spec(seed=7, products=PRODUCTS, places=5, lively=True), now=time.time())


def _drive(path: Path) -> Drive:
    drive = Drive()
    if path.exists():
        drive.load(path)
    return drive


def _cast(path: Path, world: World, drive: Drive) -> tuple[str, str]:
    """The demo's seller and her file, also among others; a deleted file is made anew."""
    known = json.loads(path.read_text()) if path.exists() else {}
    if known.get("file") not in drive.files:
        file = drive.create(FILE, drive.person)
        file.share(drive.accounts.service().email)
        known = {"seller": known.get("seller", next(iter(world.sellers))), "file": file.id}
        drive.save(path.with_name("drive.json"))
        path.write_text(json.dumps(known))
    return known["seller"], known["file"]


async def _save_now_and_then(drive: Drive, path: Path) -> None:
    """What a person does to a file must survive a crash; unchanged files are not written."""
    saved = None
    while True:
        await asyncio.sleep(SAVE_EVERY)
        newest = max((file.modified for file in drive.files.values()), default=None)
        now = len(drive.files), newest, len(drive.accounts.consents)
        if now != saved:
            drive.save(path)
            saved = now
