"""Why figures are old or blank, and what she can do about it: one catalogue for every place."""

from domain.fact import fact
from domain.table.words import Words


@fact
class Cause:
    """`banner` stands in the first cell, `cure` in its note."""

    banner: Words
    cure: Words


AGED = Cause(
    banner=Words(
        ru="⚠ Нет обновления с {t} (Мск). Причина и что сделать: в Stock Tracker{mail}",
        en="⚠ No update since {t} (Moscow). Cause and cure: in Stock Tracker{mail}",
    ),
    cure=Words(
        ru="Откройте Stock Tracker, раздел «Магазины».",
        en="Open Stock Tracker, section Shops.",
    ),
)

_WRONG = Words(
    ru="⚠ Данные на {t}. Новый ответ Wildberries похож на ошибку ({what}); перечитываем. "
    "Прежние числа сохранены",
    en="⚠ Data of {t}. The new answer looks wrong ({what}); reading again. Old numbers kept",
)
BY_MAIL = Words(ru=" и в письме", en=" and in the mail")

CAUSES: dict[str, Cause] = {
    "token_dead": Cause(
        banner=Words(
            ru="⚠ Данные на {t}. Токен Wildberries не работает: создайте новый и вставьте "
            "в Stock Tracker",
            en="⚠ Data of {t}. The Wildberries token no longer works: make a new one and paste "
            "it into Stock Tracker",
        ),
        cure=Words(
            ru="Кабинет WB → Настройки → Доступ к API. Категории: Контент, Аналитика, "
            "Статистика, Маркетплейс, Поставки; «Только на чтение».",
            en="WB account → Settings → API access. Categories: Content, Analytics, Statistics, "
            "Marketplace, Supplies; read only.",
        ),
    ),
    "method_off": Cause(
        banner=Words(
            ru="⚠ Данные на {t}. Wildberries отключил отчёт «{report}». Ждём, проверяем каждый "
            "час; делать ничего не нужно",
            en='⚠ Data of {t}. Wildberries switched off "{report}". We re-check hourly; '
            "nothing to do",
        ),
        cure=Words(
            ru="Числа в таблице прежние и целые.",
            en="The numbers in the sheet are the former ones, and whole.",
        ),
    ),
    "held_back": Cause(
        banner=_WRONG,
        cure=Words(
            ru="Если товар действительно вывезен: «Принять новые данные» в Stock Tracker.",
            en='If the goods really left: "Accept the new data" in Stock Tracker.',
        ),
    ),
    "contradiction": Cause(
        banner=_WRONG,
        cure=Words(
            ru="Делать ничего не нужно: перечитаем сами, пока ответ не сойдётся.",
            en="Nothing to do: it is read again until the answer adds up.",
        ),
    ),
    "over_plan": Cause(
        banner=Words(
            ru="⚠ Данные на {t}. Товаров больше, чем в тарифе ({have} из {may}): обновление "
            "остановлено",
            en="⚠ Data of {t}. More products than the plan holds ({have} of {may}): the sync has "
            "stopped",
        ),
        cure=Words(
            ru="Смените тариф; таблица не обрезана, строки все на месте.",
            en="Change the plan; the sheet is not cut, all its rows are in place.",
        ),
    ),
    "our_outage": Cause(
        banner=Words(
            ru="⚠ Данные на {t}. Сбой на нашей стороне, чиним; делать ничего не нужно",
            en="⚠ Data of {t}. A fault on our side, we are on it; nothing to do",
        ),
        cure=Words(
            ru="Следующее обновление: {when} (Мск).",
            en="Next update: {when} (Moscow).",
        ),
    ),
    "no_quota": Cause(
        banner=Words(
            ru="⚠ Данные на {t}. Лимит запросов Wildberries: следующее окно в {at}",
            en="⚠ Data of {t}. Wildberries request limit: next slot at {at}",
        ),
        cure=Words(
            ru="С сервисным токеном окна чаще.",
            en="With a service token the slots come more often.",
        ),
    ),
    "sheet_full": Cause(
        banner=Words(
            ru="⚠ Данные на {t}. Файл упёрся в 10 000 000 ячеек: удалите пустые строки "
            "и столбцы на других вкладках",
            en="⚠ Data of {t}. The file reached 10,000,000 cells: delete empty rows "
            "and columns in other tabs",
        ),
        cure=Words(
            ru="Числа в таблице прежние и целые{need}.",
            en="The numbers in the sheet are the former ones, and whole{need}.",
        ),
    ),
}
"""By the stable word of a run's failure; unshared, deleted and protected cannot be written."""
