"""Why a column is blank: in the words of its header note, and what she can do about it."""

from domain.fact import fact
from domain.snapshot import Gap
from domain.table.words import Words


@fact
class Reason:
    """`because` goes on after a colon, `cure` is a sentence."""

    because: Words
    cure: Words


_WAIT = Words(
    ru="Ничего делать не нужно: прочитаем при следующем обновлении.",
    en="Nothing to do: it is read with the next update.",
)
_NOTHING = Words(ru="Ничего делать не нужно.", en="Nothing to do.")
_SCOPES = Words(
    ru="Выпустите токен с категориями «Аналитика», «Статистика» и «Маркетплейс» "
    "и вставьте его в Stock Tracker.",
    en="Issue a token with Analytics, Statistics and Marketplace and paste it into Stock Tracker.",
)
_MARKETPLACE = Words(
    ru="Выпустите токен с «Маркетплейс» и вставьте его в Stock Tracker.",
    en="Issue a token with Marketplace and paste it into Stock Tracker.",
)

BY_SOURCE: dict[str, Reason] = {
    "wb_stock": Reason(
        because=Words(
            ru="остатки на складах WB не прочитаны", en="stock at WB warehouses was not read"
        ),
        cure=_WAIT,
    ),
    "seller_stock": Reason(
        because=Words(
            ru="у токена нет доступа к складам продавца",
            en="the token cannot read seller warehouses",
        ),
        cure=_MARKETPLACE,
    ),
    "wb_named": Reason(
        because=Words(
            ru="Wildberries отдал одно число на все свои склады",
            en="Wildberries gave one figure for all of its warehouses",
        ),
        cure=_NOTHING,
    ),
    "orders": Reason(
        because=Words(ru="заказы не прочитаны", en="orders were not read"), cure=_WAIT
    ),
    "orders_by_place": Reason(
        because=Words(
            ru="Wildberries показывает заказы только по всем своим складам вместе",
            en="Wildberries shows orders for all of its warehouses together only",
        ),
        cure=_NOTHING,
    ),
    "supplies": Reason(
        because=Words(ru="поставки не прочитаны", en="supplies were not read"), cure=_WAIT
    ),
    "order_feed": Reason(
        because=Words(ru="лента заказов не прочитана", en="the order feed was not read"),
        cure=_WAIT,
    ),
}

BY_CAUSE: dict[str, Reason] = {
    "no_scope": Reason(
        because=Words(ru="у токена нет права на этот отчёт", en="the token lacks this right"),
        cure=_SCOPES,
    ),
    "no_funds": Reason(
        because=Words(
            ru="на балансе сервиса в каталоге Wildberries нет средств",
            en="the service's balance in the Wildberries catalogue is empty",
        ),
        cure=_WAIT,
    ),
    "method_off": Reason(
        because=Words(
            ru="Wildberries отключил этот отчёт", en="Wildberries switched this report off"
        ),
        cure=_WAIT,
    ),
    "no_quota": Reason(
        because=Words(
            ru="лимит запросов Wildberries исчерпан", en="the Wildberries request limit is reached"
        ),
        cure=_WAIT,
    ),
    "unread": Reason(
        because=Words(
            ru="ещё не прочитано, читаем раз в день", en="not read yet: it is read once a day"
        ),
        cure=_WAIT,
    ),
    "stale": Reason(
        because=Words(
            ru="не читается больше двух дней", en="it could not be read for more than two days"
        ),
        cure=Words(
            ru="Причина в Stock Tracker, в запусках магазина.",
            en="The runs of the shop in Stock Tracker say why.",
        ),
    ),
    "short_history": Reason(
        because=Words(
            ru="история короче трёх недель", en="the history is shorter than three weeks"
        ),
        cure=Words(
            ru="Ничего делать не нужно: появится сама.", en="Nothing to do: it comes by itself."
        ),
    ),
    "outage": Reason(
        because=Words(ru="Wildberries не ответил", en="Wildberries did not answer"), cure=_WAIT
    ),
}
_UNKNOWN = Reason(
    because=Words(ru="источник не прочитан", en="the source was not read"), cure=_WAIT
)


def explained(gap: Gap, language: str) -> tuple[str, str]:
    """The reason and the cure: of the cause, unless the source can be more exact."""
    reason = _EXACT.get((gap.source, gap.cause)) or BY_CAUSE.get(gap.cause)
    reason = reason or BY_SOURCE.get(gap.source) or _UNKNOWN
    return reason.because.say(language), reason.cure.say(language)


_EXACT = {("seller_stock", "no_scope"): BY_SOURCE["seller_stock"]}
