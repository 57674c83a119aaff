"""The account behind it all as a page: its clock, its customers, and what its webhooks met."""

from datetime import UTC, datetime
from html import escape
from itertools import islice

from sandbox.stripe.book import Book
from sandbox.stripe.errors import Json
from sandbox.stripe.page.frame import Words, button, document, form
from sandbox.stripe.page.portal import held_card
from sandbox.stripe.store import Delivery

ACCOUNT = "/stripe/account"
STEPS = (3_600, 86_400, 259_200, 2_678_400)
_SHOWN = 20


def account_page(book: Book, say: Words) -> str:
    """Nothing of this is Stripe's: the hand's most used verbs, for a person."""
    moment = f"{datetime.fromtimestamp(book.now, UTC):%d.%m.%Y %H:%M}"
    steps = "".join(button(str(each), say[f"ahead_{each}"]) for each in STEPS)
    clock = form(ACCOUNT, f'<div class="row">{steps}</div>')
    customers = "".join(_customer(book, each, say) for each in book.all("customer"))
    latest = islice(reversed(book.delivered), _SHOWN)
    deliveries = "".join(_delivery(each, say) for each in latest)
    content = (
        f"<h2>{say['clock']}</h2><p>{say['clock_now'].format(now=moment)}</p>{clock}"
        f"<h2>{say['customers']}</h2>{_list(customers, say['no_customers'])}"
        f"<h2>{say['deliveries']}</h2>{_list(deliveries, say['no_deliveries'])}"
    )
    return document(say["account"], content, say)


def _list(items: str, none: str) -> str:
    return f"<ul>{items}</ul>" if items else f"<p>{none}</p>"


def _customer(book: Book, customer: Json, say: Words) -> str:
    mine = [e for e in book.all("subscription") if e["customer"] == customer["id"]]
    standing = ", ".join(say[each["status"]] for each in mine) or say["no_subscriptions"]
    name = escape(customer["email"] or customer["id"])
    portal = form(ACCOUNT, button("portal", say["to_portal"]), [("customer", customer["id"])])
    return f"<li><b>{name}</b> · {held_card(book, customer, say)} · {standing}{portal}</li>"


def _delivery(one: Delivery, say: Words) -> str:
    statuses = " ".join(map(str, one.statuses)) or say["waits"]
    return f"<li>{escape(one.type)} · {statuses}</li>"
