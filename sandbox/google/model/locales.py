"""How a spreadsheet's locale writes numbers and dates, since pasted text is read by it."""

from typing import Final, NamedTuple


class Locale(NamedTuple):
    """Decimal sign, sign between thousands, order of a numeric date and its separator."""

    decimal: str
    group: str
    order: str
    separator: str

    @property
    def date_pattern(self) -> str:
        names = {"d": "dd", "m": "mm", "y": "yyyy"}
        if self.order == "mdy":
            names = {"d": "d", "m": "m", "y": "yyyy"}
        return self.separator.join(names[part] for part in self.order)


_SPACE: Final = "\u00a0"
_KNOWN: Final = {
    "ru": Locale(",", _SPACE, "dmy", "."),
    "uk": Locale(",", _SPACE, "dmy", "."),
    "be": Locale(",", _SPACE, "dmy", "."),
    "kk": Locale(",", _SPACE, "dmy", "."),
    "de": Locale(",", ".", "dmy", "."),
    "fr": Locale(",", _SPACE, "dmy", "/"),
    "it": Locale(",", ".", "dmy", "/"),
    "es": Locale(",", ".", "dmy", "/"),
    "pl": Locale(",", _SPACE, "dmy", "."),
    "tr": Locale(",", ".", "dmy", "."),
    "en_GB": Locale(".", ",", "dmy", "/"),
    "zh": Locale(".", ",", "ymd", "/"),
    "ja": Locale(".", ",", "ymd", "/"),
    "ko": Locale(".", ",", "ymd", "-"),
}
_ENGLISH: Final = Locale(".", ",", "mdy", "/")


def locale_of(name: str) -> Locale:
    """The rules of `ru_RU`, `en_US`, `de`, …; English ones for an unknown name."""
    return _KNOWN.get(name) or _KNOWN.get(name.partition("_")[0], _ENGLISH)
