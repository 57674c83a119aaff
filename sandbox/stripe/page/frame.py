"""What all pages share: the frame, the words, money and days as people write them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from typing import Final, TypeAlias

from sandbox.stripe.errors import Json
from sandbox.stripe.page.english import ENGLISH
from sandbox.stripe.page.russian import RUSSIAN
from sandbox.stripe.shapes.person import CARDS

Words: TypeAlias = dict[str, str]
_SIGNS: Final = {"rub": "₽", "usd": "$", "eur": "€"}
LOOK: Final = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; }
header { padding: .5rem 1rem; background: #635bff; color: #fff; }
main { max-width: 34rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.price { font-size: 1.25rem; font-weight: 600; }
.note { padding: .75rem 1rem; border: 1px solid #b3261e; border-radius: .5rem; }
fieldset { border: 1px solid #8886; border-radius: .5rem; margin: 1rem 0; }
label { display: block; padding: .4rem 0; min-height: 1.5rem; }
input[type=email], select { font: inherit; padding: .5rem; width: 100%; box-sizing: border-box; }
button { font: inherit; padding: .6rem 1.2rem; min-height: 2.75rem; border-radius: .5rem;
  border: 1px solid #8886; cursor: pointer; }
button.main { background: #635bff; color: #fff; border-color: #635bff; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .5rem 0; }
ul { padding: 0; list-style: none; } li { padding: .75rem 0; border-top: 1px solid #8884; }
:focus-visible { outline: 3px solid #ffb300; outline-offset: 2px; }
"""


def words(locale: str | None, accepted: str) -> Words:
    """By the session's locale, else by the browser's."""
    wanted = accepted if locale in (None, "", "auto") else locale
    return RUSSIAN if (wanted or "").lower().startswith("ru") else ENGLISH


def document(title: str, content: str, say: Words) -> str:
    """A whole HTML document; nothing in it comes from elsewhere."""
    return (
        f'<!doctype html><html lang="{say["lang"]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/stripe/look.css">'
        f"</head><body><header>Stripe · {say['sandbox']}</header>"
        f"<main><h1>{escape(title)}</h1>{content}</main></body></html>"
    )


def note(text: str) -> str:
    return f'<p class="note" role="alert">{escape(text)}</p>' if text else ""


def back(address: str | None, say: Words) -> str:
    return f'<p><a href="{escape(address)}">{say["back"]}</a></p>' if address else ""


def money(amount: int, currency: str, say: Words) -> str:
    sign = _SIGNS.get(currency, currency.upper())
    whole = f"{amount / 100:,.2f}"
    if say["lang"] == "ru":
        return f"{whole.replace(',', ' ').replace('.', ',')} {sign}"
    return f"{sign}{whole}"


def day(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%d.%m.%Y}"


def recurring(price: Json, quantity: int, say: Words) -> str:
    """What it costs, and how often."""
    amount = money(price["unit_amount"] * quantity, price["currency"], say)
    return say["per"].format(price=amount, interval=say[price["recurring"]["interval"]])


def card_picker(say: Words, *, without: bool = False) -> str:
    """A choice of cards by how they behave; `without`: none is a choice too."""
    kinds = [*CARDS, *(["none"] if without else [])]
    choices = "".join(
        f'<label><input type="radio" name="card" value="{kind}"'
        f"{' checked' if kind == 'ok' else ''}> {say[kind]}</label>"
        for kind in kinds
    )
    return f"<fieldset><legend>{say['card']}</legend>{choices}</fieldset>"


def button(act: str, text: str, *, main: bool = False) -> str:
    mark = ' class="main"' if main else ""
    return f'<button{mark} name="act" value="{act}">{escape(text)}</button>'


def form(action: str, inside: str, hidden: Iterable[tuple[str, str]] = ()) -> str:
    kept = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden
    )
    return f'<form method="post" action="{escape(action)}">{kept}{inside}</form>'


def question(action: str, hidden: Iterable[tuple[str, str]], say: Words) -> str:
    """What a bank asks when it wants its customer to confirm."""
    yes = button("confirm", say["confirm_yes"], main=True)
    inside = f'<div class="row">{yes}{button("refuse", say["confirm_no"])}</div>'
    return document(say["confirm"], form(action, inside, hidden), say)
