"""What is said of numbers that looked wrong: in the sheet, by the run, in the console."""

from datetime import datetime, timedelta

from app.stock.read import ShopRow
from domain.both import Both
from domain.doubt import AGAIN, Seen, Standing
from domain.snapshot import MOSCOW
from domain.table.words import Words, moment

A_DAY = timedelta(days=1)
"""How long it is told that numbers which looked wrong are right."""

PIECES = Words(ru="остатки: было {was} шт., стало {now}", en="stock: {was} pcs before, {now} now")
PRODUCTS = Words(
    ru="товаров с остатками, о которых ответ молчит: {lost}",
    en="products with stock that the answer does not speak of: {lost}",
)
SUMS = Words(ru="числа противоречат друг другу", en="its numbers contradict each other")
HELD = Words(
    ru="Новый ответ Wildberries похож на ошибку ({what}): прежние числа остаются, перечитаем "
    "в {at} (Мск)",
    en="The new answer of Wildberries looks wrong ({what}): the former numbers stay, and it is "
    "read again at {at} (Moscow)",
)
CONFIRMED = Words(
    ru="{what}. Это подтвердило второе чтение Wildberries {at} (Мск)",
    en="{what}. A second reading of Wildberries confirmed it, {at} (Moscow)",
)
ACCEPTED = Words(
    ru="{what}. Новые данные приняты в Stock Tracker {at} (Мск)",
    en="{what}. The new data were accepted in Stock Tracker, {at} (Moscow)",
)
_SETTLED = {Standing.CONFIRMED: CONFIRMED, Standing.ACCEPTED: ACCEPTED}


def what(seen: Seen) -> Words:
    """In one clause, what is wrong with a reading; in the sheet it stands in parentheses."""
    told = [PIECES] if seen.now < seen.was else []
    told += [PRODUCTS] if seen.lost else []
    figures = {
        "ru": {"was": _number(seen.was), "now": _number(seen.now), "lost": seen.lost},
        "en": {"was": f"{seen.was:,}", "now": f"{seen.now:,}", "lost": seen.lost},
    }
    ru, en = ("; ".join(each.say(tongue, **figures[tongue]) for each in told) for tongue in figures)
    return Words(ru=ru, en=en)


def held(wrong: Words, at: datetime) -> Both:
    """Why a run waits for the second reading, after one of this moment."""
    until = f"{(at + AGAIN).astimezone(MOSCOW):%H:%M}"
    return HELD.both(what=wrong.both(), at=until)


def settled(row: ShopRow, now: datetime) -> Words | None:
    """For a day: what looked wrong, and what spoke for it."""
    words = _SETTLED.get(Standing(row.doubt)) if row.doubt else None
    since = row.doubt_since
    if words is None or since is None or now - since >= A_DAY:
        return None
    said = what(row.seen).both()
    ru, en = (
        words.say(tongue, what=_begun(said.told(tongue)), at=_moment(since, tongue))
        for tongue in ("ru", "en")
    )
    return Words(ru=ru, en=en)


def remarks(row: ShopRow, now: datetime, language: str) -> tuple[str, ...]:
    """The same as a line of the first cell's note."""
    told = settled(row, now)
    return (f"{told.say(language)}.",) if told else ()


def _moment(at: datetime, language: str) -> str:
    return moment(at.astimezone(MOSCOW), language)


def _begun(clause: str) -> str:
    return clause[:1].upper() + clause[1:]


def _number(n: int) -> str:
    """Thousands apart, as Russians write them; the blank does not break."""
    return f"{n:,}".replace(",", "\N{NO-BREAK SPACE}")
