"""What holds of her file after every sync, whatever happened to it; each is told as what breaks it.

The expected cells are worked out here from the last good snapshot, and the snapshot's figures from
the marketplace's own orders and shelves: nothing of the code that writes the sheet is asked.
"""

import re
from collections import Counter

import msgspec

from domain.place import Kind
from domain.stock import Unread
from domain.table.columns import TEXTS
from domain.table.text import clean
from sandbox.google.model.formats import read
from sandbox.google.model.values import Formula
from sandbox.sellers import truth
from sandbox.sellers.spec import moscow_day

TOKEN = re.compile(r"hers-\d+")
CAPTIONS = {
    "brand": "Бренд",
    "subject": "Предмет",
    "sku": "Артикул продавца",
    "nm": "Артикул товара (nmid)",
    "to_client": "В пути до покупателя",
    "returns": "В пути возвраты",
    "orders": "Заказы (всего)",
    "stock": "Остатки (всего)",
    "cover": "Оборачиваемость (дни)",
    "s": "Остатки",
    "o": "Заказы",
    "c": "Оборач.",
}
DAYS = 7


class Ours:
    """Our tab as it stands: `columns` by tag, `head` the two header rows, `keys` nmID by row."""

    def __init__(self, file, sheet, known):
        self.file, self.sheet = file, sheet
        tags = file.book.tags.values()
        mine = [tag for tag in tags if tag.sheet_id == sheet.id]
        lines = [tag for tag in mine if tag.key == "st.col"]
        self.columns = {tag.value: tag.at for tag in sorted(lines, key=lambda tag: -tag.at)}
        heads = {tag.value: tag.at for tag in mine if tag.key == "st.row"}
        self.head = (heads.get("h1"), heads.get("h2"))
        self.top = max((at for at in self.head if at is not None), default=-1) + 1
        self.keys = self._keys(known)

    def _keys(self, known):
        if "nm" not in self.columns:
            return {}
        seen, column = self.file.seen(), self.columns["nm"]
        rows = range(self.top, self.sheet.used()[0])
        found = ((row, _key(seen.value(self.sheet, row, column))) for row in rows)
        return {row: nm for row, nm in found if nm in known}

    def is_ours(self, row, column):
        """A tagged column, in the header or beside one of her products."""
        return column in self.columns.values() and (row in self.keys or row in self.head)


def ours_in(file, known):
    """Our tab, by its own marker; None if she deleted it."""
    for sheet in file.book.sheets:
        for tag in file.book.tags_on("SHEET", sheet.id):
            if tag.key == "st.tab" and msgspec.json.decode(tag.value)["sheet"] == sheet.id:
                return Ours(file, sheet, known)
    return None


def hers_in(file, known):
    """All that is hers, and beside what it stands: what no sync may change."""
    ours = ours_in(file, known)
    held = {} if ours is None else _beside(ours)
    for sheet in file.book.sheets:
        if ours is None or sheet.id != ours.sheet.id:
            held["tab", sheet.id] = (_plain(sheet), dict(sheet.notes), tuple(sheet.merges))
    if ours is not None:
        held["colours"] = frozenset(_colours(ours))
    return held


def _beside(ours):
    """Each of her texts and notes: the product of its row, and what else is in row and column."""
    found = []
    for row, values in enumerate(ours.sheet.rows):
        for column, value in enumerate(values):
            if not ours.is_ours(row, column):
                found += [(each, "cell", row, column) for each in TOKEN.findall(_text(value))]
    for (row, column), note in ours.sheet.notes.items():
        found += [(each, "note", row, column) for each in TOKEN.findall(note)]
    tags = {at: tag for tag, at in ours.columns.items()}
    rows, columns = {}, {}
    for each, kind, row, column in found:
        rows.setdefault(row, set()).add(each)
        if kind == "cell":
            columns.setdefault(column, set()).add(each)
    return {
        (each, kind): (
            ours.keys.get(row),
            frozenset(rows[row]),
            tags.get(column) or frozenset(columns.get(column, ())),
        )
        for each, kind, row, column in found
    }


