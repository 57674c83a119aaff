"""Amounts as people read them."""

from decimal import Decimal

from babel.core import UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision

OTHERWISE = {"isk": 2, "ugx": 2, "huf": 2, "twd": 2}
"""Stripe counts these in hundredths, whatever their coins (Supported currencies, Special cases)."""


def money(amount: int, currency: str, language: str) -> str:
    """`amount` in minor units; cents are left out where there are none: 990 ₽, 12,50 $."""
    code = currency.upper()
    digits = OTHERWISE.get(currency.lower(), get_currency_precision(code))
    value = Decimal(amount).scaleb(-digits)
    whole = value == value.to_integral_value()
    try:
        return format_currency(
            value,
            code,
            "#,##0.00 ¤" if not whole else "#,##0 ¤",
            locale=language,
            currency_digits=False,
        )
    except (UnknownLocaleError, ValueError):
        return f"{value} {code}"
