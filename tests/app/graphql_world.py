"""The API on a real database, with neighbours in memory: what the stories about GraphQL play in."""

import json
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from uuid import UUID, uuid4

import httpx
from cryptography.fernet import Fernet
from litestar import Litestar

from app.accounts.accounts import Accounts
from app.accounts.company import companies_of
from app.accounts.erase import confirmed
from app.accounts.read import is_staff
from app.ahead import Ahead
from app.audit.origins import keep_origin
from app.errors import answer
from app.graphql.context import Ports
from app.graphql.routes import graphql_routes
from app.handle import Ask, Handle
from app.history import History
from app.lane import Lane
from app.schema import schema
from app.web.door import Doors
from app.wiring.facts import CODEC, follow
from domain import subscription, tenant, user
from domain.access import Role, TenantScope
from domain.events import Origin, Stream
from domain.plan import Plan
from domain.secrecy import NotSignedIn, Secret, Verdict
from infrastructure.crypto.master import MasterKeys
from infrastructure.crypto.vault import DataVault
from infrastructure.postgres.event_store import EventStore
from infrastructure.postgres.notices import PostgresBooks
from infrastructure.postgres.stock_bodies import Unpacked
from tests.fakes import FakeMarketplace, FakePrincipals, FakeSheet, account
from tests.planning import ahead
from tests.plans import Billing

TOKEN = "token"
PASSWORD = "secure123"
NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
PERSON = """
INSERT INTO people (tenant_id, user_id, email, full_name, password_hash, registered_at)
VALUES ($1, $1, $2, $3, $5, $4)
"""
LABEL = "INSERT INTO labels (tenant_id, id, name) VALUES ($1, $1, $2)"


WHERE = ContextVar("where")
"""The world that a request has come to."""


class Wherever:
    """The ports of that world."""

    def __getattr__(self, name):
        return getattr(WHERE.get().ports, name)


@cache
def one_app():
    """For all worlds of a process: it takes long to make, and it remembers the documents it has
    validated."""

    async def identify(request):
        return await WHERE.get().identify(request)

    return Litestar(
        [graphql_routes(schema, Wherever(), identify)],
        exception_handlers={Exception: answer},
        middleware=[Doors(lambda: WHERE.get().now, proxies=1)],
        openapi_config=None,
        logging_config=None,
    )


class Patient:
    """A limiter that lets everything through."""

    async def hit(self, *quota, **more):
        return Verdict(allowed=True, remaining=1, retry_after=0)

    async def forget(self, key):
        pass


class Frank:
    """Passwords kept as they are."""

    async def verify(self, password, hashed):
        return password == hashed


@dataclass
class World:
    """The product, and the companies in it."""

    database: object
    marketplace: FakeMarketplace = field(default_factory=FakeMarketplace)
    sheet: FakeSheet = field(default_factory=FakeSheet)
    limiter: object = field(default_factory=Patient)
    callers: dict = field(default_factory=dict)
    now: datetime = NOW
    ahead: Ahead | None = None

    def __post_init__(self):
        self.ahead = self.ahead or ahead(lambda: self.now)
        store = EventStore(self.database, CODEC, lambda: self.now, follow)
        master = MasterKeys(Secret(Fernet.generate_key().decode()))
        self.principals = FakePrincipals(self.sheet)
        self.plans = Billing(self.database, lambda: self.now)
        self.handle = Handle(store)
        self.history = History(store)
        self.vault = DataVault(self.database.driver, master, lambda: self.now)
        self.accounts = Accounts(
            handle=self.handle,
            people=self.database,
            passwords=Frank(),
            tokens=None,
            keys=None,
            limiter=self.limiter,
            clock=lambda: self.now,
        )
        self.ports = Ports(
            database=self.database,
            handle=self.handle,
            history=self.history,
            clock=lambda: self.now,
            marketplaces={"wildberries": self.marketplace},
            principals=self.principals,
            vault=self.vault,
            limiter=self.limiter,
            companies_of=lambda person: companies_of(self.database, person),
            decode=CODEC.decode,
            erase=partial(confirmed, self.accounts),
            actions=CODEC.types.keys(),
            keep_origin=partial(keep_origin, self.database, lambda: self.now),
            is_staff=partial(is_staff, self.database),
            addressees=PostgresBooks(self.database),
            mails=True,
            lane=Lane(),
            stored=Unpacked(),
            ahead=self.ahead,
            plans=self.plans,
        )

    async def app(self, scope, receive, send):
        """The product over HTTP."""
        here = WHERE.set(self)
        try:
            await one_app()(scope, receive, send)
        finally:
            WHERE.reset(here)

    async def identify(self, request):
        caller = self.callers.get(request.headers.get("authorization"))
        if caller is None:
            raise NotSignedIn
        return caller

    async def register(self, name="Анна Котова", company="Рыжий кот"):
        """A company with its owner, as registering makes them."""
        person, company_id = uuid4(), uuid4()
        origin = Origin(
            source="user", actor=person, correlation=uuid4(), causation=f"request:{uuid4()}"
        )
        await self.handle(
            told(user.decider, person, person, user.Register()),
            told(tenant.decider, company_id, company_id, tenant.Register(owner_id=person)),
            told(subscription.decider, company_id, company_id, subscription.Start(plan=Plan.FREE)),
            origin=origin,
            rows=[
                (PERSON, (person, f"{person}@example.com", name, NOW, PASSWORD)),
                (LABEL, (company_id, company)),
            ],
        )
        return Client(self, TenantScope(tenant=company_id, person=person, role=Role.OWNER))


