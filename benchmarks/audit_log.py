"""Three years of a large company and a thousand small ones: five million facts to look through.

They are no histories that could have happened, for nobody folds them; as rows they are like those.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import asyncpg

from benchmarks.histories import Given
from domain import health, shop, subscription, tenant
from domain.access import Role
from domain.events import Origin, Stream
from domain.fact import fact
from domain.plan import Plan
from domain.schedule import by_cron
from infrastructure.clock import system_clock

YEARS = timedelta(days=3 * 365)
SMALL = 1_000
ONE_IN = 10
"""So many facts are of one of the small companies."""
HUGE = 0.007
"""Of all facts of a company, so many belong to one request: or no correlation had 1,000 pages."""
FRESH = 0.3
"""Facts that begin a new correlation; the others go on with the company's last one."""
SHOPS, PEOPLE, KINDS = 20, 19, 4_000

SOURCES = {
    "user": 500,
    "run": 200,
    "schedule": 200,
    "api_token": 80,
    "stripe": 10,
    "staff": 8,
    "cli": 2,
}
BY_PEOPLE = ("user", "api_token", "staff")

Kind: TypeAlias = tuple[Any, str, UUID | None]
"""(event, source, actor)"""


@fact
class Company:
    """A tenant, its shops and its people; the first ones are the busiest."""

    id: UUID
    shops: Sequence[UUID]
    people: Sequence[UUID]
    huge: UUID


def company(shops: int = SHOPS, people: int = PEOPLE) -> Company:
    """A new one."""
    return Company(
        id=uuid4(),
        shops=[uuid4() for _ in range(shops)],
        people=[uuid4() for _ in range(people)],
        huge=uuid4(),
    )


def facts(large: Company, number: int) -> Iterator[Given]:
    """In the order of time; the last one is as of now."""
    chance = random.Random(1)  # noqa: S311 - invented data
    small = [company(2, 3) for _ in range(SMALL)]
    kinds = {each.id: _kinds(chance, each, 20) for each in small}
    kinds[large.id] = _kinds(chance, large, KINDS)
    last = {each.id: uuid4() for each in (large, *small)}
    at, step = system_clock() - YEARS, YEARS / number
    for nth in range(number):
        at += step
        who = large if nth % ONE_IN else small[int(chance.random() * SMALL)]
        event, source, actor = chance.choice(kinds[who.id])
        dice = chance.random()
        if dice < FRESH:
            last[who.id] = uuid4()
        correlation = who.huge if dice > 1 - HUGE else last[who.id]
        origin = Origin(source, actor, correlation, f"request:{correlation}")
        yield Given(stream=_stream(who, event), events=(event,), origin=origin, at=at)


def _stream(who: Company, event: object) -> Stream:
    kind = "subscription" if isinstance(event, subscription.Started) else "tenant"
    return Stream(kind, who.id, who.id)


def _kinds(chance: random.Random, who: Company, number: int) -> list[Kind]:
    """What happens there, as often as it happens."""
    made = []
    for source in chance.choices(list(SOURCES), list(SOURCES.values()), k=number):
        actor = _skewed(chance, who.people) if source in BY_PEOPLE else None
        made.append((_event(chance, who), source, actor))
    return made


def _skewed(chance: random.Random, those: Sequence[UUID]) -> UUID:
    return those[min(int(chance.expovariate(0.3)), len(those) - 1)]


def _event(chance: random.Random, who: Company) -> object:
    """Weights as in a company that syncs by itself and is looked after now and then."""
    shop_id, person, at = _skewed(chance, who.shops), chance.choice(who.people), system_clock()
    token = (uuid4(), "base", at)
    ways: Sequence[tuple[float, object]] = (
        (60, shop.SyncRequested(shop_id=shop_id)),
        (9, health.ShopBroke(shop_id=shop_id, cause="token_dead")),
        (9, health.ShopRecovered(shop_id=shop_id)),
        (8, shop.ScheduleSet(shop_id=shop_id, schedule=by_cron("0 7 * * *", "Europe/Moscow"))),
        (5, shop.SheetConnected(shop_id=shop_id, spreadsheet_id=str(uuid4()))),
        (5, _renewed(shop_id, *token)),
        (2, tenant.AuditExported(format="csv", since=None, until=None)),
        (1, tenant.ReadByStaff(reason="T-1")),
        (0.5, tenant.MemberJoined(user_id=person, role=Role.VIEWER)),
        (0.4, tenant.MemberLeft(user_id=person)),
        (0.1, subscription.Started(plan=Plan.PRO)),
    )
    return chance.choices([each for _, each in ways], [weight for weight, _ in ways])[0]


def _renewed(shop_id: UUID, token_id: UUID, kind: str, expires_at: datetime) -> shop.TokenReplaced:
    return shop.TokenReplaced(
        shop_id=shop_id, token_id=token_id, token_kind=kind, expires_at=expires_at
    )


async def name(driver: asyncpg.Connection, who: Company) -> None:
    """Names for its shops and people, who are members."""
    at = system_clock()
    for columns, table, rows in (
        (
            ("tenant_id", "user_id", "role", "joined_at"),
            "members",
            [(who.id, each, "viewer", at) for each in who.people],
        ),
        (
            ("tenant_id", "user_id", "email", "full_name", "password_hash", "registered_at"),
            "people",
            [
                (each, each, f"{each}@example.com", f"Person {nth:02}", "", at)
                for nth, each in enumerate(who.people)
            ],
        ),
        (
            ("tenant_id", "id", "name"),
            "labels",
            [(who.id, each, f"Shop {nth:02}") for nth, each in enumerate(who.shops)],
        ),
    ):
        await driver.copy_records_to_table(table, records=rows, columns=columns)
