"""warehouse_remains: ordered, polled, downloaded (12-reports); pseudo lines among warehouses."""

from uuid import UUID

import msgspec

from sandbox.sellers import Seller
from sandbox.sellers.catalogue import Card, Size
from sandbox.wildberries import problems
from sandbox.wildberries.answer import Answer, ok
from sandbox.wildberries.call import Call
from sandbox.wildberries.tasks import Groups, Task

TO_CLIENT = "В пути до получателей"
FROM_CLIENT = "В пути возвраты на склад WB"
TOTAL = "Всего находится на складах"
BIG_LITRES = 3
FLAGS = ("Brand", "Subject", "Sa", "Nm", "Barcode", "Size")
FILTERS = {"filterPics": (-1, 0, 1), "filterVolume": (-1, 0, 3)}


class Line(msgspec.Struct, rename="camel", gc=False):
    """One warehouse, or one pseudo line, of a row."""

    warehouse_name: str
    quantity: int


class Row(msgspec.Struct, rename="camel", omit_defaults=True, kw_only=True):
    """One group; only the fields it was grouped by are there."""

    brand: str | None = None
    subject_name: str | None = None
    vendor_code: str | None = None
    nm_id: int | None = None
    barcode: str | None = None
    tech_size: str | None = None
    volume: float | None = None
    warehouses: list[Line]


def create(call: Call) -> Answer:
    """Order a report."""
    flags = {name.lower(): _flag(call, f"groupBy{name}") for name in FLAGS}
    pics, volume = (_filter(call, name) for name in FILTERS)
    groups = Groups(**flags, pics=pics, volume=volume)
    task = call.market.tasks.create(call.seller.id, groups, call.now)
    return ok({"data": {"taskId": task.id}})


def status(call: Call) -> Answer:
    """How far the report is; each call counts as a poll."""
    task = _task(call)
    return ok({"data": {"id": task.id, "status": call.market.tasks.poll(task, call.now)}})


def download(call: Call) -> Answer:
    """The whole report as one array; 204 when it has no rows, 404 until it is done."""
    task = _task(call)
    if call.market.tasks.status(task, call.now) != "done":
        raise problems.reports(404, "not found")
    body = call.market.prepared(
        call.seller,
        ("remains", task.groups),
        lambda: msgspec.json.encode(rows(call.seller, task.groups)),
    )
    return Answer(200, body) if body != b"[]" else Answer(204, b"")


def rows(seller: Seller, groups: Groups) -> list[Row]:
    """The report's rows: quantities added up by the wished groups."""
    sums: dict[tuple[object, ...], tuple[Row, dict[str, int]]] = {}
    names = [place.name for place in seller.places]
    own = {index for index, place in enumerate(seller.places) if place.kind == "seller"}
    for card in seller.cards.values():
        if not _passes(card, groups):
            continue
        for size in card.sizes:
            lines = _lines(seller, size, names, own)
            if lines:
                row = _row(card, size, groups)
                key = msgspec.structs.astuple(row)[:-1]
                _, added = sums.setdefault(key, (row, {}))
                for name, quantity in lines:
                    added[name] = added.get(name, 0) + quantity
    for row, added in sums.values():
        row.warehouses = [Line(name, quantity) for name, quantity in added.items()]
    return [row for row, _ in sums.values()]


def _lines(seller: Seller, size: Size, names: list[str], own: set[int]) -> list[tuple[str, int]]:
    stock = [(names[i], pieces) for i, pieces in size.stock.items() if pieces and i not in own]
    total = sum(pieces for _, pieces in stock) if seller.total_line else 0
    pseudo = ((TO_CLIENT, size.to_client), (FROM_CLIENT, size.from_client), (TOTAL, total))
    unknown = seller.pseudo.get(size.chrt, {}).items()
    return [line for line in (*pseudo, *stock, *unknown) if line[1]]


def _row(card: Card, size: Size, groups: Groups) -> Row:
    return Row(
        brand=card.brand if groups.brand else None,
        subject_name=card.subject if groups.subject else None,
        vendor_code=card.vendor_code if groups.sa else None,
        nm_id=card.nm if groups.nm else None,
        barcode=size.barcodes[0] if groups.barcode else None,
        tech_size=size.tech if groups.size else None,
        volume=card.litres if groups.nm else None,
        warehouses=[],
    )


def _passes(card: Card, groups: Groups) -> bool:
    if groups.pics and card.photo != (groups.pics > 0):
        return False
    return not groups.volume or (groups.volume > 0 and card.litres > BIG_LITRES)


def _flag(call: Call, name: str) -> bool:
    text = call.query.get(name, "false").lower()
    if text not in {"true", "false"}:
        fault = f'value "{text}": invalid boolean' if text else "empty value is not allowed"
        raise problems.reports(400, f'parameter "{name}" in query has an error: {fault}')
    return text == "true"


def _filter(call: Call, name: str) -> int:
    text = call.query.get(name, "0")
    if text not in {str(value) for value in FILTERS[name]}:
        raise problems.reports(400, f'parameter "{name}" in query has an error: invalid value')
    return int(text)


def _task(call: Call) -> Task:
    text = call.path["task_id"]
    try:
        UUID(text)
    except ValueError:
        raise problems.reports(
            400,
            f"Invalid format for parameter task_id: error unmarshaling '{text}' text as "
            f"*uuid.UUID: invalid UUID length: {len(text)}",
        ) from None
    task = call.market.tasks.find(text, call.seller.id)
    if task is None:
        raise problems.reports(404, "not found")
    return task
