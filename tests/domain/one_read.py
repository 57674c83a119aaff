"""One read of a marketplace, in few words: what the specifications of snapshots are told in."""

from datetime import UTC, datetime

from domain.place import Kind, Place
from domain.snapshot import period
from domain.stock import Card, OrderCount, StockRead
from domain.taking import take

NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
WEEK = period(NOW)
MINSK = Place(key="wb:Минск", kind=Kind.WB_NAMED, name="Минск")
SADOVAYA = Place(key="seller:5", kind=Kind.SELLER, name="Склад на Садовой")
TVER = Place(key="seller:6", kind=Kind.SELLER, name="Тверь")
TOWEL = Card(nm_id=101, brand="Лён и Ко", subject="Полотенца", sku="LN-70/140")


def read(places=None, *, gaps=(), to_client=None, returns=None) -> StockRead:
    return StockRead(
        at=NOW, places=places or {}, to_client=to_client or {}, returns=returns or {}, gaps=gaps
    )


def ordered(nm_id, warehouse="Склад WB РФ", pieces=1, *, by_seller=False) -> OrderCount:
    return OrderCount(nm_id=nm_id, by_seller=by_seller, warehouse=warehouse, pieces=pieces)


def snap(places=None, orders=(), *, cards=None, known=(), previous=None, **more):
    cards = {} if cards is None else cards
    return take(read(places, **more), cards, orders, WEEK, known, previous=previous)


def column(snapshot, key):
    return next(each for each in snapshot.places if each.place.key == key)