def _colours(ours):
    """Her paints: each is used once."""
    tags = {at: tag for tag, at in ours.columns.items()}
    for row in range(ours.top, ours.sheet.used()[0]):
        for column in range(min(ours.sheet.columns, 60)):
            color = read(ours.sheet.format(row, column)).get("backgroundColorStyle", {})
            blue = color.get("rgbColor", {}).get("blue")
            if blue == PAINT and row in ours.keys:
                shade = tuple(sorted(color["rgbColor"].items()))
                yield shade, ours.keys[row], tags.get(column)


PAINT = 0.7
"""The blue of all her paints."""


def misplaced(before, after):
    """What a sync did to hers: empty if nothing."""
    wrong = {at: (was, after.get(at)) for at, was in before.items() if after.get(at) != was}
    if "colours" in wrong and before["colours"] <= after.get("colours", frozenset()):
        del wrong["colours"]  # a new row looks like the one above it, in her columns
    return wrong


def differing(file, known, snapshot):
    """Our cells that do not say what the snapshot does: (row, what, shown, wanted)."""
    ours = ours_in(file, known)
    if ours is None:
        return [("no tab",)]
    return [*_header(ours, snapshot), *_figures(ours, snapshot)]


def _header(ours, snapshot):
    sheet, seen = ours.sheet, ours.file.seen()
    if None in ours.head:
        yield ("no header",)
        return
    for tag, column in ours.columns.items():
        shown, wanted = sheet.cell(ours.head[1], column), CAPTIONS[tag.rpartition(".")[2]]
        if shown != wanted:
            yield "caption", tag, shown, wanted
    titled = [ours.columns[tag] for tag in (*TEXTS, "nm") if tag in ours.columns]
    formulas = [at for at in titled if isinstance(sheet.cell(ours.head[0], at), Formula)]
    says = [seen.value(sheet, ours.head[0], at) for at in formulas]
    if says != ["Основная информация"]:  # one alone, which goes where she moves its column
        yield "A1", says


def _figures(ours, snapshot):
    missing = set(snapshot.nm_ids) - set(ours.keys.values())
    yield from (("no row", nm) for nm in missing)
    index = {nm: i for i, nm in enumerate(snapshot.nm_ids)}
    column_of = dict(wanted(snapshot))
    struck, seen = ours.columns["nm"], ours.file.seen()
    for row, nm in ours.keys.items():
        for tag, column in ours.columns.items():
            if nm not in index and (tag in TEXTS or tag == "nm"):
                continue
            values = column_of.get(tag)
            value = values[index[nm]] if values and nm in index else None
            shown = seen.value(ours.sheet, row, column)
            if _merged_with_hers(ours, row, column):
                continue
            if shown != value and not (tag == "nm" and _key(shown) == nm):
                yield row, nm, tag, shown, value
        look = read(ours.sheet.format(row, struck)).get("textFormat", {})
        if bool(look.get("strikethrough")) != (nm not in index):
            yield row, nm, "struck", look


def _merged_with_hers(ours, row, column):
    """Such cells are left alone, and the run names them."""
    taken = ours.columns.values()
    return any(
        span.holds(row, column) and any(at not in taken for at in range(span.left, span.right))
        for span in ours.sheet.merges
    )


def wanted(snapshot):
    """The columns of a snapshot by tag, as cells."""
    texts = (snapshot.brands, snapshot.subjects, snapshot.skus)
    for tag, values in zip(TEXTS, texts, strict=True):
        yield tag, [clean(each) or None for each in values]
    yield "nm", snapshot.nm_ids
    yield "to_client", snapshot.to_client
    yield "returns", snapshot.returns
    yield "orders", snapshot.orders
    yield "stock", snapshot.stock
    yield "cover", _turnover(snapshot.stock, snapshot.orders)
    for each in snapshot.places:
        tag = f"p{each.place.number}"
        yield f"{tag}.s", each.stock
        yield f"{tag}.o", each.orders
        yield f"{tag}.c", _turnover(each.stock, each.orders)


