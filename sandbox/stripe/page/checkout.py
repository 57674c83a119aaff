"""Checkout as a person sees it."""

from html import escape

from sandbox.stripe.book import Book
from sandbox.stripe.errors import Json
from sandbox.stripe.form import Form
from sandbox.stripe.life.checkout import address_of
from sandbox.stripe.life.starting import trial_of
from sandbox.stripe.page.frame import (
    Words,
    back,
    button,
    card_picker,
    day,
    document,
    form,
    note,
    recurring,
)


def checkout_page(book: Book, session: Json, say: Words, trouble: str = "") -> str:
    """What is sold, to whom, and the cards to choose from."""
    if session["status"] != "open":
        content = f"<p>{say['closed']}</p>{back(session['cancel_url'], say)}"
        return document(say["subscribe"], content, say)
    offer = book.offers[session["id"]]
    lines = "".join(_line(book, ident, count, say) for ident, count in offer["items"])
    trial = trial_of(book, Form(offer["data"]))
    price, count = offer["items"][0]
    ahead = recurring(book.find("price", price), count, say)
    free = f"<p>{say['trial'].format(day=day(trial), price=ahead)}</p>" if trial else ""
    without = bool(trial) and session["payment_method_collection"] == "if_required"
    pay = button("pay", say["start_trial" if trial else "pay"], main=True)
    inside = f"{_email(book, session, say)}{card_picker(say, without=without)}{pay}"
    sent = form(f"/stripe/checkout/{session['id']}", inside)
    content = f"{note(trouble)}{lines}{free}{sent}{back(session['cancel_url'], say)}"
    return document(say["subscribe"], content, say)


def _line(book: Book, ident: str, count: int, say: Words) -> str:
    price = book.find("price", ident)
    product = book.find("product", price["product"])
    name = escape(f"{product['name']}{f' × {count}' if count > 1 else ''}")
    return f'<p>{name}<br><span class="price">{recurring(price, count, say)}</span></p>'


def _email(book: Book, session: Json, say: Words) -> str:
    known = escape(address_of(book, session) or "")
    if known and session["customer"]:
        return f"<p>{say['email']}: {known}</p>"
    box = f'<input type="email" name="email" value="{known}" required autocomplete="email">'
    return f"<label>{say['email']} {box}</label>"
