"""What is kept of what a shop's token opens and of how much there is to read."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.read_models import Database
from domain.access import TenantScope
from domain.capability import Capability, Evidence, Known, Listing, Reading, Standing, seen
from domain.events import Rows
from domain.flow import ALL_FED, Stage
from domain.planner import Extent
from domain.ports import Account
from domain.snapshot import MOSCOW, of_today, period
from domain.stock import ShopKey

A_DAY = timedelta(days=1)
"""How long a catalogue that was read whole is good for: a deleted card is silent."""
TRIED = {
    "cards": (Reading.CARDS,),
    "stock": (
        Reading.WB_WAREHOUSES,
        Reading.REMAINS,
        Reading.SELLER_WAREHOUSES,
        Reading.FEED,
        Reading.CABINET,
    ),
    "seller_stock": (Reading.FBS,),
    "orders": (Reading.ORDERS,),
    "supplies": (Reading.SUPPLIES,),
}
"""What each source of an `Account` speaks for."""

KEEP = """
INSERT INTO capabilities
  (tenant_id, shop_id, token_id, reading, standing, evidence, cause, since, checked_at)
SELECT $1, $2, $3, * FROM
  unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[])
ON CONFLICT (tenant_id, shop_id, reading) DO UPDATE SET token_id = excluded.token_id,
  standing = excluded.standing, evidence = excluded.evidence, cause = excluded.cause,
  since = excluded.since, checked_at = excluded.checked_at
"""
# A token that was replaced while a run read tells nothing of the new one: ids of tokens are in the
# order in which they were given (UUIDv7).
KEEP_NEWS = f"{KEEP}WHERE capabilities.token_id <= excluded.token_id"
KEEP_EXTENT = """
INSERT INTO extents (tenant_id, shop_id, cards, sizes, names, listed_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, shop_id) DO UPDATE SET cards = excluded.cards, sizes = excluded.sizes,
  names = excluded.names, listed_at = excluded.listed_at
"""
_KNOWN = text(
    "SELECT reading, standing, evidence, cause, since, checked_at FROM capabilities "
    "WHERE shop_id = :shop AND token_id = :token"
)
_EXTENT = text("SELECT cards, sizes, names, listed_at FROM extents WHERE shop_id = :shop")
# As the book of what moves has it, but for what the next list will tell.
_SUPPLIES = text("""
SELECT count(*) FILTER (WHERE goods) AS goods, count(*) FILTER (
  WHERE shipped_at IS NOT NULL AND warehouse IS NULL AND (read_as IS NOT NULL OR goods)) AS unplaced
FROM (
  SELECT s.*, (counts_until IS NULL OR counts_until >= :day) AND (mark IS DISTINCT FROM read_as
    OR read_at < :since AND (stage = :accepting OR stage = :accepted AND EXISTS (
      SELECT FROM supply_goods g WHERE g.shop_id = s.shop_id AND g.supply_id = s.supply_id
        AND g.coming > 0))) AS goods
  FROM supplies s WHERE shop_id = :shop) found
""").bindparams(accepting=Stage.ACCEPTING, accepted=Stage.ACCEPTED)
_MARKS = text(
    "SELECT source, read_at FROM bookmarks "
    "WHERE shop_id = :shop AND source IN ('cards', 'catalogue', 'all_orders', :fed)"
)


async def known(database: Database, scope: TenantScope, shop_id: UUID, token_id: UUID) -> Known:
    """What was seen with this very token, and how much there was."""
    async with database.reading(scope) as connection:
        told = {"shop": shop_id, "token": token_id}
        rows = (await connection.execute(_KNOWN, told)).mappings().all()
        extent = (await connection.execute(_EXTENT, {"shop": shop_id})).mappings().first()
    found = [
        Capability(
            **{
                **row,
                "reading": Reading(row["reading"]),
                "standing": Standing(row["standing"]),
                "evidence": Evidence(row["evidence"]),
            }
        )
        for row in rows
        if row["reading"] in set(Reading)  # a newer version may know more
    ]
    if extent is None:
        return Known(found)
    listing = None
    if extent["listed_at"] is not None:
        names = {int(key): name for key, name in extent["names"].items()}
        listing = Listing(names=names, read_at=extent["listed_at"])
    return Known(found, listing, cards=extent["cards"], sizes=extent["sizes"])


async def extent(  # noqa: PLR0913, PLR0917 - whose, and what is known of it
    database: Database,
    scope: TenantScope,
    shop_id: UUID,
    known: Known,
    at: datetime,
    since: datetime,
) -> Extent:
    """What a read that begins then finds to read; `since`: what was read later needs no other."""
    async with database.reading(scope) as connection:
        rows = await connection.execute(_MARKS, {"shop": shop_id, "fed": ALL_FED})
        marks = {row.source: row.read_at for row in rows}
        counted = {"shop": shop_id, "day": at.astimezone(MOSCOW).date(), "since": since}
        supplies = (await connection.execute(_SUPPLIES, counted)).one()
    whole, orders, fed = (marks.get(each) for each in ("catalogue", "all_orders", ALL_FED))
    anew = whole is None or "cards" not in marks or at - whole >= A_DAY
    kept = orders is not None and orders.astimezone(MOSCOW).date() > period(at).last
    return Extent(
        cards=known.cards if anew else 0,
        sizes=known.sizes,
        orders_kept=kept,
        fed=fed is not None and of_today(fed, at),
        goods=supplies.goods,
        unplaced=supplies.unplaced,
    )


def news(shop: ShopKey, token_id: UUID, known: Known) -> Rows:
    """What keeps what is new, in two rows at most; of a token that the shop still has."""
    found = known.news()
    rows: list[tuple[str, Sequence[Any]]] = []
    if found:
        rows.append((KEEP_NEWS, _row(shop, token_id, found)))
    if known.grown:
        listing = known.warehouses
        names = json.dumps(dict(listing.names)) if listing else None
        read_at = listing.read_at if listing else None
        row = (shop.tenant, shop.shop, known.cards, known.sizes, names, read_at)
        rows.append((KEEP_EXTENT, row))
    return rows


def tried(shop: ShopKey, token_id: UUID, account: Account, now: datetime) -> Rows:
    """What keeps what a trial of the token has found; what was known of another one goes."""
    causes = dict(account.causes)
    why = {each: "" if each in account.works else causes.get(each, "no_scope") for each in TRIED}
    found = [
        seen(None, reading, Evidence.TRIAL, now, why[source])
        for source, readings in TRIED.items()
        for reading in readings
    ]
    return [(KEEP, _row(shop, token_id, found))]


def _row(shop: ShopKey, token_id: UUID, found: Iterable[Capability]) -> Sequence[Any]:
    columns = zip(
        *(
            (each.reading, each.standing, each.evidence, each.cause, each.since, each.checked_at)
            for each in found
        ),
        strict=True,
    )
    return (shop.tenant, shop.shop, token_id, *(list(column) for column in columns))
