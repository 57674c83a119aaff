"""Which of a shop's kept snapshots answers for a moment, and what it holds.

Of each day the last one is kept, and the last two of all; so the answer for a moment may have been
taken some hours before it, and says when.
"""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import DateTime, Integer, LargeBinary, Text, Uuid, column, func, select, table

from app.read_models import Database
from app.stock.read import ShopRow
from domain.access import TenantScope
from domain.both import Both
from domain.errors import Invalid, Unknown
from domain.fact import fact
from domain.snapshot import MOSCOW
from domain.table.words import Words, day


class NothingYet(Unknown):
    """There are no figures of this shop yet: its first sync brings them."""


class NotKept(Invalid):
    """Nothing is kept of that time any more. Name a later one."""


class InTheFuture(Invalid):
    """Nobody knows the figures of the future. Name a day or a time that has come, or leave it out:
    then the newest figures are meant."""


@fact
class Kept:
    """A snapshot that is kept, without what is in it."""

    snapshot_id: UUID
    taken_at: datetime
    products: int


_OLDEST = Words(
    ru="Так давно ничего не сохранено, самое раннее: {day} (Мск). "
    "Назовите этот день или более поздний",
    en="Nothing is kept from so long ago, the earliest: {day} (Moscow). "
    "Name that day or a later one",
)
_snapshots = table(
    "snapshots",
    *(column(name, Uuid) for name in ("shop_id", "snapshot_id")),
    column("taken_at", DateTime(timezone=True)),
    column("products", Integer),
    column("body", LargeBinary),
)
_KEPT = select(_snapshots.c.snapshot_id, _snapshots.c.taken_at, _snapshots.c.products)
_tabs = table(
    "sheet_tabs",
    column("shop_id", Uuid),
    column("spreadsheet_id", Text),
    column("state", LargeBinary),
)


def last_moment(asked: date | datetime | None, now: datetime, field: str) -> datetime:
    """Up to when a snapshot answers: of a day its end, in Moscow. Raises InTheFuture."""
    if asked is None:
        return now
    if isinstance(asked, datetime):
        if asked > now:
            raise InTheFuture(field=field)
        return asked
    if asked > now.astimezone(MOSCOW).date():
        raise InTheFuture(field=field)
    midnight = datetime.combine(asked, time.min, MOSCOW) + timedelta(days=1)
    return midnight.astimezone(UTC) - datetime.resolution


async def kept_at(
    database: Database, scope: TenantScope, shop_id: UUID, until: datetime, field: str
) -> Kept:
    """The newest that is not later. Raises NothingYet, NotKept."""
    taken = _snapshots.c.taken_at
    query = _KEPT.where(_snapshots.c.shop_id == shop_id)
    async with database.reading(scope) as connection:
        newest = query.where(taken <= until).order_by(taken.desc()).limit(1)
        found = (await connection.execute(newest)).mappings().first()
        if found is not None:
            return Kept(**found)
        oldest = (await connection.execute(query.order_by(taken).limit(1))).mappings().first()
    if oldest is None:
        raise NothingYet(field=field)
    raise NotKept(str(_OLDEST.both(day=_day(oldest["taken_at"]))), field=field)


async def kept_since(database: Database, scope: TenantScope, shop_id: UUID) -> datetime | None:
    """When the oldest was taken. None before the first sync."""
    query = select(func.min(_snapshots.c.taken_at)).where(_snapshots.c.shop_id == shop_id)
    async with database.reading(scope) as connection:
        found: datetime | None = (await connection.execute(query)).scalar()
    return found


async def body(
    database: Database, scope: TenantScope, shop_id: UUID, snapshot_id: UUID
) -> bytes | None:
    """As it is stored; None if it is not kept any more."""
    query = select(_snapshots.c.body).where(
        _snapshots.c.shop_id == shop_id, _snapshots.c.snapshot_id == snapshot_id
    )
    async with database.reading(scope) as connection:
        found: bytes | None = (await connection.execute(query)).scalar()
    return found


async def tab(database: Database, scope: TenantScope, shop: ShopRow) -> bytes | None:
    """What is known of the tab in her file, as it is stored; None before the first write."""
    query = select(_tabs.c.state).where(
        _tabs.c.shop_id == shop.shop_id, _tabs.c.spreadsheet_id == shop.spreadsheet_id
    )
    async with database.reading(scope) as connection:
        found: bytes | None = (await connection.execute(query)).scalar()
    return found


def _day(at: datetime) -> Both:
    local = at.astimezone(MOSCOW).date()
    return Both(ru=day(local, "ru"), en=day(local, "en"))
