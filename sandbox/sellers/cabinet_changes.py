"""The seller's own cabinet shows otherwise than the truth, as the real one at times does."""

from typing import Annotated

import msgspec

from sandbox.sellers.happening import Happening
from sandbox.sellers.seller import Seller

Count = Annotated[int, msgspec.Meta(ge=0)]


class CabinetCounts(Happening, frozen=True, kw_only=True, tag="cabinet_counts"):
    """Which orders its report counts: cancelled ones too, or by days of UTC."""

    cancelled: bool | None = None
    utc_days: bool | None = None

    def apply(self, seller: Seller, _at: float) -> None:
        if self.cancelled is not None:
            seller.cabinet.cancelled = self.cancelled
        if self.utc_days is not None:
            seller.cabinet.utc_days = self.utc_days


class CabinetShows(Happening, frozen=True, kw_only=True, tag="cabinet_shows"):
    """Its report shows these of a product, whatever is true; without any, the truth again. The
    product need not exist any more. ``hours`` of turnover below zero are words of the contract;
    not ``computed`` is its availability invalidData."""

    nm: int
    stock: Count | None = None
    at_wb: Count | None = None
    orders: Count | None = None
    to_client: Count | None = None
    from_client: Count | None = None
    hours: Annotated[int, msgspec.Meta(ge=-4)] | None = None
    computed: bool = True
    missing: bool = False

    def apply(self, seller: Seller, _at: float) -> None:
        seller.cabinet.shows[self.nm] = msgspec.structs.asdict(self)
