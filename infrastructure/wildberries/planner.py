"""What of Wildberries there is to read, by which calls, and what a token may read of it.

The reader takes its sources from here in their order, and a plan made before it has the same: so
both ask the same calls.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.capability import Capability, Evidence, Known, Reading, Standing
from domain.fact import fact
from domain.planner import Extent, Holder, Need, Option, Step, ranked
from infrastructure.wildberries import cabinet, cards, fbs, limits, reports
from infrastructure.wildberries.claims import is_plain
from infrastructure.wildberries.gateway import Visit
from infrastructure.wildberries.limits import Call
from infrastructure.wildberries.pace import Pace
from infrastructure.wildberries.ration import bucket, gate
from infrastructure.wildberries.remains import pause

CALLS: Mapping[Reading, Call] = {
    Reading.CARDS: limits.CARDS,
    Reading.WB_WAREHOUSES: limits.WB_WAREHOUSES,
    Reading.REMAINS: limits.REMAINS_CREATE,
    Reading.SELLER_WAREHOUSES: limits.SELLER_WAREHOUSES,
    Reading.FBS: limits.WAREHOUSES,
    Reading.ORDERS: limits.ORDERS,
    Reading.FEED: limits.FEED,
    Reading.SUPPLIES: limits.SUPPLIES,
    Reading.CABINET: limits.CABINET,
}
"""The first call of each."""
INFORMATION: Mapping[Reading, int] = {
    Reading.WB_WAREHOUSES: 2,
    Reading.SELLER_WAREHOUSES: 2,
    Reading.ORDERS: 2,
}
"""A report of one moment tells more than one that is made for minutes, or than one call for each
warehouse; orders name warehouses that the feed hides. All others are alone in their part."""
PARTS: Mapping[str, tuple[Reading, ...]] = {
    "cards": (Reading.CARDS,),
    "wb_stock": (Reading.WB_WAREHOUSES, Reading.REMAINS),
    "seller_stock": (Reading.SELLER_WAREHOUSES, Reading.FBS),
    "orders": (Reading.ORDERS, Reading.FEED),
}
"""What a sync reads, in its order, by the words of its progress."""
BESIDE: Mapping[str, tuple[Reading, ...]] = {
    "supplies": (Reading.SUPPLIES,),
    "order_feed": (Reading.FEED,),
    "cabinet": (Reading.CABINET,),
}
"""What the run beside it reads once a day."""
FULL = ("personal", "service")
"""Types of token that may call everything. Who may call what: limits of dev.wildberries.ru,
2026-10-24."""
_SCOPES = {
    Reading.CARDS: "content",
    Reading.ORDERS: "statistics",
    Reading.FBS: "marketplace",
    Reading.SUPPLIES: "supplies",
}


@fact
class Doors:
    """What one token may read, and what that asks."""

    holder: Holder
    with_secret: bool
    pace: Pace

    def capability(self, reading: Reading, known: Known) -> Capability:
        """As the rules, what was seen, and the token itself say, in this order."""
        if not self._by_rules(reading):
            return Capability(reading=reading, standing=Standing.FORBIDDEN, evidence=Evidence.RULES)
        found = known.of(reading)
        if found is not None:
            return found
        scopes = self.holder.scopes
        claimed = scopes is not None and _SCOPES.get(reading, "analytics") in scopes
        standing = Standing.ALLOWED if claimed else Standing.UNKNOWN
        return Capability(reading=reading, standing=standing, evidence=Evidence.CLAIMS)

    def options(
        self, readings: Sequence[Reading], known: Known, extent: Extent, now: datetime
    ) -> tuple[Option, ...]:
        """All ways to read a part, closed ones too."""
        return tuple(self._option(each, known, extent, now) for each in readings)

    def needs(
        self,
        parts: Mapping[str, tuple[Reading, ...]],
        known: Known,
        extent: Extent,
        now: datetime,
    ) -> tuple[Need, ...]:
        """All parts of a read, in its order."""
        return tuple(
            Need(
                part=part,
                options=self.options(readings, known, extent, now),
                kept=extent.orders_kept and Reading.ORDERS in readings,
            )
            for part, readings in parts.items()
        )

    def _by_rules(self, reading: Reading) -> bool:
        match reading:
            case Reading.WB_WAREHOUSES:
                return self.with_secret or self.holder.kind in FULL
            case Reading.SELLER_WAREHOUSES:
                return self.holder.kind in FULL
            case _:
                return True

    def _option(self, reading: Reading, known: Known, extent: Extent, now: datetime) -> Option:
        found = self.capability(reading, known)
        standing = found.standing
        if found.checked_at and standing in (Standing.FORBIDDEN, Standing.OFF):
            if not found.closed(now):
                standing = Standing.ALLOWED  # else a source that is back would never be seen
            elif known.anew:
                standing = Standing.UNKNOWN
        return Option(
            reading=reading,
            standing=standing,
            information=INFORMATION.get(reading, 1),
            steps=tuple(self._steps(reading, known, extent, now)),
        )

    def _steps(
        self, reading: Reading, known: Known, extent: Extent, now: datetime
    ) -> Sequence[Step]:
        own, hers = known.warehouses, len(known.warehouses.names) if known.warehouses else 1
        lists = self._step(limits.WAREHOUSES, int(own is None or not own.fresh(now)))
        match reading:
            case Reading.CARDS:
                steps = [self._step(limits.CARDS, extent.cards // cards.PAGE + 1)]
            case Reading.REMAINS:
                poll = pause(self.pace, plain=self._plain) / self.pace.speed
                steps = [
                    self._step(limits.REMAINS_CREATE),
                    self._step(limits.REMAINS_STATUS, pause=poll),
                    self._step(limits.REMAINS_DOWNLOAD),
                ]
            case Reading.WB_WAREHOUSES:
                steps = [self._step(limits.WB_WAREHOUSES, extent.sizes // reports.PAGE + 1)]
            case Reading.SELLER_WAREHOUSES:
                report = self._step(
                    limits.SELLER_WAREHOUSES, extent.sizes * hers // reports.PAGE + 1
                )
                steps = [report] if known.closed(Reading.FBS, now) else [report, lists]
            case Reading.FBS:
                chunks = -(-extent.sizes // fbs.CHUNK) * hers
                steps = [self._step(limits.WAREHOUSES), self._step(limits.STOCKS, chunks)]
            case Reading.CABINET:
                pages = known.cards // cabinet.PAGE + 1 - extent.pages
                steps = [self._step(limits.CABINET, max(1, pages))]  # or the second look
            case Reading.SUPPLIES:
                steps = [
                    self._step(limits.SUPPLIES, int(not extent.listed)),
                    self._step(limits.SUPPLY_GOODS, extent.goods),
                    self._step(limits.SUPPLY, extent.unplaced),
                ]
            case _:
                steps = [self._step(CALLS[reading])]
        return steps

    def _step(self, call: Call, calls: int = 1, pause: float = 0.0) -> Step:
        seller, speed = self.holder.seller_id, self.pace.speed
        own = bucket(seller, call, plain=self._plain, speed=speed)
        return Step(
            endpoint=call.endpoint, buckets=(own, *gate(self.pace)), calls=calls, pause=pause
        )

    @property
    def _plain(self) -> bool:
        return is_plain(self.holder.kind, with_secret=self.with_secret)


def ranking(visit: Visit, part: str, known: Known, extent: Extent) -> Sequence[Reading]:
    """What may be read for a part, the best first, as a plan of this read has it."""
    claims = visit.claims
    holder = Holder(seller_id=claims.seller_id, kind=claims.kind, scopes=frozenset(claims.scopes))
    doors = Doors(holder=holder, with_secret=visit.with_secret, pace=visit.time.pace)
    options = doors.options(PARTS[part], known, extent, visit.time.now())
    return [Reading(each.reading) for each in ranked(options)]
