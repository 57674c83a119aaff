"""Every fact as one sentence, in Russian and in English; secrets never stand in a fact.

Russian verbs have a gender and people do not tell us theirs, so the person comes first and what was
done follows as a state: «Анна Котова: подключён магазин «Рыжий кот»».
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from app.audit import run_sentences, sheet_sentences, stock_sentences
from domain import fleet, health, notices, shop, subscription, tenant, user
from domain.access import Role
from domain.doubt import Doubt
from domain.fact import fact
from domain.plan import Plan
from domain.schedule import Schedule
from domain.schedule_words import in_words
from domain.snapshot import MOSCOW
from domain.table.words import Words, day, moment

SENTENCES: Mapping[type, Words] = {
    **run_sentences.SENTENCES,
    **stock_sentences.SENTENCES,
    tenant.Registered: Words(
        ru="{who}: компания зарегистрирована", en="{who} registered the company"
    ),
    tenant.MemberJoined: Words(
        ru="{who}: в компании новый участник, {user_id}, роль «{role}»",
        en="{who} brought {user_id} into the company as {role}",
    ),
    tenant.MemberLeft: Words(
        ru="{who}: из компании вышел участник, {user_id}",
        en="{who} took {user_id} out of the company",
    ),
    tenant.AuditExported: Words(
        ru="{who}: выгружен журнал ({format}{filter}), {since} {until}",
        en="{who} exported the audit log ({format}{filter}), {since} {until}",
    ),
    tenant.ReadByStaff: Words(
        ru="{who}: просмотр данных компании, основание: {reason}",
        en="{who} looked into the company's data, reason: {reason}",
    ),
    notices.NoticesChosen: Words(
        ru="{who}: письма для {user_id} теперь: {kinds}",
        en="{who} chose what {user_id} is told of by mail: {kinds}",
    ),
    shop.ShopConnected: Words(
        ru="{who}: подключён магазин «{shop_id}» (продавец {seller_id} на {marketplace}), "
        "токен {expires_at}",
        en="{who} connected the shop “{shop_id}” (seller {seller_id} on {marketplace}), "
        "token {expires_at}",
    ),
    shop.TokenReplaced: Words(
        ru="{who}: у магазина «{shop_id}» новый токен, {expires_at}",
        en="{who} gave the shop “{shop_id}” a new token, {expires_at}",
    ),
    shop.ShopDisconnected: Words(
        ru="{who}: магазин «{shop_id}» отключён", en="{who} disconnected the shop “{shop_id}”"
    ),
    shop.SheetConnected: Words(
        ru="{who}: к магазину «{shop_id}» подключена таблица {spreadsheet_id}",
        en="{who} connected the sheet {spreadsheet_id} to the shop “{shop_id}”",
    ),
    shop.ScheduleSet: Words(
        ru="{who}: магазин «{shop_id}», новое расписание: {schedule}",
        en="{who} gave the shop “{shop_id}” a new schedule: {schedule}",
    ),
    **sheet_sentences.SENTENCES,
    shop.SyncRequested: Words(
        ru="{who}: запрошено обновление магазина «{shop_id}»",
        en="{who} asked for a sync of the shop “{shop_id}”",
    ),
    health.ShopBroke: Words(
        ru="{who}: магазин «{shop_id}» больше не обновляется: {cause}",
        en="{who} can no longer sync the shop “{shop_id}”: {cause}",
    ),
    health.ShopRecovered: Words(
        ru="{who}: магазин «{shop_id}» снова обновляется",
        en="{who} can sync the shop “{shop_id}” again",
    ),
    health.TokenExpiring: Words(
        ru="{who}: токен магазина «{shop_id}» скоро закончится, он действует {expires_at}",
        en="{who} saw that the token of the shop “{shop_id}” ends soon; it works {expires_at}",
    ),
    health.HourMissed: Words(
        ru="{who}: таблица магазина «{shop_id}» не обновлена к своему часу, {hour}",
        en="{who} saw that the sheet of the shop “{shop_id}” was not fresh by its hour, {hour}",
    ),
    subscription.Started: Words(
        ru="{who}: начат тариф «{plan}»", en="{who} started the {plan} plan"
    ),
    subscription.LimitsKept: Words(
        ru="{who}: сохранены прежние пределы: товаров {products}, обновление раз в {interval} мин",
        en="{who} kept the limits from before: {products} products, an update each {interval} min",
    ),
    fleet.StaffAppointed: Words(
        ru="{who}: {user_id} теперь работает в поддержке", en="{who} appointed {user_id} as staff"
    ),
    fleet.StaffDismissed: Words(
        ru="{who}: {user_id} больше не работает в поддержке",
        en="{who} dismissed {user_id} from the staff",
    ),
    fleet.ReadByStaff: Words(
        ru="{who}: просмотр данных всех компаний, основание: {reason}",
        en="{who} looked at all companies' data, reason: {reason}",
    ),
    fleet.AuditExported: Words(
        ru="{who}: выгружен журнал всех компаний ({format}{filter}), {since} {until}",
        en="{who} exported the log of what concerns all companies ({format}{filter}), "
        "{since} {until}",
    ),
    fleet.WorkerDrained: Words(
        ru="{who}: обработчик {worker} больше не берёт заданий",
        en="{who} asked the worker {worker} to drain",
    ),
    user.Registered: Words(ru="{who}: регистрация", en="{who} registered"),
    user.SignedIn: Words(ru="{who}: вход", en="{who} signed in"),
    user.SignedOut: Words(ru="{who}: выход", en="{who} signed out"),
    user.Erased: Words(
        ru="{who}: все личные данные учётной записи удалены",
        en="{who} erased all personal data of the account",
    ),
    user.SessionStolen: Words(
        ru="{who}: ключ входа использован дважды, вход закрыт для обоих",
        en="{who} had a refresh token used twice, so both holders were signed out",
    ),
}
OF_HERSELF: Mapping[type, Words] = {
    tenant.MemberJoined: Words(
        ru="{who}: вступление в компанию, роль «{role}»", en="{who} joined the company as {role}"
    ),
    notices.NoticesChosen: Words(
        ru="{who}: выбраны письма: {kinds}", en="{who} chose what to be told of by mail: {kinds}"
    ),
    tenant.MemberLeft: Words(ru="{who}: выход из компании", en="{who} left the company"),
}
"""What a person did with herself reads otherwise than what she did with somebody else."""

UNKNOWN = Words(
    ru="{who}: {name} (событие новой версии, эта его не знает)",
    en="{who}: {name} (a fact of a newer version, unknown to this one)",
)
ERASED = Words(ru="удалённый пользователь", en="erased person")
ONLY = Words(ru="; только {filter}", en="; only {filter}")
UNNAMED = Words(ru="без имени", en="without a name")
UNTIL = Words(ru="до {day}", en="until {day}")
NEVER = Words(ru="бессрочный", en="without an end")
TIMES: Mapping[str, tuple[Words, Words]] = {
    "expires_at": (UNTIL, NEVER),
    "hour": (Words(ru="{moment} МСК", en="{moment} Moscow time"), NEVER),
    "since": (
        Words(ru="с {moment} МСК", en="from {moment} Moscow time"),
        Words(ru="с самого начала", en="from the beginning"),
    ),
    "until": (
        Words(ru="до {moment} МСК", en="to {moment} Moscow time"),
        Words(ru="до конца", en="to the end"),
    ),
}
"""A field's time, and what stands there without one."""
SOURCES: Mapping[str, Words] = {
    "run": Words(ru="Stock Tracker", en="Stock Tracker"),
    "schedule": Words(ru="Расписание", en="The schedule"),
    "stripe": Words(ru="Stripe", en="Stripe"),
    "staff": Words(ru="Поддержка Stock Tracker", en="Stock Tracker's staff"),
    "cli": Words(ru="Администратор сервера", en="The server's administrator"),
    "mail": Words(ru="Ссылка в письме", en="A link in a mail"),
}
ROLES: Mapping[str, Words] = {
    Role.OWNER: Words(ru="владелец", en="owner"),
    Role.ADMIN: Words(ru="администратор", en="admin"),
    Role.MEMBER: Words(ru="участник", en="member"),
    Role.VIEWER: Words(ru="наблюдатель", en="viewer"),
}
CAUSES: Mapping[str, Words] = {
    "token_dead": Words(ru="токен не работает", en="its token no longer works"),
    "no_funds": Words(ru="на балансе сервиса нет средств", en="the service's balance is empty"),
    "no_scope": Words(ru="токену не хватает прав", en="its token lacks a right"),
    "method_off": Words(
        ru="Wildberries отключил нужный отчёт", en="Wildberries switched off a report it needs"
    ),
    "sheet_unshared": Words(ru="нет доступа к таблице", en="its sheet is not shared with us"),
    "sheet_deleted": Words(ru="таблица удалена", en="its sheet was deleted"),
    "sheet_protected": Words(ru="таблица защищена", en="its sheet is protected"),
    "sheet_full": Words(ru="таблица заполнена до предела Google", en="its sheet is full"),
    **sheet_sentences.CAUSES,
}
KINDS: Mapping[str, Words] = {
    "token_expiring": Words(ru="токен скоро закончится", en="a token that ends soon"),
    "token_dead": Words(ru="токен не работает", en="a token that no longer works"),
    "sheet": Words(ru="нет доступа к таблице", en="a sheet that cannot be written"),
    "late": Words(ru="таблица опаздывает", en="a sheet that is late"),
    "recovered": Words(ru="всё снова в порядке", en="that all is well again"),
}
NOTHING = Words(ru="никаких", en="nothing")
PLANS: Mapping[str, Words] = {
    Plan.FREE: Words(ru="Бесплатный", en="Free"),
    Plan.STARTER: Words(ru="Starter", en="Starter"),
    Plan.PRO: Words(ru="Pro", en="Pro"),
    Plan.ENTERPRISE: Words(ru="Enterprise", en="Enterprise"),
}
MARKETPLACES: Mapping[str, Words] = {
    "wildberries": Words(ru="Wildberries", en="Wildberries"),
}
_WORDS = {
    (name, value): words
    for name, table in (
        ("role", ROLES),
        ("cause", CAUSES),
        ("plan", PLANS),
        ("marketplace", MARKETPLACES),
    )
    for value, words in table.items()
}