def _turnover(stock, orders):
    """Days that the stock lasts, a tenth half-up; blank without orders."""
    return [
        None if not sold or held is None else (20 * held * DAYS + sold) // (2 * sold) / 10
        for held, sold in zip(stock, orders, strict=True)
    ]


def miscounted(seller, snapshot, heard):
    """Orders of the period that are not as the marketplace itself counts them, once each and not
    cancelled, at either of the two moments: (shown, counted) by nmID."""
    if all(each is None for each in snapshot.orders):
        return {}
    counts = [_sold(seller, snapshot, at) for at in heard]
    shown = dict(zip(snapshot.nm_ids, snapshot.orders, strict=True))
    return {
        nm: (shown.get(nm), sold)
        for nm in {*shown, *counts[0], *counts[1]}
        if not min(sold := [each[nm] for each in counts]) <= shown.get(nm, 0) <= max(sold)
    }


def _sold(seller, snapshot, at):
    last = moscow_day(snapshot.taken_at.timestamp()) - 1
    states = seller.book.current(last - DAYS + 1, last, at).values()
    return Counter(order.card.nm for order in states if not order.cancelled)


def misread(seller, snapshot, now, at_hers):
    """Stock that is neither what lies there nor blank for a reason: (nmID, where, shown, true).
    `at_hers`: what is known to lie in a warehouse of hers; where those were not read, the total of
    all others is that of Wildberries."""
    told = {tag for gap in snapshot.gaps for tag in gap.columns}
    unread = any(gap.source == Unread.SELLER for gap in snapshot.gaps)
    products = truth(seller, now, DAYS)
    index = {nm: i for i, nm in enumerate(snapshot.nm_ids)}
    for nm, product in products.items():
        if nm not in index:
            yield nm, "missing", None, None
            continue
        for tag, shown, true in _shelves(product, snapshot, index[nm]):
            wb = unread and nm not in at_hers and tag == "stock" and shown == product.stock.wb
            if shown != true and not (shown is None and tag in told) and not wb:
                yield nm, tag, shown, true


def lying_at_hers(snapshot, before):
    """Products with pieces in a warehouse of hers; where those were not read, those of `before`."""
    own = [each.stock for each in snapshot.places if each.place.kind is Kind.SELLER]
    return {
        nm
        for i, nm in enumerate(snapshot.nm_ids)
        if any(column[i] or (column[i] is None and nm in before) for column in own)
    }


def _shelves(product, snapshot, i):
    yield "to_client", snapshot.to_client[i], product.to_client
    yield "returns", snapshot.returns[i], product.from_client
    yield "stock", snapshot.stock[i], product.stock.total
    for each in snapshot.places:
        tag, place = f"p{each.place.number}.s", each.place
        if place.kind is Kind.WB_TOTAL:
            yield tag, each.stock[i], product.stock.wb
        elif place.kind is Kind.SELLER:
            at = int(place.key.rpartition(":")[2])
            yield tag, each.stock[i], product.stock.sellers.get(at, 0)
        elif place.kind is Kind.WB_NAMED:
            yield tag, each.stock[i], product.stock.named.get(place.name, 0)


def _key(value):
    if isinstance(value, str):
        digits = "".join(value.split())
        return int(digits) if digits.isascii() and digits.isdecimal() else None
    return int(value) if isinstance(value, int | float) and value == int(value) else None


def _text(value):
    return value.text if isinstance(value, Formula) else value if isinstance(value, str) else ""


def _plain(sheet):
    """Without formulas, which follow what they refer to."""
    return tuple(
        tuple(None if isinstance(each, Formula) else each for each in row) for row in sheet.rows
    )
