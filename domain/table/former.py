"""Tabs of the old single-user tool: known by their header, wherever the reader looks."""

from collections.abc import Sequence

from domain.table.numbers import Value

NAMES = ("Stock Tracker", "Товары", "Products")
"""What it called its tab, unless its settings said otherwise."""

ONE_ROW = (
    "Артикул продавца",
    "Артикул товара",
    "Заказы (всего)",
    "Остатки (всего)",
    "Оборачиваемость",
    "Название склада",
)
"""How the header of its first layout begins; the cells for warehouses had a line for each."""
TWO_ROWS = ("Бренд", "Предмет", "Артикул продавца", "Артикул товара (nmid)")
TITLE = ("Основная информация",)
"""How both rows of its second layout begin: in words like ours, which bears a marker besides."""


def is_former(above: Sequence[Value], below: Sequence[Value]) -> bool:
    """Whether the first two rows of a tab, from its left edge on, are such a header."""
    return _begins(above, ONE_ROW) or (_begins(above, TITLE) and _begins(below, TWO_ROWS))


def _begins(cells: Sequence[Value], captions: Sequence[str]) -> bool:
    shown = (" ".join(str(cell or "").split()) for cell in cells[: len(captions)])
    return tuple(each.casefold() for each in shown) == tuple(map(str.casefold, captions))
