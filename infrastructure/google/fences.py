"""Protected ranges that keep us out: found before a call, so that nothing is written in part."""

from domain.both import Both
from domain.errors import Rejected
from domain.table.order import Order
from domain.table.refusals import refusal
from infrastructure.google.spans import Span
from infrastructure.google.tab import Tab


def refuse_fences(tab: Tab, order: Order, address: str | Both) -> None:
    """Raises Rejected if a range that we have to write is protected against us."""
    for fence in tab.fences:
        if not fence.open_to_us and _holds_ours(fence.span, tab, order):
            cause = "sheet_protected"
            name = fence.description or fence.span.a1
            sentence = refusal(cause, range=name, address=address)
            raise Rejected(sentence, cause=cause)


def _holds_ours(span: Span, tab: Tab, order: Order) -> bool:
    if not any(span.left <= column < span.right for column in tab.columns.values()):
        return False
    heads = (row for row in tab.head if row is not None)
    rows = (*heads, *(row for row, _ in order))
    return any(span.top <= row < span.bottom for row in rows)
