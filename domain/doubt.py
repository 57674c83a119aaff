"""New numbers that look like a fault of the marketplace: held back until something speaks for them.

A part of the shop, so its facts stand in the tenant's stream too. What speaks for a fall: a second
reading that says the same, or a person of the shop. What speaks against it: the next reading.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias, assert_never
from uuid import UUID

from domain.errors import Refused
from domain.fact import fact
from domain.place import Kind
from domain.snapshot import Column, Snapshot

AGAIN = timedelta(minutes=30)
"""After that the marketplace is read again: as often as it makes its reports anew."""
FEWEST_PIECES = 50
"""A shop that lost less than this has just sold it, however little is left."""
FEWEST_PRODUCTS = 10
"""So many products, and a tenth of those at the marketplace, have to be lost to be a fault: one
that is taken out of its warehouses leaves the answer too."""
OLDEST = timedelta(days=3)
"""With an older snapshot nothing is compared: in that time a shop may have sold out."""
TENTH = 10


@fact
class Seen:
    """Pieces there were and are, over the same known figures, and how many products the new answer
    does not speak of, though they had stock and their cards are there."""

    was: int
    now: int
    lost: int

    def same(self, other: "Seen") -> bool:
        """Do two readings tell of one fall? A tenth apart they may be: people go on buying."""
        pieces = max(abs(self.was - other.was), abs(self.now - other.now))
        return pieces * TENTH <= max(self.was, other.was) and abs(
            self.lost - other.lost
        ) * TENTH <= max(self.lost, other.lost)


def doubted(new: Snapshot, good: Snapshot | None, cards: Collection[int]) -> Seen | None:
    """What is wrong with `new`, beside the last good snapshot; None where nothing is. `cards`: the
    nmIDs of the catalogue."""
    if good is None or new.taken_at - good.taken_at > OLDEST:
        return None
    if (new.nm_ids, new.stock) == (good.nm_ids, good.stock):
        return None
    old, fresh = _by_product(good, good.stock), _by_product(new, new.stock)
    was = sum(n for nm, n in old.items() if n and fresh.get(nm, 0) is not None)
    now = sum(n for nm, n in fresh.items() if n and old.get(nm, 0) is not None)
    stored = [nm for nm, n in _at_wb(good).items() if n and nm in cards]
    lost = _lost(new, stored) if stored else 0
    half = 2 * now < was and was - now >= FEWEST_PIECES
    many = lost >= FEWEST_PRODUCTS and lost * TENTH > len(stored)
    return Seen(was=was, now=now, lost=lost) if half or many else None


def _lost(new: Snapshot, stored: Collection[int]) -> int:
    """Of these products, those that no answer knows. Every source leaves out what it has nothing
    of, so a zero alone means nothing; but what is sold is on its way to a buyer before it is gone,
    and stands in the marketplace's own report for as long. The seller's own stock does not count:
    she writes it down as she likes."""
    at_wb = _at_wb(new)
    rows = {nm: n for n, nm in enumerate(new.nm_ids)} if at_wb else {}
    gone = [rows.get(nm) for nm in stored if at_wb and not at_wb.get(nm, 0)]
    columns = (new.stock, new.to_client, new.returns)
    return sum(row is None or all(column[row] == 0 for column in columns) for row in gone)


def _at_wb(snapshot: Snapshot) -> dict[int, int | None]:
    """By product, all that the marketplace itself holds; nothing where that was not read."""
    column = next((p.stock for p in snapshot.places if p.place.kind is Kind.WB_TOTAL), ())
    return {} if None in column else _by_product(snapshot, column)


def _by_product(snapshot: Snapshot, column: Column) -> dict[int, int | None]:
    return dict(zip(snapshot.nm_ids, column, strict=False))


# What can happen


class Because(StrEnum):
    """Why somebody accepts numbers that look wrong."""

    TAKEN_AWAY = "taken_away"
    SOLD = "sold"
    CHECKED = "checked"


@fact
class NumbersHeldBack:
    """A reading of `at` looks wrong; the sheet goes on showing what it shows."""

    shop_id: UUID
    at: datetime
    was: int
    now: int
    lost: int


@fact
class NumbersConfirmed:
    """A second reading, of `at`, says the same: it is so."""

    shop_id: UUID
    at: datetime
    was: int
    now: int
    lost: int


@fact
class NumbersAccepted:
    """A person says that it is so."""

    shop_id: UUID
    because: Because
    was: int
    now: int
    lost: int


@fact
class NumbersBack:
    """The next reading was as usual: the answer had been wrong."""

    shop_id: UUID


Event: TypeAlias = NumbersHeldBack | NumbersConfirmed | NumbersAccepted | NumbersBack


# What we remember


class Standing(StrEnum):
    """What became of a doubt."""

    HELD = "held"
    CONFIRMED = "confirmed"
    ACCEPTED = "accepted"


@fact
class Doubt:
    """The last one: what was seen `at` which reading, and how it stands."""

    seen: Seen
    at: datetime
    standing: Standing


def evolve(doubt: Doubt | None, event: Event) -> Doubt | None:
    match event:
        case NumbersHeldBack() | NumbersConfirmed():
            seen = Seen(was=event.was, now=event.now, lost=event.lost)
            held = isinstance(event, NumbersHeldBack)
            standing = Standing.HELD if held else Standing.CONFIRMED
            return Doubt(seen=seen, at=event.at, standing=standing)
        case NumbersAccepted():
            return replace(doubt, standing=Standing.ACCEPTED) if doubt else None
        case NumbersBack():
            return None
        case _:
            assert_never(event)


# What may be asked


@fact
class ReportReading:
    """What a reading of `at` looks like beside the last good one, of `good_at`."""

    shop_id: UUID
    at: datetime
    good_at: datetime | None
    seen: Seen | None


@fact
class AcceptNumbers:
    shop_id: UUID
    because: Because


Command: TypeAlias = ReportReading | AcceptNumbers


# How we answer


class NothingHeldBack(Refused):
    """No numbers of this shop are held back. They may have been accepted already."""


def decide(doubt: Doubt | None, command: Command) -> Iterator[Event]:
    match command:
        case ReportReading():
            yield from _read(doubt, command)
        case AcceptNumbers(shop_id=shop_id, because=because):
            if doubt is None or doubt.standing is not Standing.HELD:
                raise NothingHeldBack(field="shopId")
            seen = doubt.seen
            yield NumbersAccepted(
                shop_id=shop_id, because=because, was=seen.was, now=seen.now, lost=seen.lost
            )
        case _:
            assert_never(command)


def _read(doubt: Doubt | None, command: ReportReading) -> Iterator[Event]:
    """A doubt that a good snapshot came after speaks for nothing any more."""
    shop_id, at, good_at, seen = command.shop_id, command.at, command.good_at, command.seen
    if seen is None:
        if doubt and doubt.standing is Standing.HELD:
            yield NumbersBack(shop_id=shop_id)
        return
    figures = {"was": seen.was, "now": seen.now, "lost": seen.lost}
    if doubt is None or (good_at and good_at >= doubt.at) or not doubt.seen.same(seen):
        yield NumbersHeldBack(shop_id=shop_id, at=at, **figures)
    elif doubt.standing is Standing.HELD and at - doubt.at >= AGAIN:
        yield NumbersConfirmed(shop_id=shop_id, at=at, **figures)
