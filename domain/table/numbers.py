"""Numbers as pasted text, which Google reads like typing: only digits may ever get in."""

from collections.abc import Iterable

from domain.errors import Malformed

Value = int | float | str | None
"""Of a cell: a number, text, or blank."""

_COMMA = ("ru_RU", "uk_UA", "be_BY", "kk_KZ", "de_DE", "fr_FR", "it_IT", "es_ES", "pl_PL", "tr_TR")
_POINT = ("en_US", "en_GB", "zh_CN", "ja_JP", "ko_KR")
_SIGNS = {**dict.fromkeys(_COMMA, ","), **dict.fromkeys(_POINT, ".")}
_ALLOWED = dict.fromkeys(map(ord, "0123456789\t\n"))


def separator(locale: str) -> str | None:
    """The decimal sign of a spreadsheet's locale; None where it is unknown: do not paste then."""
    return _SIGNS.get(locale)


def pieces(value: int | None) -> str:
    """A whole number, or an empty field."""
    return "" if value is None else str(value)


def tenths(value: int | None, sign: str) -> str:
    """611 → 61,1. With a sign of another locale 12.5 would be read as the 12th of May."""
    return "" if value is None else f"{value // 10}{sign}{value % 10}"


def pasted(lines: Iterable[str], sign: str) -> str:
    """The text of one paste, tab between columns. Raises Malformed at anything but a number."""
    text = "\n".join(lines)
    if text.translate(_ALLOWED).replace(sign, ""):
        message = "Среди чисел оказалось не число. Ничего не отправлено."
        raise Malformed(message, cause="not_a_number")
    return text
