"""What a shop's token opens: each reading of the marketplace allowed, forbidden or switched off.

The marketplace's rules for a type of token are known beforehand; all else is what was seen, when
the token was connected and at each call since. A refusal is not met twice within an hour.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.fact import fact

RECHECK = timedelta(hours=1)
"""How long a refusal is believed."""
LISTED = timedelta(days=1)
"""How long a list of the seller's warehouses is good for."""
SWITCHED_OFF = "method_off"
"""The cause that says that a method is closed to everybody."""


class Reading(StrEnum):
    """What is read of a marketplace, by stable words; those of stock are `place.Source` too."""

    CARDS = "cards"
    WB_WAREHOUSES = "wb-warehouses"
    REMAINS = "warehouse_remains"
    SELLER_WAREHOUSES = "seller-warehouses"
    FBS = "fbs"
    ORDERS = "supplier/orders"
    FEED = "order-feed"
    SUPPLIES = "supplies"
    CABINET = "stocks-report"


class Standing(StrEnum):
    """May it be read?"""

    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"
    OFF = "off"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """How that is known: by the rules for this type of token, by the categories that it claims, by
    a trial when it was connected, by an answer to a sync."""

    RULES = "rules"
    CLAIMS = "claims"
    TRIAL = "trial"
    ANSWER = "answer"


@fact
class Capability:
    """How one reading stands. `cause`: of a refusal, a stable word. `since` it stands so, as far as
    was seen, and when that was looked at last; None for what follows from rules and claims."""

    reading: Reading
    standing: Standing
    evidence: Evidence
    cause: str = ""
    since: datetime | None = None
    checked_at: datetime | None = None

    def closed(self, now: datetime) -> bool:
        """Is it a refusal that is still believed?"""
        refused = self.standing in (Standing.FORBIDDEN, Standing.OFF)
        if not refused or self.checked_at is None:
            return refused
        return now < self.checked_at + RECHECK


@fact
class Listing:
    """The seller's own warehouses, their names by id, as of then."""

    names: Mapping[int, str]
    read_at: datetime

    def fresh(self, now: datetime) -> bool:
        """Is it so new that it is not read again?"""
        return now < self.read_at + LISTED


class Known:
    """What is known of one shop's readings, and of how much there is, while it is read. What is new
    is kept afterwards. `cards` and `sizes` are those of the whole catalogue."""

    def __init__(
        self,
        capabilities: Iterable[Capability] = (),
        warehouses: Listing | None = None,
        *,
        cards: int = 0,
        sizes: int = 0,
    ) -> None:
        self._before = {each.reading: each for each in capabilities}
        self._seen: dict[Reading, Capability] = {}
        self.warehouses = warehouses
        """The last list of the seller's own."""
        self.cards, self.sizes = cards, sizes
        self.anew = False
        """Did a person ask? She may have mended something: no refusal is believed."""
        self.grown = False
        """Is there a newer list, or another number of cards?"""

    def of(self, reading: Reading) -> Capability | None:
        """None for what nobody has tried yet."""
        return self._seen.get(reading) or self._before.get(reading)

    def closed(self, reading: Reading, now: datetime) -> Capability | None:
        """The refusal that is still believed, if there is one."""
        found = None if self.anew else self.of(reading)
        return found if found and found.closed(now) else None

    def saw(self, reading: Reading, now: datetime, cause: str = "") -> Capability:
        """It answered; or it refused, because of `cause`."""
        self._seen[reading] = seen(self.of(reading), reading, Evidence.ANSWER, now, cause)
        return self._seen[reading]

    def news(self) -> list[Capability]:
        """What was seen and is worth keeping: a change, or the first look for an hour."""
        return [
            each for each in self._seen.values() if _is_news(self._before.get(each.reading), each)
        ]

    def listed(self, names: Mapping[int, str], now: datetime) -> None:
        """Her own warehouses were read."""
        self.warehouses, self.grown = Listing(names=names, read_at=now), True

    def counted(self, cards: int, sizes: int) -> None:
        """The catalogue is known whole."""
        self.grown |= (cards, sizes) != (self.cards, self.sizes)
        self.cards, self.sizes = cards, sizes


def seen(
    before: Capability | None, reading: Reading, evidence: Evidence, now: datetime, cause: str = ""
) -> Capability:
    """What a look found, after what was known before."""
    standing = Standing.OFF if cause == SWITCHED_OFF else Standing.FORBIDDEN
    found = Capability(
        reading=reading,
        standing=standing if cause else Standing.ALLOWED,
        evidence=evidence,
        cause=cause,
        since=now,
        checked_at=now,
    )
    if before is None or before.since is None or before.standing is not found.standing:
        return found
    return replace(found, since=before.since)


def _is_news(before: Capability | None, now: Capability) -> bool:
    if before is None or before.checked_at is None or now.checked_at is None:
        return True
    same = (before.standing, before.cause, before.evidence) == (
        now.standing,
        now.cause,
        now.evidence,
    )
    return not same or now.checked_at - before.checked_at >= RECHECK
