"""The yellow terms above «Пополнение»: what they begin with, and what she has typed since."""

from collections.abc import Mapping, Sequence

from domain.fact import fact
from domain.replenishment import BOUNDS, Terms
from domain.table.columns import KEY
from domain.table.keyed import Term
from domain.table.numbers import Value
from domain.table.words import Words

WRONG = Words(
    ru="В ячейке {cell} («{caption}») нет целого числа от {least} до {most}. Впишите его: формулы "
    "вкладки считают по тому, что в ней, а везде кроме неё пока действует {stands}",
    en='Cell {cell} ("{caption}") holds no whole number from {least} to {most}. Type one there: '
    "formulas of the tab go by what it holds, everywhere else {stands} holds until then",
)


@fact
class Yellow:
    """A term of hers. `field`: of `Terms`; `name`: in formulas; `tag`: of the column it stands in;
    `taken`: what a run says of a new one."""

    field: str
    name: str
    tag: str
    caption: Words
    taken: Words


YELLOW = (
    Yellow(
        field="lead",
        name="lead",
        tag=KEY,
        caption=Words(ru="Срок поставки, дней", en="Lead time, days"),
        taken=Words(
            ru="Срок поставки {n} дн. взят из ячейки {cell}",
            en="Lead time {n} days taken from {cell}",
        ),
    ),
    Yellow(
        field="cover",
        name="cover_days",
        tag="sku",
        caption=Words(ru="Запас на, дней", en="Cover, days"),
        taken=Words(
            ru="Запас на {n} дн. взят из ячейки {cell}", en="Cover {n} days taken from {cell}"
        ),
    ),
    Yellow(
        field="pack",
        name="pack",
        tag="subject",
        caption=Words(ru="Кратность, шт", en="Pack size"),
        taken=Words(
            ru="Кратность {n} шт. взята из ячейки {cell}", en="Pack size {n} pcs taken from {cell}"
        ),
    ),
    Yellow(
        field="safety",
        name="safety_days",
        tag="stock",
        caption=Words(ru="Страховой запас, дней", en="Safety stock, days"),
        taken=Words(
            ru="Страховой запас на {n} дн. взят из ячейки {cell}",
            en="Safety stock {n} days taken from {cell}",
        ),
    ),
)


@fact
class Typed:
    """What holds by her cells; of one that holds no such number, what held before. `told`: each
    that is new or wrong, in a sentence."""

    terms: Terms
    told: Sequence[str]


def begun(terms: Terms) -> tuple[Term, ...]:
    """As a new tab shows them."""
    return tuple(
        Term(
            name=each.name,
            tag=each.tag,
            caption=each.caption,
            value=getattr(terms, each.field),
        )
        for each in YELLOW
    )


def typed(
    stands: Mapping[str, int], cells: Mapping[str, tuple[str, Value]], language: str
) -> Typed:
    """`stands`: the value of each term until now, and `cells`: what stands where of those whose
    cell is there; both by the names of terms."""
    holds, told = {each.field: stands[each.name] for each in YELLOW}, []
    for each in YELLOW:
        if each.name not in cells:
            continue
        cell, value = cells[each.name]
        least, most = BOUNDS[each.field]
        n = _whole(value)
        if n is None or not least <= n <= most:
            said = {"caption": each.caption.say(language), "stands": holds[each.field]}
            told.append(WRONG.say(language, cell=cell, least=least, most=most, **said))
        elif n != holds[each.field]:
            holds[each.field] = n
            told.append(each.taken.say(language, n=n, cell=cell))
    return Typed(terms=Terms(**holds), told=told)


def _whole(value: Value) -> int | None:
    """A tick is no number, though it counts as one."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
