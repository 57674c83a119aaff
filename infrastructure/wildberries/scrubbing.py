"""Makes an answer fit to be handed on: whose it is and who bought can no longer be told.

What the sheet is made of stays as it was, so that the same answers make the same sheet: articles of
Wildberries, quantities, warehouses, times, and the seller's own articles if she does not mind.
"""

import re
from collections.abc import Callable, Mapping

from domain.fact import fact
from domain.novelty import shape
from infrastructure.wildberries.documented import DOCUMENTED

BUYERS = frozenset(("srid", "gNumber", "sticker"))
"""Numbers of an order, by which a buyer can be found."""
PRICES = frozenset(("totalPrice", "discountPercent", "spp", "finishedPrice", "priceWithDisc"))
ARTICLES = frozenset(("vendorCode", "supplierArticle"))
WORDS = frozenset(("title", "description"))
"""Texts of a card that name the seller as well as her articles do."""
_SECRET = re.compile(r"[\w.=-]{40,}")
_LETTERS = 16


@fact
class Scrub:
    """`blind` turns a text into bytes that stand for it and do not tell it; `seller_id` is hers;
    with `hide_articles` the seller's own articles and texts go, too."""

    blind: Callable[[str], bytes]
    seller_id: str
    hide_articles: bool = False

    def answer(self, name: str, value: object) -> object:
        """A good answer of the call of this name. What its description does not know keeps its
        shape alone."""
        documented = DOCUMENTED.get(name)
        fields = documented.fields if documented else frozenset[str]()
        return self._walked(value, "", fields)

    def said(self, value: object) -> object:
        """Of a refusal, whatever its shape: without her id and without anything like a token."""
        match value:
            case str():
                plain = value.replace(self.seller_id, self.stand_in(self.seller_id))
                return _SECRET.sub("…", plain)
            case Mapping():
                return {name: self.said(each) for name, each in value.items()}
            case list():
                return [self.said(each) for each in value]
            case _:
                return value

    def stand_in(self, text: str) -> str:
        """The same for the same text, wherever it stands."""
        return f"x{self.blind(text).hex()[:_LETTERS]}"

    def _walked(self, value: object, at: str, fields: frozenset[str]) -> object:
        match value:
            case Mapping():
                return {
                    name: self._field(name, each, f"{at}.{name}".removeprefix("."), fields)
                    for name, each in value.items()
                }
            case list():
                return [self._walked(each, f"{at}[]", fields) for each in value]
            case _:
                return value

    def _field(self, name: str, value: object, path: str, fields: frozenset[str]) -> object:
        hidden = self.hide_articles and name in ARTICLES
        if (name in BUYERS or hidden) and value not in ("", None):
            return self.stand_in(str(value))
        if name in PRICES:
            return 0
        if self.hide_articles and name in WORDS:
            return ""
        return self._walked(value, path, fields) if path in fields else shape(value)
