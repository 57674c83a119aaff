"""A shop's terms are set through the API and hold wherever none are given; by whom is in the log."""

from uuid import UUID

import pytest

from app.handle import Ask
from domain import tenant
from domain.access import Role
from domain.events import Origin, Stream
from domain.replenishment import Terms
from domain.terms import FollowTab
from tests.app.graphql_world import World
from tests.app.moving_world import Moving

TERMS = "leadDays coverDays pack safetyDays inTab"
SHOWN = f"shop {{ replenishmentTerms {{ {TERMS} }} }}"
USUAL = {"leadDays": 14, "coverDays": 30, "pack": 1, "safetyDays": 7, "inTab": False}
FIGURES = """
query($shop: UUID!, $terms: ReplenishmentTerms) {
  product(shopId: $shop, nmId: 7) { replenishment(terms: $terms) { ship leadTimeDemand } }
  explain(shopId: $shop, nmId: 7, figure: SHIP, terms: $terms) { number }
  stockSummary(shopId: $shop, terms: $terms) { low soonest { nmId ship } }
}
"""
LOG = "{ auditLog(first: 2) { edges { node { action sentence changes { field before after } } } } }"


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    return await world.register()


@pytest.fixture
async def filled(anna):
    """The example of the specification: it lasts 43.6 days."""
    moving = Moving(anna.world.database, anna.scope.tenant, await anna.connected_shop())
    await moving.example()
    return moving


async def figures(anna, filled, **terms):
    """What to ship, by each of three ways; and how many run out."""
    told = await anna.ask(FIGURES, shop=filled.key.shop, terms=terms or None)
    shipped = told["product"]["replenishment"]["ship"], told["explain"]["number"]
    summed = told["stockSummary"]
    return (*shipped, *(each["ship"] for each in summed["soonest"])), summed["low"]


async def set_terms(anna, shop_id, **terms):
    return await anna.change("setReplenishmentTerms", SHOWN, shopId=str(shop_id), **terms)


async def test_they_begin_with_what_is_usual_and_what_is_left_out_stays(anna):
    shop_id = await anna.connected_shop()
    before = await anna.ask(f"{{ shops {{ replenishmentTerms {{ {TERMS} }} }} }}")

    lead = await set_terms(anna, shop_id, leadDays=30)
    pack = await set_terms(anna, shop_id, pack=6, safetyDays=0)

    assert before["shops"][0]["replenishmentTerms"] == USUAL
    assert lead["shop"]["replenishmentTerms"] == {**USUAL, "leadDays": 30}
    told = {**USUAL, "leadDays": 30, "pack": 6, "safetyDays": 0}
    assert pack["shop"]["replenishmentTerms"] == told


async def test_every_figure_goes_by_them_unless_others_are_given(anna, filled):
    usual = await figures(anna, filled)
    await set_terms(anna, filled.key.shop, leadDays=60, pack=6)

    hers, given = await figures(anna, filled), await figures(anna, filled, leadDays=44, pack=1)
    as_usual = await figures(anna, filled, leadDays=14, coverDays=30, pack=1, safetyDays=7)

    assert usual == ((7, 7), 0)
    assert hers == ((108, 108, 108), 1)
    assert given == ((73, 73, 73), 1)
    assert as_usual == usual


@pytest.mark.parametrize(
    "wrong", [{"leadDays": -1}, {"coverDays": 366}, {"pack": 0}, {"safetyDays": 1_000}]
)
async def test_terms_beyond_reason_name_the_field_and_its_bounds(anna, wrong):
    shop_id = await anna.connected_shop()

    (refused,) = (await set_terms(anna, shop_id, **wrong))["userErrors"]

    field = next(iter(wrong))
    assert (refused["code"], refused["path"]) == ("INVALID", ["input", field])
    assert f"Напишите в `{field}` целое число от" in refused["message"]


async def test_while_her_tab_decides_it_is_said_where_to_type_them(anna):
    shop_id = await anna.connected_shop()
    await anna.change("arrangeSheet", "shop { id }", shopId=shop_id, replenishmentTab=True)

    made = await anna.change(
        "setReplenishmentTerms", SHOWN, {"accept_language": "en"}, shopId=shop_id, leadDays=30
    )
    shown = await anna.ask(f"{{ shops {{ replenishmentTerms {{ {TERMS} }} }} }}")

    (refused,) = made["userErrors"]
    assert refused["code"] == "TERMS_IN_TAB"
    assert "yellow cells at its top, A3 to D3" in refused["message"]
    assert shown["shops"][0]["replenishmentTerms"] == {**USUAL, "inTab": True}


async def test_the_log_says_who_changed_what(anna):
    shop_id = await anna.connected_shop()
    await set_terms(anna, shop_id, leadDays=20)
    await set_terms(anna, shop_id, leadDays=30, pack=6)

    log = await anna.ask(LOG, {"accept_language": "en"})

    asked, changed = (edge["node"] for edge in log["auditLog"]["edges"])
    assert asked["action"] == "tenant.sync_requested"
    assert changed["sentence"] == (
        "Анна Котова set how the shop “Рыжий кот” restocks: lead time 30 days, cover 30 days, "
        "pack size 6 pcs, safety stock 7 days"
    )
    assert [tuple(each.values()) for each in changed["changes"]] == [
        ("shops.Рыжий кот.terms.lead", "20", "30"),
        ("shops.Рыжий кот.terms.pack", "1", "6"),
    ]


async def test_the_log_says_what_was_taken_from_her_tab(anna):
    shop_id = await anna.connected_shop()
    await anna.change("arrangeSheet", "shop { id }", shopId=shop_id, replenishmentTab=True)
    company = anna.scope.tenant
    said = FollowTab(shop_id=UUID(shop_id), terms=Terms(lead=30))
    ask = Ask(
        decider=tenant.decider,
        stream=Stream(kind="tenant", tenant=company, id=company),
        command=said,
    )
    await anna.world.handle(
        ask, origin=Origin(source="run", actor=None, correlation=company, causation="run:1")
    )

    log = await anna.ask(LOG, {"accept_language": "ru"})

    assert log["auditLog"]["edges"][0]["node"]["sentence"] == (
        "Stock Tracker: магазин «Рыжий кот», условия пополнения по вкладке «Пополнение»: срок "
        "поставки 30 дн., запас на 30 дн., кратность 1 шт., страховой запас на 7 дн."
    )


async def test_only_admins_set_them_and_only_their_own(world, anna):
    shop_id = await anna.connected_shop()
    member, boris = anna.acting_as(Role.MEMBER), await world.register("Борис")

    refused = [await set_terms(each, shop_id, leadDays=30) for each in (member, boris)]

    codes = [each["userErrors"][0]["code"] for each in refused]
    assert codes == ["FORBIDDEN", "UNKNOWN_SHOP"]
