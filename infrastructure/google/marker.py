"""The tag that makes a tab ours: whose it is, and which write it holds."""

from hashlib import blake2b
from uuid import UUID

import msgspec

from domain.table.order import Order

KEY = "st.tab"


class Marker(msgspec.Struct, frozen=True, omit_defaults=True):
    """`sheet` is the id of the tab it was made for: in a duplicate it is another's. `file` is a
    short name of the spreadsheet: in a copy it is another's too, and blank is one of long ago.

    `fill`, of a write that is not complete: how many chunks of such a tab are there; of a tab
    that is ours entirely, how many of its rows, and one. `order` and `layout` name those of a tab
    whose rows are products.
    """

    v: int
    shop: UUID
    tab: str
    sheet: int
    rev: int
    snap: UUID
    order: str
    layout: str
    fill: int = 0
    file: str = ""

    def copied_from(self, spreadsheet_id: str) -> bool:
        """Did it come into this file with a copy of another one?"""
        return self.file not in {"", short(spreadsheet_id)}

    def __str__(self) -> str:
        return msgspec.json.encode(self).decode()


def read_marker(text: str) -> Marker | None:
    """None for anything that is not a marker of ours."""
    try:
        return msgspec.json.decode(text, type=Marker)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None


def digest(order: Order) -> str:
    """A short name of a row order: equal orders have equal names."""
    sums = blake2b(digest_size=6)
    for row, nm in order:
        sums.update(b"%d %d " % (row, nm))
    return sums.hexdigest()


def short(text: str) -> str:
    """A short name of a layout, or of a file."""
    return blake2b(text.encode(), digest_size=4).hexdigest()
