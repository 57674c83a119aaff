"""A seller's Drive on loopback: the stand-in behind real HTTP, the real adapter before it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from google.auth.crypt import RSASigner

from domain.breaker import Breakers
from domain.budget import Buckets
from domain.place import WB_TOTAL, Kind, Place
from domain.ports import Allowance
from domain.sheet_port import Effect, TabState, Target, Written
from domain.snapshot import MOSCOW, Period, PlaceColumns, Snapshot
from infrastructure.google import principal
from infrastructure.google.client import Addresses
from infrastructure.google.credentials import SCOPES, Account, Robot, account
from infrastructure.google.principal import Principal
from infrastructure.google.sheets import GoogleSheets, Means, threads
from sandbox.google import Drive, Tab
from sandbox.google.accounts import Accounts, ServiceAccount
from sandbox.google.reading.conditions import Conditions
from tests.infrastructure.loopback import standing

MORNING = datetime(2026, 11, 23, 7, 40, tzinfo=MOSCOW)
DEADLINE = datetime(2026, 11, 24, 10, 0, tzinfo=MOSCOW)
GARDEN = Place(key="seller:7", kind=Kind.SELLER, name="Склад на Садовой", number=2)
WB = replace(WB_TOTAL, number=1)


class Budget(Buckets):
    """Plenty of calls; `before_write` is a moment between a read and the write after it."""

    def __init__(self) -> None:
        super().__init__()
        self.before_write: Callable[[], None] | None = None
        self.waited = 0.0

    async def wait(self, seconds: float) -> None:
        """Nobody waits in a test."""
        self.waited += seconds

    async def take(self, *of: Allowance, cost: int = 1) -> float:
        if self.before_write and any(each.what == "writes" for each in of):
            act, self.before_write = self.before_write, None
            act()
        return await super().take(*of, cost=cost)


class Desk:
    """Her file, our adapter, and what was kept from the last write."""

    def __init__(
        self, drive: Drive, sheets: GoogleSheets, budget: Budget, breaker: Breakers
    ) -> None:
        self.drive, self.sheets, self.budget, self.breaker = drive, sheets, budget, breaker
        self.file = drive.create("Поставки", "olga@example.com")
        self.file.share(sheets.address)
        self.target = Target(
            spreadsheet_id=self.file.id,
            shop_id=uuid4(),
            title="Stock Tracker",
            language="ru",
            deadline=DEADLINE,
        )
        self.state: TabState | None = None
        self.effect = Effect()
        self.snapshots: dict[UUID, Snapshot] = {}

    async def sync(self, snapshot: Snapshot) -> Written:
        """Write it as a run does: the state is kept before calls and after the last one.

        The same snapshot once more is that of a run that goes on after a crash.
        """
        new = next((at for at, held in self.snapshots.items() if held == snapshot), uuid4())
        self.snapshots[new] = snapshot
        held = self.state and self.snapshots.get(self.state.snapshot_id)
        old = (self.state.snapshot_id, held) if self.state and held else None
        written = await self.sheets.write(self.target, (new, snapshot), old, self.state, self.keep)
        self.state = written.state
        return written

    async def keep(self, state: TabState, effect: Effect) -> None:
        self.state, self.effect = state, effect

    @property
    def tab(self) -> Tab:
        return Tab(self.file, self.target.title)

    def calls(self) -> tuple[int, int]:
        """Reads and writes since the last question."""
        counted = self.drive.calls.count("Read"), self.drive.calls.count("Write")
        self.drive.calls.reset()
        return counted

    def sent(self) -> int:
        """Bytes of the last write."""
        return next(c.received for c in reversed(self.drive.calls.made) if c.kind == "Write")

    def row(self, nm_id: int, columns: int = 15) -> list[Any]:
        """The cells beside a product's key, wherever it stands."""
        row = self.tab.column(3).index(nm_id)
        return [self.tab.value(row, column) for column in range(columns)]

    def everything(self) -> dict[str, Any]:
        """All cells with their notes and looks, to compare a tab with itself."""
        sheet = self.tab.sheet
        return {
            (row, column): (sheet.cell(row, column), sheet.format(row, column))
            for row in range(sheet.used()[0])
            for column in range(sheet.columns)
        } | {at: (sheet.cell(*at), note) for at, note in sheet.notes.items()}

    def looks(self, row: int, column: int) -> list[dict[str, Any]]:
        """The conditional formats that hold for a cell now."""
        sheet = self.tab.sheet
        conditions = Conditions(sheet, self.file.seen())
        rules = [(rule.body["booleanRule"], span) for rule in sheet.rules for span in rule.spans]
        return [
            body["format"]
            for body, span in rules
            if span.top <= row < span.bottom
            and span.left <= column < span.right
            and conditions.holds(body["condition"], span, row, column)
        ]


@cache
def robot() -> ServiceAccount:
    """One key for all tests: making it takes longer than most of them."""
    return Accounts().service()


@cache
def signer() -> RSASigner:
    """Reading the key, which proves it anew, takes as long as the rest of a short test."""
    return RSASigner.from_string(robot().private_key)


def signing(ours: Account) -> Principal:
    """As `principal.robot`, with a key that is read already."""

    def sign() -> Robot:
        return Robot(signer(), ours.address, ours.key["token_uri"], scopes=SCOPES)

    return replace(principal.robot(ours), sign=sign)


@asynccontextmanager
async def open_desk(locale: str = "ru_RU", zone: str = "Europe/Moscow") -> AsyncIterator[Desk]:
    """A shared, empty file."""
    drive = Drive(clock=lambda: MORNING)
    drive.accounts.services[robot().email] = robot()
    budget, breaker = Budget(), Breakers(lambda: MORNING)
    async with standing(drive) as address:
        key = drive.accounts.service().key(address)
        here = Addresses(sheets=address, drive=address)
        means = Means(
            threads=threads(),
            budget=budget,
            breaker=breaker,
            clock=lambda: MORNING.astimezone(UTC),
            addresses=here,
            sleep=budget.wait,
        )
        sheets = GoogleSheets(signing(account(key)), means)
        desk = Desk(drive, sheets, budget, breaker)
        desk.file.book.locale, desk.file.book.zone = locale, zone
        yield desk
        sheets.close()
        means.threads.shutdown(wait=False)


def snapshot(
    *rows: tuple[Any, ...], places: tuple[Place, ...] = (WB, GARDEN), day: int = 23
) -> Snapshot:
    """Rows of (nmID, brand, subject, SKU, to buyer, returns, then stock and orders by place)."""
    ordered = sorted(rows)
    columns = list(zip(*ordered, strict=True)) or [()] * (6 + 2 * len(places))
    nm_ids, brands, subjects, skus, to_client, returns = columns[:6]
    by_place = [
        PlaceColumns(place=place, stock=columns[6 + 2 * k], orders=columns[7 + 2 * k])
        for k, place in enumerate(places)
    ]
    tops = [each for each in by_place if each.place.kind is not Kind.WB_NAMED]
    return Snapshot(
        taken_at=MORNING + timedelta(days=day - 23),
        period=Period(first=date(2026, 11, day - 7), last=date(2026, 11, day - 1)),
        nm_ids=nm_ids,
        brands=brands,
        subjects=subjects,
        skus=skus,
        to_client=to_client,
        returns=returns,
        orders=tuple(map(total, zip(*(each.orders for each in tops), strict=True))),
        stock=tuple(map(total, zip(*(each.stock for each in tops), strict=True))),
        places=tuple(by_place),
    )


def total(parts: tuple[int | None, ...]) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None
