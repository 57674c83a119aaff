"""The terms of a shop as a form has them: what was typed, and what is wrong with it."""

from collections.abc import Mapping
from uuid import UUID

from app.stock.read import ShopRow
from app.web.console import Form
from domain.errors import Invalid
from domain.replenishment import BOUNDS
from domain.terms import ChangeTerms


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


WRONG: Mapping[str, str] = {
    "lead": _("The lead time is whole days, 0 to 365."),
    "cover": _("The cover is whole days, 0 to 365."),
    "pack": _("The pack size is whole pieces, 1 to 100,000."),
    "safety": _("The safety stock is whole days, 0 to 365."),
}
"""What is said of a field that holds something else."""
LONGEST = 20
"""Letters of a field that are shown again."""


def command(shop_id: UUID, form: Form) -> ChangeTerms:
    """Raises Invalid, with all that is wrong."""
    told = {name: _number(form.text(name), *BOUNDS[name]) for name in WRONG}
    if wrong := [(name, WRONG[name]) for name, value in told.items() if value is None]:
        raise Invalid.together(wrong)
    return ChangeTerms(shop_id=shop_id, **told)


def as_they_are(shop: ShopRow) -> Mapping[str, str]:
    return {name: str(getattr(shop.terms, name)) for name in WRONG}


def as_typed(form: Form) -> Mapping[str, str]:
    return {name: form.text(name)[:LONGEST] for name in WRONG}


def _number(text: str, least: int, most: int) -> int | None:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(most))):
        return None
    return int(digits) if least <= int(digits) <= most else None