@fact
class Names:
    """Who and what ids stand for, as far as it is still known, in one language."""

    known: Mapping[UUID, str]
    language: str

    def person(self, person: UUID) -> str:
        """Her name, or that she is gone."""
        return self.known.get(person) or ERASED.say(self.language)

    def thing(self, thing: UUID) -> str:
        """What people call it, or that nobody named it."""
        return self.known.get(thing) or UNNAMED.say(self.language)


def sentence(event: object, actor: UUID | None, source: str, names: Names) -> str:
    """What happened, in one sentence without its full stop."""
    shown = {name: said(name, getattr(event, name), names) for name in _fields(event)}
    shop_id = getattr(event, "shop_id", None)
    shop_name = "" if shop_id is None else names.thing(shop_id)
    shown |= run_sentences.more_of(event, shop_name, names.language)
    shown |= sheet_sentences.more_of(event, names.language)
    shown |= stock_sentences.more_of(event, names.language)
    herself = actor is not None and getattr(event, "user_id", None) == actor
    words = OF_HERSELF.get(type(event)) if herself else None
    person = who(actor, source, names)
    return (words or SENTENCES[type(event)]).say(names.language, who=person, **shown)


def unknown(name: str, actor: UUID | None, source: str, names: Names) -> str:
    """The same for a stored fact that cannot be read."""
    return UNKNOWN.say(names.language, who=who(actor, source, names), name=name)


