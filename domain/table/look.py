"""How the table looks, in a sheet and in a file: colours as #RRGGBB, heights in pixels."""

from domain.replenishment import Terms
from domain.table.columns import Holds
from domain.table.words import Words

FILL = "#5468DE"
LETTERS = "#FFFFFF"
BLANK = "#FFD666"
"""Letters over a column that is blank for a reason."""
GRID = "#CCCCCC"
EDGE = "#333333"
"""Thin lines everywhere; thick ones under the header and to the right of every group."""
LOW = "#F4C7C3"
SOON = "#FCE8B2"

HEIGHTS = (35, 40)
"""Of titles, and of captions."""
TALL = 58
"""Of captions that take three lines."""
SIZE = 10
"""Of letters, in points."""

PATTERNS = {
    Holds.KEY: "0",
    Holds.PIECES: "#,##0",
    Holds.DAYS: "#,##0.0",
    Holds.ITEM: "0",
    Holds.NUMBER: "#,##0.##",
    Holds.SHARE: "0.0",
    Holds.RATE: "0.00",
}
MOMENT = Words(ru="dd.mm.yyyy hh:mm", en="yyyy-mm-dd hh:mm")
DATE = Words(ru="dd.mm.yyyy", en="yyyy-mm-dd")
HERS = "#FFF2CC"
"""Cells that are hers to fill in."""

COVER = Words(ru="Оборач", en="Turnov")
"""How the caption of every column of turnover begins."""


def thresholds(terms: Terms) -> tuple[int, int]:
    """Days of turnover below which a cell is LOW, and SOON: lead time, and safety days on top."""
    return terms.lead, terms.lead + terms.safety