def told(decider, tenant_id, stream_id, command):
    stream = Stream(kind=decider.kind, tenant=tenant_id, id=stream_id)
    return Ask(decider=decider, stream=stream, command=command)


class Caller:
    """Somebody signed in, as the guard hands her over."""

    def __init__(self, scope):
        self.scope = scope
        self.origin = Origin(
            source="user", actor=scope.person, correlation=uuid4(), causation=f"request:{uuid4()}"
        )


class Client:
    """One person's way to the API; without a scope, a stranger's."""

    def __init__(self, world, scope=None):
        self.world, self.scope = world, scope
        self.headers = {}
        if scope is not None:
            self.headers["authorization"] = f"Bearer {scope.person} {scope.role}"
            world.callers[self.headers["authorization"]] = Caller(scope)

    def acting_as(self, role):
        """The same person in the same company, were she this."""
        return Client(
            self.world, TenantScope(tenant=self.scope.tenant, person=self.scope.person, role=role)
        )

    async def post(self, body, **headers):
        """The raw answer."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        transport = httpx.ASGITransport(self.world.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            sent = {"content-type": "application/json"} | self.headers | _dashed(headers)
            return await http.post("/graphql", content=content, headers=sent)

    async def ask(self, query, _headers=None, **variables):
        """The data; fails on any error."""
        answered = await self.post(
            {"query": query, "variables": plain(variables)}, **(_headers or {})
        )
        body = answered.json()
        assert "errors" not in body, body
        return body["data"]

    async def errors(self, query, **variables):
        """What went wrong."""
        return (await self.post({"query": query, "variables": plain(variables)})).json()["errors"]

    async def change(self, mutation, fields, _headers=None, **given):
        """The payload of one mutation; `given` is its input."""
        kind = mutation[0].upper() + mutation[1:] + "Input"
        text = (
            f"mutation($input: {kind}!) {{ {mutation}(input: $input) "
            f"{{ {fields} userErrors {{ code message path }} }} }}"
        )
        return (await self.ask(text, _headers, input=given))[mutation]

    async def connected_shop(self, *, token=TOKEN, seller="100", sheet=True):
        """A shop of hers, with its sheet: ready to be synced."""
        known = self.world.marketplace.accounts
        known.setdefault(token, account(seller))
        made = await self.change(
            "connectShop", "shop { id }", marketplace="WILDBERRIES", token=token
        )
        shop_id = made["shop"]["id"]
        if sheet:
            file = f"sheet-{shop_id}"
            self.world.sheet.share(file)
            url = f"https://docs.google.com/spreadsheets/d/{file}/edit"
            await self.change("connectSheet", "title", shopId=shop_id, url=url)
        return shop_id


def plain(value):
    match value:
        case UUID():
            return str(value)
        case dict():
            return {key: plain(each) for key, each in value.items()}
        case _:
            return value


def _dashed(headers):
    return {name.replace("_", "-"): value for name, value in headers.items()}
