"""The sentences of this neighbour, keyed by cause: each is said in Russian and in English."""

from domain.both import Both, half
from domain.fact import fact


@fact
class Words:
    """One sentence twice. `cause` is the stable word that an exception carries."""

    cause: str
    ru: str
    en: str


_CURE_RU = (
    "Создайте новый токен: Кабинет WB → Настройки → Доступ к API. Категории: Контент, Аналитика, "
    "Статистика, Маркетплейс, Поставки; «Только на чтение»."
)
_CURE_EN = (
    "Make a new one: WB account → Settings → API access. Categories: Content, Analytics, "
    "Statistics, Marketplace, Supplies; read-only."
)

SENTENCES = {
    "token_shape": Words(
        cause="token_dead",
        ru=f"Это не токен Wildberries: {{what}}. Скопируйте его целиком. {_CURE_RU}",
        en=f"This is not a Wildberries token: {{what}}. Copy all of it. {_CURE_EN}",
    ),
    "token_expired": Words(
        cause="token_dead",
        ru=f"Срок токена Wildberries истёк {{on}}. {_CURE_RU}",
        en=f"The Wildberries token expired on {{on}}. {_CURE_EN}",
    ),
    "token_dead": Words(
        cause="token_dead",
        ru=f"Токен Wildberries не работает: отозван или испорчен. {_CURE_RU}",
        en=f"The Wildberries token no longer works: withdrawn or damaged. {_CURE_EN}",
    ),
    "test_token": Words(
        cause="no_scope",
        ru="Это тестовый токен: он открывает только песочницу Wildberries, ваших данных в ней нет. "
        f"{_CURE_RU}",
        en="This is a test token: it opens Wildberries' sandbox alone, which has no data of yours. "
        f"{_CURE_EN}",
    ),
    "no_scope": Words(
        cause="no_scope",
        ru="Wildberries не пускает токен к методу «{title}». Выпустите токен с "
        "категорией «{category}»: Кабинет WB → Настройки → Доступ к API.",
        en="Wildberries does not let the token read “{title}”. Issue one with the category "
        "“{category}”: WB account → Settings → API access.",
    ),
    "no_funds": Words(
        cause="no_funds",
        ru="Wildberries не пускает к методу «{title}»: на балансе сервиса в каталоге "
        "решений нет средств.",
        en="Wildberries refuses “{title}”: the service's balance in its catalogue is empty.",
    ),
    "method_off": Words(
        cause="method_off",
        ru="Wildberries отключил «{title}». Проверяем каждый час; делать ничего не нужно.",
        en="Wildberries switched off “{title}”. We re-check hourly; nothing to do.",
    ),
    "no_quota": Words(
        cause="no_quota",
        ru="Лимит запросов Wildberries для «{title}»: следующее окно в {at} (Мск).",
        en="Wildberries request limit for “{title}”: next slot at {at} (Moscow).",
    ),
    "not_ready": Words(
        cause="outage",
        ru="Wildberries ещё готовит «{title}». Заберём, как только будет готово.",
        en="Wildberries is still preparing “{title}”. We fetch it as soon as it is ready.",
    ),
    "outage": Words(
        cause="outage",
        ru="Wildberries не отвечает на запрос «{title}» ({what}). Повторим сами.",
        en="Wildberries does not answer “{title}” ({what}). We will try again.",
    ),
    "away": Words(
        cause="outage",
        ru="Wildberries с {since} не отвечает на запрос «{title}» никому ({what}). "
        "Повторим сами в {at} (Мск).",
        en="Wildberries has not answered “{title}” for anybody since {since} ({what}). "
        "We try again at {at} (Moscow).",
    ),
    "malformed": Words(
        cause="malformed",
        ru="Ответ Wildberries на «{title}» не такой, как обещано: {what}. Прежние числа сохранены.",
        en="The answer of Wildberries to “{title}” is not as promised: {what}. Old numbers kept.",
    ),
    "name_in": Words(
        cause="new_place",
        ru="Новое место в отчёте об остатках: «{name}», учтено в «Склад WB».",
        en="New place in the stock report: “{name}”, counted in WB warehouses.",
    ),
    "name_out": Words(
        cause="new_pseudo",
        ru="Новая строка в отчёте об остатках: «{name}» не входит в итог, в остатки не добавлена.",
        en="New line in the stock report: “{name}” is outside the total, not counted as stock.",
    ),
}


def say(sentence: str, **facts: str | Both) -> str:
    """A sentence of the catalogue in both languages, as a refusal carries it."""
    words = SENTENCES[sentence]
    ru, en = (
        told.format_map({name: half(each, language) for name, each in facts.items()})
        for language, told in (("ru", words.ru), ("en", words.en))
    )
    return str(Both(ru=ru, en=en))
