"""Products appear, are renamed and vanish."""

from typing import Annotated

import msgspec

from sandbox.sellers.catalogue import Card, Size
from sandbox.sellers.happening import Happening
from sandbox.sellers.seller import Seller
from sandbox.sellers.vocabulary import SUBJECTS


class AddProduct(Happening, frozen=True, kw_only=True, tag="add_product"):
    """A new card; ``stock`` is pieces of its first size by id or name of the place."""

    vendor_code: str
    brand: str = "Новинка"
    subject: str = "Кружки"
    techs: Annotated[list[str], msgspec.Meta(min_length=1)] = msgspec.field(
        default_factory=lambda: ["0"]
    )
    stock: dict[str, Annotated[int, msgspec.Meta(ge=0)]] = msgspec.field(default_factory=dict)

    def apply(self, seller: Seller, at: float) -> None:
        stock = {seller.place(place): quantity for place, quantity in self.stock.items()}
        used = {*seller.cards, *seller.book.closed}  # a number is never given out again
        nm = max(used, default=100_000_000) + 10
        card = self._card(nm, 950_000_000 + seller.changes * 100, round(at * 1_000_000))
        card.sizes[0].stock.update(stock)
        seller.cards[nm] = card

    def _card(self, nm: int, chrt: int, moment: int) -> Card:
        known = {name: (number, category) for name, number, category in SUBJECTS}
        subject_id, category = known.get(self.subject, (9_999, "Прочее"))
        return Card(
            nm=nm,
            imt=nm,
            vendor_code=self.vendor_code,
            brand=self.brand,
            subject=self.subject,
            subject_id=subject_id,
            category=category,
            title=f"{self.subject} {self.brand}",
            price=990,
            litres=1.0,
            photo=True,
            created=moment,
            updated=moment,
            sizes=[
                Size(chrt=chrt + i, tech=tech, barcodes=[f"20{chrt + i:011d}"], stock={})
                for i, tech in enumerate(self.techs)
            ],
        )


class EditProduct(Happening, frozen=True, kw_only=True, tag="edit_product"):
    """A card gets another vendor code, brand, subject or title."""

    nm: int
    vendor_code: str | None = None
    brand: str | None = None
    subject: str | None = None
    title: str | None = None

    def apply(self, seller: Seller, at: float) -> None:
        card = seller.card(self.nm)
        for field in ("vendor_code", "brand", "subject", "title"):
            if (value := getattr(self, field)) is not None:
                setattr(card, field, value)
        card.updated = round(at * 1_000_000)


class RemoveProduct(Happening, frozen=True, kw_only=True, tag="remove_product"):
    """A card leaves with its stock; its past orders stay known."""

    nm: int

    def apply(self, seller: Seller, at: float) -> None:
        del seller.cards[seller.card(self.nm).nm]
        seller.book.closed[self.nm] = at
