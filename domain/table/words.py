"""Says one thing in two languages, and writes a moment the way each of them does."""

from datetime import date, datetime

from domain.both import Both, half
from domain.fact import fact

OURS = "Stock Tracker · "
"""Every note of ours begins so; a note that does not is hers."""

_INNER = {"«": "„", "»": "“"}


@fact
class Words:
    """A sentence in Russian and English, with the same names in braces."""

    ru: str
    en: str

    def say(self, language: str, **values: object) -> str:
        """In the language; Russian for one that we do not speak."""
        return self.en.format(**values) if language == "en" else nested(self.ru.format(**values))

    def both(self, **values: object) -> Both:
        """In both languages; a value may be Both itself."""
        ru, en = (
            self.say(language, **{name: half(each, language) for name, each in values.items()})
            for language in ("ru", "en")
        )
        return Both(ru=ru, en=en)


def nested(text: str) -> str:
    """«ООО «Кот»» as «ООО „Кот“». Quotes that do not close are left as they are."""
    if text.count("«") < 2:  # noqa: PLR2004 -- one in another
        return text
    depth, inner = 0, list[str]()
    for letter in text:
        depth -= letter == "»"
        inner.append(_INNER.get(letter, letter) if depth > 0 else letter)
        depth += letter == "«"
    return "".join(inner) if depth == 0 else text


def day(at: date, language: str) -> str:
    """23.11.2026, or 2026-11-23."""
    return f"{at:%Y-%m-%d}" if language == "en" else f"{at:%d.%m.%Y}"


def moment(at: datetime, language: str) -> str:
    """The day and the minute, in the zone that `at` is in."""
    return f"{day(at, language)} {at:%H:%M}"


def days(first: date, last: date, language: str) -> str:
    """16.11–22.11.2026: a year is said once if it is one."""
    short = language != "en" and first.year == last.year
    start = f"{first:%d.%m}" if short else day(first, language)
    return f"{start}–{day(last, language)}"


def full_days(n: int, language: str) -> str:
    """7 полных дней: the ending follows the number."""
    if language == "en":
        return f"{n} full Moscow day{'' if n == 1 else 's'}"
    if n % 10 == 1 and n % 100 != 11:  # noqa: PLR2004 -- the grammar of Russian numbers
        return f"{n} полный день"
    few = n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14)
    return f"{n} полных {'дня' if few else 'дней'}"
