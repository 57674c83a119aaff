"""At which step of Start a shop stands: read off the tables, so one may leave and come back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import DateTime, Text, Uuid, column, select, table

from app.read_models import Database, Remarked
from app.stock.read import ShopRow
from domain.access import TenantScope
from domain.fact import fact
from domain.table.refusals import REFUSALS


class Step(StrEnum):
    """How a step is drawn."""

    DONE = "done"
    NOW = "now"
    ERROR = "error"
    LATER = "later"


class Seen(Remarked, Protocol):
    """The newest run of a shop, as much of it as is shown here."""

    @property
    def progress(self) -> Mapping[str, Any] | None: ...
    @property
    def result(self) -> Mapping[str, Any] | None: ...


@fact
class Steps:
    """`written`: when the sheet was filled, None before the first time."""

    token: Step
    sheet: Step
    schedule: Step
    written: datetime | None


@fact
class Part:
    """A part of a sync: `state` is a run's state, or `later`."""

    name: str
    state: str


PARTS: Mapping[str, tuple[tuple[str, ...], int]] = {
    "cards": (("cards",), 10),
    "stock": (("wb_stock", "seller_stock"), 30),
    "orders": (("orders",), 70),
    "sheet": (("snapshot", "sheet"), 90),
}
"""What a run says of itself, in its order, and how far it usually is by then, in per cent."""

_tabs = table(
    "sheet_tabs",
    column("shop_id", Uuid),
    column("spreadsheet_id", Text),
    column("written_at", DateTime(timezone=True)),
)


async def written(database: Database, scope: TenantScope, shop: ShopRow) -> datetime | None:
    """When this very sheet was written last."""
    query = select(_tabs.c.written_at).where(
        _tabs.c.shop_id == shop.shop_id, _tabs.c.spreadsheet_id == shop.spreadsheet_id
    )
    async with database.reading(scope) as connection:
        found: datetime | None = (await connection.execute(query)).scalar()
    return found


def steps(shop: ShopRow | None, filled: datetime | None) -> Steps:
    """Without a shop it begins; a broken one stands where a person has to do something."""
    if shop is None:
        return Steps(token=Step.NOW, sheet=Step.LATER, schedule=Step.LATER, written=None)
    of_sheet = shop.broken in REFUSALS
    token = Step.ERROR if shop.broken and not of_sheet else Step.DONE
    if shop.spreadsheet_id is None:
        return Steps(token=token, sheet=Step.NOW, schedule=Step.LATER, written=None)
    return Steps(
        token=token,
        sheet=Step.ERROR if of_sheet else Step.DONE,
        schedule=Step.DONE if filled else Step.NOW,
        written=filled,
    )


def percent(run: Seen) -> int:
    """How far it is: what it counts itself, within the usual share of the part it is at."""
    if run.state == "succeeded":
        return 100
    told = run.progress or {}
    names = list(PARTS)
    at = _part(str(told.get("step", "")))
    if at is None:
        return 0
    begin = PARTS[at][1]
    end = 100 if at == names[-1] else PARTS[names[names.index(at) + 1]][1]
    done, total = told.get("done", 0), told.get("total")
    share = min(done / total, 1) if total else 0
    return round(begin + (end - begin) * share)


def parts(run: Seen) -> Sequence[Part]:
    """What is behind it, what it is at, and what comes. Of one that ended before it said where it
    was, nothing is known of any part."""
    at = _part(str((run.progress or {}).get("step", "")))
    names = list(PARTS)
    if run.state == "succeeded":
        return [Part(name=name, state="succeeded") for name in names]
    place = names.index(at) if at else 0 if run.state == "running" else -1
    return [Part(name=name, state=_state(n, place, run.state)) for n, name in enumerate(names)]


def chosen(mine: Sequence[ShopRow], wanted: str | None) -> ShopRow | None:
    """The shop of the address; else the first that is not ready, or the first. `new` is none."""
    if wanted == "new" or not mine:
        return None
    asked = next((each for each in mine if str(each.shop_id) == wanted), None)
    unready = (each for each in mine if each.spreadsheet_id is None or each.broken)
    return asked or next(unready, mine[0])


def is_going(run: Seen | None, found: Steps) -> bool:
    """Is there anything to wait for?"""
    if run is None:
        return found.sheet is Step.DONE and found.written is None
    return run.state in ("waiting", "running")


def _part(step: str) -> str | None:
    return next((name for name, (told, _) in PARTS.items() if step in told), None)


def _state(n: int, place: int, run: str) -> str:
    if n < place:
        return "succeeded"
    return run if n == place else "later"
