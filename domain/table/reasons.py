"""What the figures of a check are called, why they differ, and what she can do about it."""

from collections.abc import Mapping, Sequence

from domain.cabinet import Figure
from domain.fact import fact
from domain.reconciliation import Reason
from domain.table.words import Words


@fact
class Because:
    """A reason in words, and its cure."""

    why: Words
    cure: Words


FIGURES: Mapping[Figure, Words] = {
    Figure.STOCK: Words(ru="Остатки (всего)", en="Stock (total)"),
    Figure.TO_CLIENT: Words(ru="В пути до покупателя", en="In transit to buyer"),
    Figure.RETURNS: Words(ru="В пути возвраты", en="Returns in transit"),
    Figure.ORDERS: Words(ru="Заказы (всего)", en="Orders (total)"),
    Figure.AVERAGE: Words(ru="Заказов в день", en="Orders per day"),
    Figure.TURNOVER: Words(ru="Оборачиваемость (дни)", en="Turnover (days)"),
}
_NOTHING = Words(ru="Ничего", en="Nothing")
_NONE = Words(ru="–", en="–")
REASONS: Mapping[Reason, Because] = {
    Reason.LAG: Because(
        why=Words(
            ru="Отчёты WB обновляются раз в 30–60 минут: снимки сделаны в разное время",
            en="Reports refresh every 30–60 minutes: both were taken at different times",
        ),
        cure=_NOTHING,
    ),
    Reason.CANCELLED: Because(
        why=Words(
            ru="Кабинет считает и отменённые заказы, в «Заказы» их нет",
            en="The cabinet counts cancelled orders, Orders do not",
        ),
        cure=_NOTHING,
    ),
    Reason.UNPAID: Because(
        why=Words(
            ru="Заказы без подтверждённой оплаты (рассрочка) есть только в ленте заказов",
            en="Unpaid orders are only in the order feed",
        ),
        cure=_NOTHING,
    ),
    Reason.BOUNDARY: Because(
        why=Words(ru="Граница дня: считаем по Москве", en="Day edge: we count Moscow days"),
        cure=_NOTHING,
    ),
    Reason.LATE_CHANGE: Because(
        why=Words(ru="Заказ изменился после нашего чтения", en="Changed after our read"),
        cure=Words(ru="Ничего, обновится", en="Nothing, will update"),
    ),
    Reason.SCOPE: Because(
        why=Words(
            ru="У токена нет доступа к складам продавца",
            en="The token cannot read the seller's warehouses",
        ),
        cure=Words(
            ru="Выпустите токен с «Маркетплейс»", en="Issue a token with the category Marketplace"
        ),
    ),
    Reason.DELETED_CARD: Because(
        why=Words(ru="Карточка удалена в кабинете", en="The card was deleted"),
        cure=Words(ru="Проверьте корзину карточек", en="Check the deleted cards"),
    ),
    Reason.ROUNDING: Because(
        why=Words(
            ru="Кабинет округляет среднее и часы", en="The cabinet rounds the average and hours"
        ),
        cure=_NOTHING,
    ),
    Reason.FOLLOWS: Because(
        why=Words(ru="Следует из разницы выше", en="Follows from the line above"),
        cure=_NONE,
    ),
    Reason.NOT_COMPUTED: Because(
        why=Words(
            ru="Кабинет не рассчитал показатель", en="The cabinet did not work this figure out"
        ),
        cure=_NOTHING,
    ),
    Reason.SHORT_REPORT: Because(
        why=Words(ru="Отчёт кабинета пришёл не весь", en="The cabinet's report came short"),
        cure=Words(ru="Повторим сами", en="We ask again"),
    ),
    Reason.STALE: Because(
        why=Words(
            ru="Наши данные старше отчёта больше чем на 90 минут",
            en="Our data are more than 90 minutes older than the report",
        ),
        cure=Words(ru="Смотрите примечание A1 на «Stock Tracker»", en="See A1 of “Stock Tracker”"),
    ),
    Reason.UNEXPLAINED: Because(
        why=Words(ru="Причина не найдена, разбираемся", en="Not found, being examined"),
        cure=Words(ru="Напишите нам, если срочно", en="Write to us if it is urgent"),
    ),
}
_ALSO = "; "


def reason(reasons: Sequence[Reason], language: str) -> str:
    """In one sentence, whether it is one or two."""
    return _ALSO.join(REASONS[each].why.say(language) for each in reasons)


def curable(reasons: Sequence[Reason]) -> bool:
    """Is there anything to do about it?"""
    return any(REASONS[each].cure not in (_NOTHING, _NONE) for each in reasons)


def cure(reasons: Sequence[Reason], language: str) -> str:
    """What helps, each once."""
    return _ALSO.join(dict.fromkeys(REASONS[each].cure.say(language) for each in reasons))
