"""What the next sync of a shop will ask, and when it can be ready; and what is left of one."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from app.ahead import Ahead
from app.read_models import Database, at_once
from app.stock.capabilities import extent, known
from app.stock.doubting import READINGS, of_day
from app.stock.read import ShopRow
from app.stock.writers import Writers
from app.stock.writing import PEOPLE
from domain.access import TenantScope
from domain.capability import Capability, Standing
from domain.errors import Unavailable
from domain.fact import fact
from domain.flow import Flow
from domain.planner import Holder, Need, Option, Outlook, Plan, Step, plan
from domain.ports import Allowance, Clock
from domain.snapshot import period

SHEET = "sheet"
"""The last part of a sync, which is no reading of the marketplace."""
API = "sheets.googleapis.com"
"""As its breaker is called."""
_STEPS = text("SELECT step FROM run_steps WHERE run_id = :run")
_RUN = text(
    "SELECT source, kind, created_at, CASE WHEN state = 'waiting' THEN due_at END AS due_at "
    "FROM job_runs WHERE run_id = :run AND shop_id = :shop"
)
_LIST, _PAGE = "supplies.list", re.compile(r"cabinet\.\d+")
"""Steps of the run beside the sync that are a part of one."""
BESIDE = {"sync": False, "flows": True}
"""Kinds of runs that read a shop, and which of them does so beside the sync."""
_PART_OF = {
    "cards": "cards",
    "stock.wb-warehouses": "wb_stock",
    "stock.warehouse_remains": "wb_stock",
    "stock.seller-warehouses": "seller_stock",
    "stock.fbs": "seller_stock",
    "orders": "orders",
}
"""Which part of a sync a kept step has done; the parts of the run beside it are called as its
steps."""


@fact
class Planned:
    """A plan, and the moment that its seconds are counted from."""

    at: datetime
    plan: Plan

    def moment(self, seconds: float) -> datetime:
        """As a time."""
        return self.at + timedelta(seconds=seconds)

    @property
    def starts(self) -> datetime:
        """When its first call can be made."""
        return self.moment(self.plan.starts)

    @property
    def ready(self) -> datetime:
        """When the sheet can be written, if every answer comes at once."""
        return self.moment(self.plan.ends)


@fact
class _Asked:
    """A read: when it begins, None at once; does a person ask, who believes no refusal; is it the
    one `beside` the sync; what of it has been read `since`, and which `steps` of it are done."""

    begins: datetime | None
    anew: bool
    beside: bool = False
    since: datetime | None = None
    steps: frozenset[str] = frozenset()

    @property
    def done(self) -> Collection[str | None]:
        """The parts that need no more calls."""
        parts = {_PART_OF.get(each) for each in self.steps}
        whole = _PART_OF.values() if "snapshot" in self.steps else ()
        return {*self.steps, *parts, *whole}

    @property
    def pages(self) -> int:
        """How much of the cabinet's report is there."""
        return sum(_PAGE.fullmatch(each) is not None for each in self.steps)


@fact
class Forecast:
    """For the pages, the API and whoever else asks. `writers` know whose buckets at Google a sheet
    is written from."""

    database: Database
    ahead: Ahead
    writers: Writers
    clock: Clock

    async def capabilities(self, scope: TenantScope, shop: ShopRow) -> Sequence[Capability]:
        """What the shop's token opens, each reading once."""
        seen = await known(self.database, scope, shop.shop_id, shop.token_id)
        holder = Holder(seller_id=shop.seller_id, kind=shop.token_kind)
        return self.ahead.planning.capabilities(holder, seen)

    async def planned(
        self, scope: TenantScope, shop: ShopRow, begins: datetime | None = None
    ) -> Planned | None:
        """Of a sync that begins then, or that a person asks for now; None while the budgets cannot
        be looked at."""
        asked = _Asked(begins=begins, anew=begins is None)
        return await self._planned(scope, shop, asked)

    async def left(self, scope: TenantScope, shop: ShopRow, run_id: UUID) -> Planned | None:
        """Of a sync of this shop under way, or of the run that reads what moves: what it has not
        done yet. None for any other."""
        async with self.database.reading(scope) as connection:
            steps = (await connection.execute(_STEPS, {"run": run_id})).scalars().all()
            told = {"run": run_id, "shop": shop.shop_id}
            run = (await connection.execute(_RUN, told)).first()
        if run is None or run.kind not in BESIDE:
            return None
        if READINGS in steps:  # all is read once more
            steps = []
        today, tokens = of_day("", period(self.clock()).last), ("", str(shop.token_id))
        named = [str(each).removeprefix(today).partition("@") for each in steps]
        asked = _Asked(
            begins=run.due_at,
            anew=run.source in PEOPLE and not BESIDE[run.kind],
            beside=BESIDE[run.kind],
            since=run.created_at,
            steps=frozenset(step for step, _, token in named if token in tokens),
        )
        return await self._planned(scope, shop, asked)

    async def _planned(self, scope: TenantScope, shop: ShopRow, asked: "_Asked") -> Planned | None:
        now = self.clock()
        begins = max(now, asked.begins or now)
        async with at_once(self.database, scope) as database:
            seen = await known(database, scope, shop.shop_id, shop.token_id)
            seen.anew = asked.anew
            since = asked.since or begins
            much = await extent(database, scope, shop.shop_id, seen, begins, since)
        much = replace(much, listed=_LIST in asked.steps, pages=asked.pages)
        holder = Holder(seller_id=shop.seller_id, kind=shop.token_kind)
        needs = self.ahead.planning.needs(holder, seen, much, begins, beside=asked.beside)
        sheet = () if asked.beside else writing(self.writers.spends(shop))
        done = {*asked.done, *((Flow.FEED,) if much.fed else ())}
        wanted = [each for each in (*needs, *sheet) if each.part not in done]
        try:
            outlook = await self._outlook(wanted, now)
        except Unavailable:
            return None
        return Planned(at=now, plan=plan(wanted, outlook, (begins - now).total_seconds()))

    async def _outlook(self, needs: Sequence[Need], now: datetime) -> Outlook:
        found = {b.key: b for n in needs for o in n.options for s in o.steps for b in s.buckets}
        levels = await self.ahead.budget.levels(list(found.values()))
        opened = await self.ahead.breaker.open_breakers()
        away = {each.endpoint: (each.until - now).total_seconds() for each in opened}
        return Outlook(levels=dict(zip(found, levels, strict=True)), away=away)


def writing(allowances: Sequence[Allowance]) -> Sequence[Need]:
    """What a changed sheet asks of Google: one read and one write."""
    if not allowances:
        return ()
    steps = tuple(
        Step(endpoint=API, buckets=tuple(each for each in allowances if each.what.endswith(kind)))
        for kind in ("reads", "writes")
    )
    only = Option(reading=SHEET, standing=Standing.ALLOWED, information=1, steps=steps)
    return (Need(part=SHEET, options=(only,)),)
