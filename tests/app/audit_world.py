"""A company with a history, its exports and the routes to them: what the stories of proof play in."""

import base64
import io
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from uuid import UUID, uuid4

import httpx
from litestar import Litestar

from app.asker import Asker
from app.audit import verifier
from app.audit.export import Exports
from app.audit.export.asked import wish
from app.audit.routes import router
from app.audit.seal import Sealing
from app.audit.taking import Taking
from app.errors import answer
from app.handle import Handle
from app.history import History
from app.web.door import Doors, door_of
from app.wiring.facts import CODEC, follow
from domain import shop, subscription, tenant
from domain.access import Role, TenantScope
from domain.events import Origin
from domain.plan import Plan
from domain.schedule import by_cron
from domain.secrecy import NotSignedIn
from infrastructure.crypto.keyring import NAMES, Keyring
from infrastructure.postgres.event_store import EventStore
from tests.app.graphql_world import Patient, told

NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
SHOP = UUID(int=7)
PERSON = """
INSERT INTO people (tenant_id, user_id, email, full_name, password_hash, registered_at)
VALUES ($1, $1, $2, $3, '', $4)
"""
# The locks of the tables first: autovacuum has them when it waits for what GRANT has written.
OPEN = """
ALTER TABLE events DISABLE TRIGGER facts_stay; ALTER TABLE seals DISABLE TRIGGER seals_stay;
GRANT UPDATE, DELETE ON events, seals TO CURRENT_USER
"""
SHUT = """
ALTER TABLE events ENABLE TRIGGER facts_stay; ALTER TABLE seals ENABLE TRIGGER seals_stay;
REVOKE UPDATE, DELETE ON events, seals FROM CURRENT_USER
"""
LABEL = "INSERT INTO labels (tenant_id, id, name) VALUES ($1, $2, $3)"


def ring():
    return Keyring(**{name: os.urandom(32) for name in NAMES})


@dataclass
class Caller:
    scope: TenantScope
    origin: Origin
    door: object


@dataclass
class Archive:
    """The part of the product that keeps, seals and exports."""

    database: object
    ring: Keyring = field(default_factory=ring)
    limiter: object = field(default_factory=Patient)
    now: datetime = NOW

    def __post_init__(self):
        store = EventStore(self.database, CODEC, self.clock, follow)
        self.handle, self.history = Handle(store), History(store)
        self.sealing = Sealing(database=self.database, signer=self.ring, clock=self.clock)
        self.exports = Exports(
            database=self.database,
            handle=self.handle,
            sealing=self.sealing,
            clock=self.clock,
            decode=CODEC.decode,
            history=self.history,
            actions=CODEC.types.keys(),
        )
        self.take = Taking(exports=self.exports, owner=self.database, limiter=self.limiter)
        self.scopes = {}

    @cached_property
    def app(self):
        """Its routes, for the tests that come by HTTP."""
        return Litestar(
            [router(self.take, self.identify)],
            exception_handlers={Exception: answer},
            middleware=[Doors(self.clock, 1)],
            openapi_config=None,
            logging_config=None,
        )

    def clock(self):
        return self.now

    def later(self, **time):
        self.now += timedelta(**time)

    async def identify(self, request):
        scope = self.scopes.get(request.headers.get("authorization"))
        if scope is None:
            raise NotSignedIn
        door = door_of(request)
        return Caller(scope=scope, origin=by(scope.person, door.correlation), door=door)

    async def found(self, name="Анна Котова", company="Рыжий кот"):
        """A company and its owner."""
        person, company_id = uuid4(), uuid4()
        await self.handle(
            told(tenant.decider, company_id, company_id, tenant.Register(owner_id=person)),
            told(subscription.decider, company_id, company_id, subscription.Start(plan=Plan.FREE)),
            origin=by(person),
            rows=[
                (PERSON, (person, f"{person}@example.com", name, NOW)),
                (LABEL, (company_id, company_id, company)),
                (LABEL, (company_id, SHOP, company)),
            ],
        )
        scope = TenantScope(tenant=company_id, person=person, role=Role.OWNER)
        return Company(self, scope)

    @property
    def key(self):
        return base64.b64encode(self.ring.public).decode()


@dataclass
class Company:
    """One, seen by its owner."""

    archive: Archive
    scope: TenantScope

    async def tell(self, *commands, origin=None):
        for command in commands:
            asker = Asker(scope=self.scope, origin=origin or by(self.scope.person))
            await asker.tell(self.archive.handle, command)

    async def lives(self, rounds=10, seals=3):
        """About 2 facts a round, an hour apart, and some seals between."""
        await self.tell(connection())
        for n in range(rounds):
            self.archive.later(hours=1)
            await self.tell(
                shop.SetSchedule(
                    shop_id=SHOP,
                    schedule=by_cron(f"{n % 60} {n // 60 % 24} * * *", "Europe/Moscow"),
                ),
            )
            if seals and n % max(1, rounds // seals) == 0:
                await self.archive.sealing(self.scope.tenant)
        return self

    async def begun(self, **wished):
        """An export, before its first byte."""
        exports, asked = self.archive.exports, wish(wished)
        wanted = await exports.wanted(self.scope, asked)
        await exports.record(Asker(scope=self.scope, origin=by(self.scope.person)), asked, wanted)
        return await exports.begin(self.scope, asked, wanted)

    async def export(self, **wished):
        """The bytes of a file."""
        made = await self.begun(**wished)
        return b"".join([piece async for piece in self.archive.exports.stream(made)])

    async def meddle(self, statement):
        """As who owns the tables and puts their guards aside: what the statement did."""
        async with self.archive.database.writing() as driver:
            await driver.execute(OPEN)
            done = await driver.execute(statement, self.scope.tenant)
            await driver.execute(SHUT)
        return done

    async def stranger(self, path):
        """Without a token."""
        return await fetch(self.archive.app, path, {})

    async def get(self, path, role=Role.OWNER, **headers):
        """Over HTTP."""
        scope = TenantScope(tenant=self.scope.tenant, person=self.scope.person, role=role)
        word = f"Bearer {scope.person} {role}"
        self.archive.scopes[word] = scope
        return await fetch(self.archive.app, path, {"authorization": word, **headers})


async def fetch(app, path, headers):
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        return await http.get(path, headers=headers)


def by(person, correlation=None):
    correlation = correlation or uuid4()
    return Origin(
        source="user", actor=person, correlation=correlation, causation=f"request:{correlation}"
    )


def connection():
    return shop.ConnectShop(
        shop_id=SHOP,
        marketplace="wildberries",
        seller_id="100",
        token_id=UUID(int=9),
        token_kind="personal",
        expires_at=None,
    )


def verified(content, key=None):
    return verifier.verify(io.BytesIO(content), verifier.Report(key))


def lines(content):
    return [json.loads(line) for line in content.splitlines()]


def joined(told_lines):
    return b"".join(json.dumps(line).encode() + b"\n" for line in told_lines)


def changed(content, line, fields):
    """The file with one line written otherwise."""
    raw = content.splitlines(keepends=True)
    raw[line] = joined([json.loads(raw[line]) | fields])
    return b"".join(raw)