def who(actor: UUID | None, source: str, names: Names) -> str:
    """The person, or the machine, that a fact is owed to. Our staff has no names here."""
    if actor is not None and source != "staff":
        return names.person(actor)
    return SOURCES[source].say(names.language) if source in SOURCES else source


def ids(event: object) -> set[UUID]:
    """Whose names its sentence needs."""
    return {value for each in _fields(event) if isinstance(value := getattr(event, each), UUID)}


def said(name: str, value: object, names: Names) -> object:  # noqa: PLR0911 - a table
    """A field of a fact as a person reads it."""
    words = _WORDS.get((name, value)) if isinstance(value, str) else None
    match words or value:
        case str() | None as chosen if name == "filter":
            return ONLY.say(names.language, filter=chosen) if chosen else ""
        case Words() as known:
            return known.say(names.language)
        case tuple() as kinds if name == "kinds":
            return ", ".join(
                KINDS[each].say(names.language) for each in kinds if each in KINDS
            ) or (NOTHING.say(names.language))
        case UUID() as who_or_what:
            return (names.person if name == "user_id" else names.thing)(who_or_what)
        case Schedule() as schedule:
            return in_words(schedule, names.language)
        case Doubt() as doubt:
            return sheet_sentences.standing(doubt, names.language)
        case datetime() | None as at:
            return _time(name, at, names.language)
        case plain:
            return plain


def _time(name: str, at: datetime | None, language: str) -> str:
    some, none = TIMES.get(name, (UNTIL, NEVER))
    if at is None:
        return none.say(language)
    there = at.astimezone(MOSCOW)
    return some.say(language, day=day(there, language), moment=moment(there, language))


def _fields(event: Any) -> list[str]:  # noqa: ANN401 - any fact
    return [each.name for each in fields(event)]
