"""The tab «Сверка»: only figures that the cabinet shows otherwise, those without a reason first."""

from collections.abc import Sequence
from uuid import UUID

from domain.fact import fact
from domain.reconciliation import Discrepancy, Reconciliation
from domain.snapshot import MOSCOW, Snapshot
from domain.table.columns import Column, Holds
from domain.table.listing import Columns, Listed
from domain.table.numbers import Value
from domain.table.reasons import FIGURES, cure, reason
from domain.table.text import clean
from domain.table.words import Words, moment

TITLE = Words(ru="Сверка", en="Reconciliation")
_SUMMARY = Words(
    ru="Сверка {at}: {products} товаров, сошлось {equal} из {compared}, объяснено {explained}, "
    "без причины {unexplained}",
    en="Check {at}: {products} products, {equal} of {compared} equal, {explained} explained, "
    "{unexplained} unexplained",
)
_NOTE = Words(
    ru="Вкладка переписывается каждый день. Свои заметки держите на «Stock Tracker».",
    en='This tab is rewritten every day. Keep your notes on "Stock Tracker".',
)
_NONE = Words(ru="Расхождений нет", en="No differences")

COLUMNS = (
    Column(
        tag="nm",
        caption=Words(ru="Артикул товара (nmid)", en="WB item (nmid)"),
        holds=Holds.ITEM,
        width=150,
    ),
    Column(
        tag="sku",
        caption=Words(ru="Артикул продавца", en="Seller SKU"),
        holds=Holds.TEXT,
        width=180,
    ),
    Column(tag="figure", caption=Words(ru="Показатель", en="Figure"), holds=Holds.TEXT, width=170),
    Column(tag="ours", caption=Words(ru="У нас", en="Ours"), holds=Holds.NUMBER, width=90),
    Column(
        tag="cabinet", caption=Words(ru="В кабинете", en="Cabinet"), holds=Holds.NUMBER, width=90
    ),
    Column(
        tag="difference", caption=Words(ru="Разница", en="Difference"), holds=Holds.NUMBER, width=90
    ),
    Column(tag="reason", caption=Words(ru="Причина", en="Reason"), holds=Holds.PROSE, width=320),
    Column(
        tag="cure", caption=Words(ru="Что сделать", en="What to do"), holds=Holds.PROSE, width=320
    ),
)


@fact
class Check:
    """A `domain.table.listing.Listing` of the last reconciliation, whatever the snapshot."""

    title: str
    reconciliation: Reconciliation
    tab: str = "check"

    def id_of(self, snapshot_id: UUID) -> UUID:
        """The reconciliation's own."""
        del snapshot_id
        return self.reconciliation.id

    def cells(self, snapshot: Snapshot) -> int:
        """Of all lines."""
        del snapshot
        return len(self.reconciliation.discrepancies) * len(COLUMNS)

    def listed(self, known: tuple[UUID, Snapshot], language: str) -> Listed:
        """Row 1 sums it up."""
        del known
        found = self.reconciliation
        lines = sorted(found.discrepancies, key=lambda each: (each.explained, each.nm_id))
        return Listed(
            id=found.id,
            language=language,
            columns=COLUMNS,
            figures=_figures(lines, language),
            summary=_summary(found, language),
            note=_NOTE.say(language),
            empty=_NONE.say(language),
        )


def _summary(found: Reconciliation, language: str) -> str:
    return _SUMMARY.say(
        language,
        at=moment(found.at.astimezone(MOSCOW), language),
        products=found.products,
        equal=found.equal,
        compared=found.compared,
        explained=found.explained,
        unexplained=found.unexplained,
    )


def _figures(lines: Sequence[Discrepancy], language: str) -> Columns:
    columns: dict[str, Sequence[Value]] = {
        "nm": [each.nm_id for each in lines],
        "sku": [clean(each.sku) or None for each in lines],
        "figure": [FIGURES[each.figure].say(language) for each in lines],
        "ours": [each.ours for each in lines],
        "cabinet": [each.cabinet for each in lines],
        "difference": [each.difference for each in lines],
        "reason": [reason(each.reasons, language) for each in lines],
        "cure": [cure(each.reasons, language) for each in lines],
    }
    return Columns(range(len(lines)), columns, {each.tag: each.holds for each in COLUMNS})
