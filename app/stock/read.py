"""The shops table: how facts write it and how callers read it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    DateTime,
    Integer,
    Text,
    Time,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    false,
    func,
    select,
    table,
    true,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql import Select

from app.read_models import Database
from domain.access import TenantScope
from domain.doubt import Seen
from domain.fact import fact
from domain.replenishment import USUAL, Terms
from domain.schedule import CatchUp, Overlap, Schedule, Told, kept


@fact
class ShopRow:
    """One shop as its owner sees it. `name` is a label; without a schedule nothing is next. A
    schedule stands in plain values, as `domain.schedule.Told` has them; `ready_by` is the promised
    hour that `next_run_at` is for; `last_outcome` of `last_slot` is asked, absorbed or skipped.
    While `token_dead` no run is made. `columns_gone`: what she deleted in her sheet, by the names
    that its columns had. `robot` to `herself`: who writes it, as `domain.writer.Writer` has it.
    `doubt`: how the last numbers that looked wrong stand (`held` …) and `doubt_since` when,
    `doubt_at` which reading they are of, and the figures of `doubt.Seen`."""

    tenant_id: UUID
    shop_id: UUID
    name: str
    marketplace: str
    seller_id: str
    token_id: UUID
    token_kind: str
    token_expires_at: datetime | None
    spreadsheet_id: str | None
    cron: str
    zone: str
    ready_hour: time | None
    weekdays: str | None
    catch_up: str
    overlap: str
    next_run_at: datetime | None
    ready_by: datetime | None
    last_slot: datetime | None
    last_outcome: str | None
    broken: str | None
    broken_since: datetime | None
    token_dead: bool | None
    data_tab: bool
    check_tab: bool
    replenishment_tab: bool
    hide_empty: bool
    columns_returned_at: datetime | None
    lead_days: int
    cover_days: int
    pack: int
    safety_days: int
    doubt: str | None
    doubt_since: datetime | None
    doubt_at: datetime | None
    doubt_was: int | None
    doubt_now: int | None
    doubt_lost: int | None
    columns_gone: Sequence[str]
    robot: str | None
    key_address: str | None
    key_id: UUID | None
    consent_id: UUID | None
    herself: bool | None
    connected_at: datetime

    @property
    def schedule(self) -> Schedule:
        """What its people wish."""
        return kept(Told(*(getattr(self, each) for each in Told._fields)))

    @property
    def terms(self) -> Terms:
        """By which it restocks."""
        return Terms(
            lead=self.lead_days, cover=self.cover_days, pack=self.pack, safety=self.safety_days
        )

    @property
    def terms_in_tab(self) -> bool:
        """Do the yellow cells of her tab «Пополнение» decide them?"""
        return self.replenishment_tab and self.spreadsheet_id is not None

    @property
    def seen(self) -> Seen:
        """What looked wrong; nothing but zeros without a doubt."""
        return Seen(was=self.doubt_was or 0, now=self.doubt_now or 0, lost=self.doubt_lost or 0)


_TIME = DateTime(timezone=True)
KEY = ("tenant_id", "shop_id")
SWITCHES: Mapping[str, ColumnElement[bool]] = {
    "data_tab": false(),
    "replenishment_tab": false(),
    "check_tab": true(),
    "hide_empty": false(),
}
"""What may be switched, and how it stands while nobody has."""
TERMS: Mapping[str, int] = {
    "lead_days": USUAL.lead,
    "cover_days": USUAL.cover,
    "pack": USUAL.pack,
    "safety_days": USUAL.safety,
}
"""Columns of `ShopRow.terms`, and what holds while nobody has said so."""
_shops = table(
    "shops",
    *(column(name, Uuid) for name in (*KEY, "token_id", "key_id", "consent_id")),
    *(column(name, Text) for name in ("marketplace", "seller_id", "token_kind", "spreadsheet_id")),
    *(column(name, Text) for name in ("cron", "zone", "weekdays", "catch_up", "overlap", "broken")),
    column("doubt", Text),
    *(column(name, _TIME) for name in ("doubt_since", "doubt_at")),
    *(column(name, BigInteger) for name in ("doubt_was", "doubt_now", "doubt_lost")),
    column("ready_hour", Time),
    column("token_dead", Boolean),
    *(column(name, _TIME) for name in ("token_expires_at", "broken_since", "connected_at")),
    *(column(name, Boolean) for name in SWITCHES),
    *(column(name, Integer) for name in TERMS),
    column("columns_returned_at", _TIME),
    *(column(name, Text) for name in ("robot", "key_address")),
    column("herself", Boolean),
)
_tabs = table(
    "sheet_tabs",
    *(column(name, Uuid) for name in KEY),
    column("spreadsheet_id", Text),
    column("gone", ARRAY(Text)),
)
_promises = table("promises", column("shop_id", Uuid), column("owed", _TIME))
_labels = table("labels", column("tenant_id", Uuid), column("id", Uuid), column("name", Text))
DUE = table(
    "schedules",
    *(column(name, Uuid) for name in KEY),
    *(column(name, _TIME) for name in ("next_run_at", "ready_by", "last_slot")),
    column("last_outcome", Text),
)


# A version without policies may be at work beside this one for a while.
POLICIES = {"catch_up": CatchUp.ONCE.value, "overlap": Overlap.SKIP.value}
SHOPS: Select[tuple[object, ...]] = (
    select(
        *(each for each in _shops.c if each.name not in (*POLICIES, *SWITCHES, *TERMS)),
        *(func.coalesce(_shops.c[name], usual).label(name) for name, usual in SWITCHES.items()),
        *(func.coalesce(_shops.c[name], usual).label(name) for name, usual in TERMS.items()),
        func.coalesce(_tabs.c.gone, cast(array([]), ARRAY(Text))).label("columns_gone"),
        *(func.coalesce(_shops.c[name], usual).label(name) for name, usual in POLICIES.items()),
        func.coalesce(_labels.c.name, "").label("name"),
        *(each for each in DUE.c if each.name not in KEY),
    )
    .outerjoin(
        _labels,
        and_(_labels.c.tenant_id == _shops.c.tenant_id, _labels.c.id == _shops.c.shop_id),
    )
    .outerjoin(_tabs, and_(*(_tabs.c[each] == _shops.c[each] for each in (*KEY, "spreadsheet_id"))))
    .outerjoin(DUE, and_(*(DUE.c[each] == _shops.c[each] for each in KEY)))
)
"""Columns of ShopRow, with the row of `DUE` where there is one."""
_ALL = SHOPS.order_by(_shops.c.connected_at, _shops.c.shop_id)
_ONE = SHOPS.where(_shops.c.shop_id == bindparam("shop"))


async def shops(database: Database, scope: TenantScope) -> Sequence[ShopRow]:
    """All of them, in the order they were connected."""
    async with database.reading(scope) as connection:
        rows = await connection.execute(_ALL)
    return [ShopRow(**row) for row in rows.mappings()]


async def shop_by_id(database: Database, scope: TenantScope, shop_id: UUID) -> ShopRow | None:
    """None also for another tenant's."""
    async with database.reading(scope) as connection:
        rows = await connection.execute(_ONE, {"shop": shop_id})
    row = rows.mappings().first()
    return None if row is None else ShopRow(**row)


async def overdue(
    database: Database, scope: TenantScope, shop_id: UUID | None, by: datetime
) -> bool:
    """Will an hour have passed by then by which its sheet was to be fresh, and is not yet?"""
    query = select(_promises.c.owed <= by).where(_promises.c.shop_id == shop_id)
    async with database.reading(scope) as connection:
        return bool((await connection.execute(query)).scalar())
