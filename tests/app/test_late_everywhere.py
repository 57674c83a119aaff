"""Every page that says who is late says it of the same shops."""

import re
from uuid import uuid4

import pytest

from app.runs.overview.read import counts
from app.runs.overview.shops import late_shops
from app.stock.planned import Health, Which, planned
from domain.access import Role, TenantScope
from tests.app.overview_world import DAY, EIGHT, MINUTE, NOW, Fleet

STAFF = TenantScope.everyone(uuid4(), "tests")
HOLD = "INSERT INTO holds VALUES ($1, 'mine', false, 'sync', NULL, $2)"


@pytest.fixture
async def fleet(database, clock):
    clock.now = NOW
    fleet = Fleet(database)
    await fleet.empty()
    yield fleet
    await fleet.empty()


@pytest.fixture
async def night(fleet):
    """What each shop is called, by what it is to the schedules' page; and a company of its own."""
    mine = uuid4()
    await fleet.shop("late", company=mine, owed=EIGHT)
    await fleet.shop("fresh", company=mine)
    await fleet.shop("never due", company=mine, kept_for=None, kept_at=None, fresh_at=None)
    await fleet.shop("unasked", coming=EIGHT, kept_for=EIGHT - DAY, kept_at=EIGHT - DAY)
    await fleet.shop("owed soon", owed=EIGHT + 30 * MINUTE)
    await fleet.shop("broken", owed=EIGHT, broken="token_dead")
    await fleet.ended(*await fleet.shop("failed", company=mine), "failed", "KeyError")
    held, _ = await fleet.shop("held", owed=EIGHT - DAY)
    await fleet.many(HOLD, [(held, NOW)])
    return mine


def owner(company):
    return TenantScope(tenant=company, person=uuid4(), role=Role.OWNER)


@pytest.mark.parametrize(
    ("whose", "late"),
    [("all", {"late", "unasked", "broken", "held"}), ("mine", {"late"}), ("nobody", set())],
)
async def test_overview_and_schedules_find_the_same_shops(fleet, night, whose, late):
    scope = {"all": STAFF, "mine": owner(night), "nobody": owner(uuid4())}[whose]
    database = fleet.database

    counted = await counts(database, scope, NOW)
    seen = await late_shops(database, scope, NOW, workers=True)
    found = await planned(database, scope, Which.LATE, NOW, None, 50)
    among = await planned(database, scope, Which.ALL, NOW, None, 50)

    assert counted.late == len(found)
    assert {each.name for each in seen} == late
    assert {each.shop.name for each in found} == late
    assert {each.shop.name for each in among if each.late} == late


async def test_what_is_wrong_is_said_beside_being_late(fleet, night):
    found = await planned(fleet.database, STAFF, Which.ALL, NOW, None, 50)

    assert {each.shop.name: each.health for each in found} == {
        "late": Health.LATE,
        "unasked": Health.LATE,
        "broken": Health.BROKEN,
        "held": Health.PAUSED,
        "failed": Health.FAILED,
        **dict.fromkeys(("fresh", "never due", "owed soon"), Health.FINE),
    }


async def test_both_pages_say_the_same_number(console, fleet, night):
    vera = await console.staff()

    overview = (await vera.open("/overview")).text
    rows = (await vera.open("/schedules?show=late")).text.partition("<tbody>")[2]

    moves = re.findall(r'href="#late-\w+"[^>]*><span><b>(\d+)</b>', overview)
    assert sum(map(int, moves)) == rows.count("<tr>") == 4


async def test_pages_of_the_late_follow_one_another(fleet, night):
    whole = await planned(fleet.database, STAFF, Which.LATE, NOW, None, 50)
    first = await planned(fleet.database, STAFF, Which.LATE, NOW, None, 2)
    rest = await planned(fleet.database, STAFF, Which.LATE, NOW, first[-1].key, 50)

    assert [*first, *rest] == list(whole)
