"""The Portal as a person sees it: her subscriptions, what is to pay, and her card."""

from html import escape

from sandbox.stripe.book import Book
from sandbox.stripe.errors import Json
from sandbox.stripe.life.invoices import open_invoices
from sandbox.stripe.life.periods import ENDED, RUNNING, period_of
from sandbox.stripe.page.frame import (
    Words,
    back,
    button,
    card_picker,
    day,
    document,
    form,
    money,
    note,
    recurring,
)


def portal_page(book: Book, session: Json, say: Words, trouble: str = "") -> str:
    """Everything that she can do herself."""
    action = f"/stripe/portal/{session['id']}"
    customer = book.find("customer", session["customer"])
    mine = [e for e in book.all("subscription") if e["customer"] == customer["id"]]
    mine.sort(key=lambda each: (each["status"] in ENDED, -each["created"]))
    items = "".join(_subscription(book, each, action, say) for each in mine)
    listed = f"<ul>{items}</ul>" if items else f"<p>{say['no_subscriptions']}</p>"
    known = f"<p>{escape(customer['email'])}</p>" if customer["email"] else ""
    save = form(action, card_picker(say, without=True) + button("card", say["save_card"]))
    content = (
        f"{note(trouble)}{known}"
        f"{_to_pay(book, customer, action, say)}<h2>{say['subscriptions']}</h2>{listed}"
        f"<h2>{say['card']}</h2><p>{held_card(book, customer, say)}</p>{save}"
        f"{_history(book, customer, say)}{back(session['return_url'], say)}"
    )
    return document(say["portal"], content, say)


def invoice_page(found: Json, say: Words, trouble: str = "") -> str:
    """One invoice, and how to pay it."""
    lines = "".join(
        f"<li>{escape(each['description'] or '')}: "
        f"{money(each['amount'], each['currency'], say)}</li>"
        for each in found["lines"]["data"]
    )
    due = money(found["amount_remaining"], found["currency"], say)
    pay = card_picker(say) + button("pay", say["pay"], main=True)
    action = f"/stripe/invoice/{found['id']}"
    offered = form(action, pay) if found["status"] == "open" else ""
    content = (
        f'{note(trouble)}<p class="price">{due}</p><p>{say[found["status"]]}</p>'
        f"<ul>{lines}</ul>{offered}"
    )
    title = say["invoice"].format(number=found["number"] or found["id"])
    return document(title, content, say)


def _subscription(book: Book, found: Json, action: str, say: Words) -> str:
    first = found["items"]["data"][0]
    name = escape(book.find("product", first["price"]["product"])["name"])
    ends = found["cancel_at"]
    when = say["ends" if ends else "until"].format(day=day(ends or period_of(found)[1]))
    shown = f"<br>{when}" if found["status"] in RUNNING else ""
    about = f"<b>{name}</b> · {say[found['status']]}{shown}"
    return f"<li>{about}{_acts(book, found, action, say)}</li>"


def _acts(book: Book, found: Json, action: str, say: Words) -> str:
    hidden = [("subscription", found["id"])]
    if found["status"] == "paused":
        return form(action, button("resume", say["resume"]), hidden)
    if found["status"] not in RUNNING:
        return ""
    word = "keep" if found["cancel_at"] else "cancel"
    first = found["items"]["data"][0]
    others = [each for each in book.all("price") if _could_be(each, first["price"])]
    options = "".join(
        f'<option value="{each["id"]}">'
        f"{escape(book.find('product', each['product'])['name'])} · "
        f"{recurring(each, first['quantity'], say)}</option>"
        for each in others
    )
    select = f'<label>{say["new_plan"]} <select name="price">{options}</select></label>'
    switch = form(action, select + button("switch", say["switch"]), hidden) if options else ""
    return f"{form(action, button(word, say[word]), hidden)}{switch}"


def _could_be(price: Json, held: Json) -> bool:
    same = all(price[name] == held[name] for name in ("currency", "recurring"))
    return bool(same and price["active"] and price["id"] != held["id"])


def _to_pay(book: Book, customer: Json, action: str, say: Words) -> str:
    items = "".join(
        f"<li>{escape(each['number'])}: "
        f'<span class="price">{money(each["amount_remaining"], each["currency"], say)}</span>'
        f"{form(action, button('pay', say['pay'], main=True), [('invoice', each['id'])])}</li>"
        for each in open_invoices(book, customer["id"])
    )
    return f"<h2>{say['open_invoices']}</h2><ul>{items}</ul>" if items else ""


def held_card(book: Book, customer: Json, say: Words) -> str:
    """The last digits of what pays; a card from Checkout is her subscription's."""
    mine = (each for each in book.all("subscription") if each["customer"] == customer["id"])
    own = (each["default_payment_method"] for each in mine if each["status"] not in ENDED)
    ident = next(filter(None, own), customer["invoice_settings"]["default_payment_method"])
    return f"… {book.find('payment_method', ident)['card']['last4']}" if ident else say["no_card"]


def _history(book: Book, customer: Json, say: Words) -> str:
    mine = [each for each in book.all("invoice") if each["customer"] == customer["id"]]
    items = "".join(
        f'<li><a href="/stripe/invoice/{each["id"]}">{day(each["created"])}</a> · '
        f"{money(each['total'], each['currency'], say)} · {say[each['status']]}</li>"
        for each in reversed(mine)
    )
    return f"<h2>{say['invoices']}</h2><ul>{items}</ul>" if items else ""
