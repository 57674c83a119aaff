"""The audit log: every fact of the company as a sentence, with who, when and why."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.audit.sentences import CAUSES, ROLES, SENTENCES, SOURCES, Names, ids, sentence
from domain import fleet, health, payment, run_acts, shop, standing, subscription, tenant, user
from domain.access import Role
from domain.plan import Plan
from tests.app.graphql_audit_world import record_newer
from tests.app.graphql_world import CODEC, World

LOG = """query($first: Int! = 20, $after: String, $language: Language) {
  auditLog(first: $first, after: $after, language: $language) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { position action sentence source shopId correlationId causation at
                   actor { id name } } } } }"""
SHOP, PERSON, ACTOR = UUID(int=1), UUID(int=2), UUID(int=3)
FACTS = [
    (tenant.Registered(owner_id=PERSON), "компания зарегистрирована"),
    (
        tenant.MemberJoined(user_id=PERSON, role=Role.ADMIN),
        "в компании новый участник, Игорь Соколов, роль «администратор»",
    ),
    (
        standing.GraceEnded(recovered=True),
        "ожидание платежа закончено: всё оплачено",
    ),
    (
        payment.DisputeClosed(dispute="du_1", won=False),
        "спор о платеже закрыт: деньги вернулись плательщику (du_1)",
    ),
    (
        shop.ShopConnected(
            shop_id=SHOP,
            marketplace="wildberries",
            seller_id="7",
            token_id=UUID(int=9),
            token_kind="personal",
            expires_at=datetime(2027, 4, 30, 22, tzinfo=UTC),
        ),
        "подключён магазин «Рыжий кот» (продавец 7 на Wildberries), токен до 01.05.2027",
    ),
    (
        shop.TokenReplaced(shop_id=SHOP, token_id=UUID(int=9), token_kind="x", expires_at=None),
        "у магазина «Рыжий кот» новый токен, бессрочный",
    ),
    (health.ShopBroke(shop_id=SHOP, cause="token_dead"), "не обновляется: токен не работает"),
    (health.ShopBroke(shop_id=SHOP, cause="new_word"), "не обновляется: new_word"),
    (subscription.Started(plan=Plan.PRO), "начат тариф «Pro»"),
    (
        subscription.LimitsKept(products=500_000, interval=15),
        "сохранены прежние пределы: товаров 500000, обновление раз в 15 мин",
    ),
    (
        subscription.LimitsKept(products=1_200, interval=60),
        "сохранены прежние пределы: товаров 1200, обновление раз в час",
    ),
    (tenant.MemberLeft(user_id=PERSON), "из компании вышел участник, Игорь Соколов"),
    (tenant.MemberLeft(user_id=ACTOR), "выход из компании"),
    (
        tenant.MemberJoined(user_id=ACTOR, role=Role.OWNER),
        "вступление в компанию, роль «владелец»",
    ),
    (
        tenant.AuditExported(format="csv", since=None, until=None),
        "выгружен журнал (csv), с самого начала до конца",
    ),
    (
        tenant.AuditExported(
            format="jsonl",
            since=datetime(2026, 10, 31, 21, tzinfo=UTC),
            until=datetime(2026, 11, 30, 21, tzinfo=UTC),
        ),
        "выгружен журнал (jsonl), с 01.11.2026 00:00 МСК до 01.12.2026 00:00 МСК",
    ),
    (user.Erased(), "все личные данные учётной записи удалены"),
]
IN_ENGLISH = [
    (tenant.MemberLeft(user_id=PERSON), "took Igor Sokolov out of the company"),
    (tenant.MemberLeft(user_id=ACTOR), "left the company"),
    (tenant.MemberJoined(user_id=ACTOR, role=Role.OWNER), "joined the company as owner"),
    (
        tenant.AuditExported(format="csv", since=None, until=None),
        "exported the audit log (csv), from the beginning to the end",
    ),
    (
        tenant.AuditExported(
            format="csv", since=datetime(2026, 10, 31, 21, tzinfo=UTC), until=None
        ),
        "exported the audit log (csv), from 2026-11-01 00:00 Moscow time to the end",
    ),
    (user.Erased(), "erased all personal data of the account"),
]


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    return await world.register()


def test_every_fact_has_a_sentence_in_both_languages():
    missing = {name for name, event in CODEC.types.items() if event not in SENTENCES}

    assert missing == set()
    assert all(words.ru and words.en for words in SENTENCES.values())


def test_every_fact_can_be_said_with_nothing_known_of_anybody():
    for event in CODEC.types.values():
        for language in ("ru", "en"):
            names = Names(known={}, language=language)
            blank = dict.fromkeys(event.__dataclass_fields__)
            said = sentence(event(**blank), None, "cli", names)

            assert "{" not in said
            assert said.startswith(("Администратор сервера", "The server's administrator"))


@pytest.mark.parametrize(("event", "expected"), FACTS)
def test_a_fact_reads_as_a_sentence(event, expected):
    known = {SHOP: "Рыжий кот", PERSON: "Игорь Соколов", ACTOR: "Анна Котова"}

    said = sentence(event, ACTOR, "user", Names(known=known, language="ru"))

    assert said.startswith("Анна Котова: ")
    assert said.endswith(expected)


@pytest.mark.parametrize(("event", "expected"), IN_ENGLISH)
def test_a_fact_reads_as_a_sentence_in_english(event, expected):
    known = {PERSON: "Igor Sokolov", ACTOR: "Anna Kotova"}

    said = sentence(event, ACTOR, "user", Names(known=known, language="en"))

    assert said == f"Anna Kotova {expected}"


def test_our_staff_is_our_staff_and_never_somebody_who_was_erased():
    event, names = tenant.ReadByStaff(reason="T-17"), Names(known={}, language="en")

    said = sentence(event, ACTOR, "staff", names)

    assert said == "Stock Tracker's staff looked into the company's data, reason: T-17"


@pytest.mark.parametrize(
    ("language", "one", "every"),
    [
        ("en", "put all syncs on hold", "put all syncs of all companies on hold"),
        ("ru", "остановка всех обновлений", "остановка всех обновлений всех компаний"),
    ],
)
def test_a_hold_of_all_companies_is_told_as_one_of_a_company_is(language, one, every):
    names = Names(known={}, language=language)
    facts = run_acts.RunsHeld(kind="sync", shop_id=None), fleet.RunsHeld(kind="sync")

    hers, everybodys = (sentence(each, ACTOR, "staff", names) for each in facts)

    assert hers.endswith(one)
    assert everybodys == hers.replace(one, every)


def test_what_a_machine_did_is_owed_to_the_machine():
    names = Names(known={}, language="ru")

    said = {source: sentence(user.Erased(), None, source, names) for source in SOURCES}

    assert {each: text.split(":")[0] for each, text in said.items()} == {
        "run": "Stock Tracker",
        "schedule": "Расписание",
        "stripe": "Stripe",
        "staff": "Поддержка Stock Tracker",
        "cli": "Администратор сервера",
        "mail": "Ссылка в письме",
    }


def test_every_role_has_a_word_and_causes_are_said_in_both_languages():
    assert set(ROLES) == set(Role)
    assert all(words.ru and words.en for words in CAUSES.values())
    assert ids(shop.ShopDisconnected(shop_id=SHOP)) == {SHOP}
    assert user.SessionStolen in SENTENCES


async def test_the_log_tells_the_story_of_the_company_newest_first(world, anna):
    shop_id = await anna.connected_shop()
    log = (await anna.ask(LOG, language="EN"))["auditLog"]
    told = [edge["node"] for edge in log["edges"]]

    assert [each["action"] for each in told] == [
        "tenant.sheet_connected",
        "tenant.schedule_set",
        "tenant.shop_connected",
        "subscription.started",
        "tenant.member_joined",
        "tenant.registered",
    ]
    assert log["totalCount"] == 6
    assert told[1]["sentence"] == (
        "Анна Котова gave the shop “Рыжий кот” a new schedule: Ready by 08:00 every day, Moscow"
    )
    assert told[0]["shopId"] == shop_id
    assert told[0]["actor"] == {"id": str(anna.scope.person), "name": "Анна Котова"}
    assert told[0]["source"] == "user"
    assert told[0]["causation"].startswith("request:")
    assert told[0]["at"] == "2026-11-23T04:40:00+00:00"


async def test_the_log_speaks_the_language_of_the_request_unless_one_is_named(anna):
    russian = (await anna.ask(LOG))["auditLog"]["edges"][0]["node"]["sentence"]
    english = await anna.ask(LOG, {"accept_language": "en-GB,en;q=0.9"})
    named = await anna.ask(LOG, {"accept_language": "en-GB"}, language="RU")

    assert russian == "Анна Котова: начат тариф «Бесплатный»"
    assert (
        english["auditLog"]["edges"][0]["node"]["sentence"] == "Анна Котова started the Free plan"
    )
    assert named["auditLog"]["edges"][0]["node"]["sentence"] == russian


async def test_pages_of_the_log_join_without_a_gap(anna):
    await anna.connected_shop()
    positions, after, more = [], None, True
    while more:
        page = (await anna.ask(LOG, first=4, after=after))["auditLog"]
        positions += [edge["node"]["position"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert len(positions) == 6
    assert positions == sorted(set(positions), reverse=True)


async def test_who_was_erased_is_an_erased_person_and_the_log_stays_readable(anna, database):
    async with database.driver() as driver:
        await driver.execute("DELETE FROM people WHERE user_id = $1", anna.scope.person)

    first = (await anna.ask(LOG))["auditLog"]["edges"][0]["node"]

    assert first["sentence"] == "удалённый пользователь: начат тариф «Бесплатный»"
    assert first["actor"]["name"] is None


async def test_a_fact_of_a_newer_version_does_not_break_the_log(anna, database):
    await record_newer(database, anna)

    newest = (await anna.ask(LOG))["auditLog"]["edges"][0]["node"]

    assert newest["action"] == "tenant.moved"
    assert newest["sentence"] == (
        "Анна Котова: tenant.moved (событие новой версии, эта его не знает)"
    )
