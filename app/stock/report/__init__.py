"""The table as a file: what a shop's sheet says, or said at a moment that a snapshot is kept of.

A file is made whole on disk before its first byte is sent: so a slow reader holds no snapshot, and
its memory is that of one snapshot whatever is asked for at once.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date, datetime
from functools import partial
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import quote
from uuid import UUID

from app.lane import Lane
from app.read_models import Database
from app.stock.products import ProductRow
from app.stock.read import ShopRow, shop_by_id
from app.stock.report import as_csv, as_xlsx
from app.stock.report.kept import Kept, NotKept, body, kept_at, last_moment, tab
from app.stock.report.past import rows_of
from app.stock.report.wish import Format, Wish
from domain.access import TenantScope
from domain.fact import fact
from domain.ports import Clock
from domain.sheet_port import Stored
from domain.shop import UnknownShop
from domain.snapshot import MOSCOW
from domain.table.layout import layout_of
from domain.table.report import Her, Report

MEDIA_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
}
PIECE = 64 * 1024

_WRITERS: dict[Format, Callable[[Report, IO[bytes]], None]] = {
    Format.XLSX: as_xlsx.write,
    Format.CSV: as_csv.write,
}
_UNSAFE = dict.fromkeys(map(ord, '\\/:*?"<>|'), "-")


@fact
class File:
    """One that can be made: what will be in it is read. `tab`: what is known of hers."""

    shop: ShopRow
    kept: Kept
    wish: Wish
    body: bytes
    tab: bytes | None

    @property
    def disposition(self) -> str:
        """Its name with the shop's and the moment of its figures (RFC 6266); the plain one is for
        clients of long ago."""
        at = self.kept.taken_at.astimezone(MOSCOW)
        ending = self.wish.format.value
        called = f"Stock Tracker {self.shop.name} {at:%Y-%m-%d %H-%M}"
        full = quote(" ".join(called.translate(_UNSAFE).split()), safe="")
        plain = f"stock-tracker-{at:%Y-%m-%d}.{ending}"
        return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{full}.{ending}"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.wish.format]


@fact
class Reports:
    """What reading kept snapshots takes."""

    database: Database
    clock: Clock
    lane: Lane
    stored: Stored

    async def find(
        self, scope: TenantScope, shop_id: UUID, at: date | datetime | None, field: str = "at"
    ) -> tuple[ShopRow, Kept]:
        """Which figures are meant; `field` is what `at` is called where it is asked. Raises
        UnknownShop, InTheFuture, NothingYet, NotKept."""
        shop = await shop_by_id(self.database, scope, shop_id)
        if shop is None:
            raise UnknownShop(field="shop")
        until = last_moment(at, self.clock(), field)
        return shop, await kept_at(self.database, scope, shop_id, until, field)

    async def meant(self, scope: TenantScope, shop_id: UUID, wish: Wish) -> tuple[ShopRow, Kept]:
        """The same for a file. Raises what `find` raises, and TooLarge."""
        shop, kept = await self.find(scope, shop_id, wish.at)
        if wish.format is Format.XLSX:
            as_xlsx.ensure_fits(kept.products)
        return shop, kept

    async def begin(self, scope: TenantScope, shop: ShopRow, kept: Kept, wish: Wish) -> File:
        """Fix what will be in it. Raises NotKept."""
        there = await self._body(scope, shop.shop_id, kept)
        hers = await tab(self.database, scope, shop)
        return File(shop=shop, kept=kept, wish=wish, body=there, tab=hers)

    async def stream(self, file: File) -> AsyncIterator[bytes]:
        """Its bytes. Whoever stops listening leaves nothing behind."""
        made = await self.lane(partial(self._made, file), lambda left: left.close())
        del file  # what it was made of is not needed for as long as somebody reads
        with made:
            while piece := made.read(PIECE):  # just written: it is still in memory of the system's
                yield piece

    async def products(
        self, scope: TenantScope, shop_id: UUID, kept: Kept, after: int, limit: int
    ) -> Sequence[ProductRow]:
        """Those of a snapshot whose article is above `after`, by article. Raises NotKept."""
        there = await self._body(scope, shop_id, kept)
        return await self.lane(lambda: rows_of(self.stored.snapshot(there), shop_id, after, limit))

    async def _body(self, scope: TenantScope, shop_id: UUID, kept: Kept) -> bytes:
        found = await body(self.database, scope, shop_id, kept.snapshot_id)
        if found is None:
            raise NotKept(field="at")
        return found

    def _made(self, file: File) -> IO[bytes]:
        """The whole file, from its beginning; it has no name, so nothing is left of it."""
        hers = self._hers(file.tab)
        snapshot, language = self.stored.snapshot(file.body), file.wish.language
        report = Report(snapshot, language, hers, file.shop.terms)
        made = TemporaryFile()  # noqa: SIM115 - whoever reads it closes it
        try:
            _WRITERS[file.wish.format](report, made)
        except BaseException:
            made.close()
            raise
        made.seek(0)
        return made

    def _hers(self, stored: bytes | None) -> Her:
        if stored is None:
            return Her()
        state = self.stored.tab(stored)
        layout = layout_of(state.layout)
        made = layout.made if layout else ()
        return Her(nm_ids=[nm for _, nm in state.order], made=made)
