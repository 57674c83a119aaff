"""The demo's price list: three plans by the month, in roubles and in dollars."""

from typing import Final

from sandbox.stripe.book import Book
from sandbox.stripe.shapes.catalogue import price, product
from sandbox.stripe.store import new_id

PLANS: Final = {
    "starter": ("Starter", 99_000, 1_200),
    "pro": ("Pro", 299_000, 3_600),
    "enterprise": ("Enterprise", 990_000, 11_900),
}


def price_list(book: Book) -> dict[str, list[str]]:
    """The ids of each plan's prices, in roubles and in dollars; made if they are not there."""
    return {plan: [_price(book, plan, at) for at in (0, 1)] for plan in PLANS}


def _price(book: Book, plan: str, at: int) -> str:
    key = f"{plan}_{('rub', 'usd')[at]}"
    found = next((each for each in book.all("price") if each["lookup_key"] == key), None)
    return str(found["id"]) if found else _made(book, plan, key, at)


def _made(book: Book, plan: str, key: str, at: int) -> str:
    name, *amounts = PLANS[plan]
    held = next(
        (each for each in book.all("product") if each["metadata"].get("plan") == plan), None
    )
    if held is None:
        held = book.put(product(new_id("prod"), book.now, str(name)))
        held["metadata"] = {"plan": plan}
    made = price(new_id("price"), book.now, held["id"], key.split("_")[1], int(amounts[at]))
    made.update(lookup_key=key, nickname=name, metadata={"plan": plan})
    return str(book.put(made)["id"])
