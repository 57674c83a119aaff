"""Snapshots of a shop as syncs keep them, and files read back as a spreadsheet program does."""

from dataclasses import replace
from io import BytesIO
from uuid import UUID

from openpyxl import load_workbook

from domain.ids import uuid7
from domain.place import WB_TOTAL, Kind, Place
from domain.plan import LIMITS, Plan
from domain.sheet_port import TabState
from domain.snapshot import PlaceColumns, Snapshot, period
from domain.stock import ShopKey, Unread, unread
from infrastructure.postgres.stock import PostgresStock

WB = replace(WB_TOTAL, number=1)
HOME = Place(key="seller:7", kind=Kind.SELLER, name="Склад на Садовой", number=2)
MINSK = Place(key="wb:Минск", kind=Kind.WB_NAMED, name="Минск", number=3)


def snapshot(at, stock=(10, 0, None), **changes):
    """Three products: one that sells, one sold out, one whose stock is not known whole."""
    wb = (8, 0, 5)
    told = {
        "taken_at": at,
        "period": period(at),
        "nm_ids": (11, 12, 13),
        "brands": ("Лён", "Ветер", "Лён"),
        "subjects": ("Юбки", "Шарфы", "Платья"),
        "skus": ("=LN+150", "00-17", "LN-2"),
        "to_client": (4, 0, 1),
        "returns": (2, 0, 0),
        "orders": (7, 3, 0),
        "stock": stock,
        "places": (
            PlaceColumns(place=WB, stock=wb, orders=(7, 3, 0)),
            PlaceColumns(place=HOME, stock=(2, 0, None), orders=(0, 0, 0)),
        ),
    }
    return Snapshot(**told | changes)


def without_seller(at):
    """Her own warehouses were not read."""
    gap = replace(unread(Unread.SELLER, "no_scope"), columns=("stock", "p2.s"))
    return snapshot(at, gaps=(gap,))


async def keep(world, tenant, shop_id, *taken):
    """As syncs do, one after the other."""
    book = PostgresStock(world.database, world.clock)
    key, old = ShopKey(tenant=tenant, shop=UUID(str(shop_id))), None
    for each in taken:
        new = uuid7(each.taken_at), each
        await book.save(key, new, old, LIMITS[Plan.ENTERPRISE].history)
        old = each
    return new[0]


async def keep_tab(world, shop, file, snapshot_id, **hers):
    """As a write leaves it; `hers`: the order of her rows, and the layout."""
    state = TabState(
        sheet_id=1,
        rev=1,
        snapshot_id=snapshot_id,
        order=tuple(enumerate(hers["order"], 2)),
        layout=hers["layout"],
        written_at=world.clock(),
        checked_at=world.clock(),
    )
    key = ShopKey(tenant=shop[0], shop=shop[1])
    await PostgresStock(world.database, world.clock).keep_tab(key, file, state, ())


def sheet(content):
    """The only sheet of an XLSX."""
    book = load_workbook(BytesIO(content))
    (found,) = book.worksheets
    return found


def values(content):
    """All cells of an XLSX, row by row."""
    return [list(row) for row in sheet(content).iter_rows(values_only=True)]


def lines(content, delimiter=";"):
    """All cells of a CSV of plain texts, row by row."""
    text = content.decode("utf-8-sig")
    assert text.endswith("\r\n")
    return [line.split(delimiter) for line in text.removesuffix("\r\n").split("\r\n")]
