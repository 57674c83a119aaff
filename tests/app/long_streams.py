"""Long streams of a company, told straight to the store; and who listens to how they are read."""

from uuid import UUID

from app.handle import Ask
from domain import health, shop, tenant
from domain.access import Role
from domain.events import START, Change, Head, Origin

ORIGIN = Origin(source="user", actor=None, correlation=UUID(int=8), causation="request:1")
OWNER, PERSON, SHOP = (UUID(int=n) for n in range(1, 4))


class Counting:
    """The store, and how many facts were read of it."""

    def __init__(self, store):
        self.store, self.facts = store, 0

    def __getattr__(self, name):
        return getattr(self.store, name)

    async def read(self, stream, after=0, **how):
        page = await self.store.read(stream, after, **how)
        self.facts += len(page)
        return page


class Ticking:
    """A clock that says what it is told; the last thing for ever."""

    def __init__(self, *times):
        self.times = list(times)

    def __call__(self):
        return self.times.pop(0) if len(self.times) > 1 else self.times[0]


def nothing(_recorded):
    """What follows from a fact where nothing does."""
    return ()


def facts(n):
    """A life of so many facts: people who come and go, a shop that breaks and recovers."""
    account = {"marketplace": "wildberries", "seller_id": "1", "token_kind": "base"}
    made = [
        tenant.Registered(owner_id=OWNER),
        tenant.MemberJoined(user_id=OWNER, role=Role.OWNER),
        shop.ShopConnected(shop_id=SHOP, token_id=UUID(int=4), expires_at=None, **account),
    ]
    turn = [
        tenant.MemberJoined(user_id=PERSON, role=Role.VIEWER),
        health.ShopBroke(shop_id=SHOP, cause="token_dead"),
        tenant.MemberLeft(user_id=PERSON),
        health.ShopRecovered(shop_id=SHOP),
        shop.SheetConnected(shop_id=SHOP, spreadsheet_id="Я"),
    ]
    return (made + turn * n)[:n]


async def told(store, stream, events, head=START):
    change = Change(stream=stream, head=head, events=events)
    return await store.append([change], ORIGIN)


async def kept(database, stream):
    query = "SELECT version FROM states WHERE tenant_id = $1 ORDER BY version"
    async with database.driver() as driver:
        return [row["version"] for row in await driver.fetch(query, stream.tenant)]


async def forget(database, stream):
    async with database.driver() as driver:
        await driver.execute("DELETE FROM states WHERE tenant_id = $1", stream.tenant)


def ask(stream, command):
    return Ask(decider=tenant.decider, stream=stream, command=command)


def head_of(recorded):
    return Head(version=recorded[-1].version, hash=recorded[-1].hash)
