"""What a person's form does to her subscriptions, her invoices and her card."""

from collections.abc import Callable, Mapping
from typing import Final, cast

from sandbox.stripe.book import Book
from sandbox.stripe.errors import Json, Problem
from sandbox.stripe.form import Form
from sandbox.stripe.life import cards, changes, pausing, standing
from sandbox.stripe.shapes.person import CARDS, Card


def card_of(sent: Mapping[str, str]) -> Card | None:
    """The card that she chose."""
    chosen = sent.get("card", "none")
    if chosen not in (*CARDS, "none"):
        raise Problem(f"card: {chosen} is none of {', '.join(CARDS)}")
    return None if chosen == "none" else cast("Card", chosen)


def pay(book: Book, found: Json, sent: Mapping[str, str]) -> str:
    """The outcome; `needs_action` until she confirms. A card that she chose pays from now on."""
    if found["status"] != "open":
        raise Problem(f"This invoice is {found['status']}.")
    customer = book.find("customer", found["customer"])
    if "card" in sent and (chosen := card_of(sent)):
        cards.give(book, customer, chosen)
    asks = cards.card_behind(book, found) == "needs_action"
    if asks and sent.get("act") != "confirm":
        return "needs_action"
    return standing.collect(book, found, present=True, by_hand=True)


def act(book: Book, customer: Json, sent: Mapping[str, str]) -> None:
    """Whatever the Portal offers beside paying; a Problem says why it cannot be done."""
    wanted = _ACTS.get(sent.get("act", ""))
    if wanted is None:
        raise Problem("Unknown action.")
    wanted(book, customer, sent)


def _card(book: Book, customer: Json, sent: Mapping[str, str]) -> None:
    book.card(customer["id"], card_of(sent))


def _cancel(book: Book, customer: Json, sent: Mapping[str, str]) -> None:
    _changed(book, customer, sent, {"cancel_at_period_end": "true"})


def _keep(book: Book, customer: Json, sent: Mapping[str, str]) -> None:
    _changed(book, customer, sent, {"cancel_at_period_end": "false"})


def _switch(book: Book, customer: Json, sent: Mapping[str, str]) -> None:
    item = _own(book, customer, sent)["items"]["data"][0]
    wish = [{"id": item["id"], "price": sent.get("price", "")}]
    _changed(book, customer, sent, {"items": wish, "proration_behavior": "always_invoice"})


def _resume(book: Book, customer: Json, sent: Mapping[str, str]) -> None:
    pausing.resume(book, _own(book, customer, sent), Form({}))


def _changed(book: Book, customer: Json, sent: Mapping[str, str], wish: Json) -> None:
    changes.updated(book, _own(book, customer, sent), Form(wish))


def _own(book: Book, customer: Json, sent: Mapping[str, str]) -> Json:
    found = book.find("subscription", sent.get("subscription", ""))
    if found["customer"] != customer["id"]:
        raise Problem("This subscription is another customer's.")
    return found


_ACTS: Final[dict[str, Callable[[Book, Json, Mapping[str, str]], None]]] = {
    "card": _card,
    "cancel": _cancel,
    "keep": _keep,
    "switch": _switch,
    "resume": _resume,
}
