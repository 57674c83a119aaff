"""The console over real adapters, with neighbours in memory, and people who use it by browser."""

import re
from html import unescape
from types import SimpleNamespace
from urllib.parse import urlencode
from uuid import UUID, uuid4

import httpx
from cryptography.fernet import Fernet
from litestar import Request

from app.accounts.accounts import Accounts
from app.accounts.browser import signed_in
from app.audit.export import Exports
from app.audit.seal import Sealing
from app.billing.desk import Desk
from app.billing.operate.office import Office
from app.billing.reading import Reading
from app.billing.reconcile import Reconcile
from app.handle import Handle
from app.history import History
from app.lane import Lane
from app.main import application
from app.staff import appoint
from app.stock.report import Reports
from app.wiring.facts import CODEC, follow
from domain.breaker import Breakers
from domain.events import Origin
from domain.secrecy import Secret
from infrastructure.crypto.master import MasterKeys
from infrastructure.crypto.subjects import SubjectSeals
from infrastructure.crypto.tokens import JwtTokens
from infrastructure.crypto.vault import DataVault
from infrastructure.mail import NoPost
from infrastructure.postgres.event_store import EventStore
from infrastructure.postgres.inbox import PostgresInbox
from infrastructure.postgres.ledger import PostgresLedger
from infrastructure.postgres.stock_bodies import Unpacked
from infrastructure.stripe.messages import TYPES
from tests.fake_payments import FakePayments
from tests.fakes import FakeMarketplace, FakePrincipals, FakeSheet
from tests.planning import ahead
from tests.plans import Billing

PASSWORD = "a sentence of hers"
FORM = {"content-type": "application/x-www-form-urlencoded"}
OURS = {"sec-fetch-site": "same-origin"}
HIDDEN = re.compile(r'name="csrf" value="([^"]+)"')
SECRET_KEY = Secret("a secret key for the tests only")


class Provider:
    """Whom companies pay through at the moment."""

    def __getattr__(self, name):
        return getattr(self.real, name)


class World:
    """The product as `application` wants it. Tests have it one after another, each with browsers
    and companies of its own, which is what limits go by, and a `token` of its own: the console
    remembers for minutes what it has found out about one."""

    def __init__(self, database, clock, ring, limiter, passwords):
        store = EventStore(database, CODEC, clock, follow)
        self.database, self.clock = database, clock
        self.marketplace, self.sheet = FakeMarketplace(), FakeSheet()
        self.principals = FakePrincipals(self.sheet)
        self.breaker = Breakers(clock)
        self.ahead = ahead(clock, self.breaker)
        self.lane = Lane()
        self.plans, self.provider = Billing(database, clock), Provider()
        self.accounts = Accounts(
            handle=Handle(store),
            people=database,
            passwords=passwords,
            tokens=JwtTokens(SECRET_KEY, clock),
            keys=ring,
            limiter=limiter,
            clock=clock,
        )
        self.exports = Exports(
            database=database,
            handle=self.accounts.handle,
            history=History(store),
            sealing=Sealing(database=database, signer=ring, clock=clock),
            clock=clock,
            decode=CODEC.decode,
            actions=CODEC.types.keys(),
        )
        self.key = Fernet.generate_key().decode()
        master = MasterKeys(Secret(self.key))
        product = SimpleNamespace(
            accounts=self.accounts,
            database=database,
            exports=self.exports,
            reports=Reports(database=database, clock=clock, lane=self.lane, stored=Unpacked()),
            handle=self.accounts.handle,
            history=self.exports.history,
            marketplace=self.marketplace,
            principals=self.principals,
            vault=DataVault(database.driver, master, clock),
            budgets=self.levels,
            breaker=self.breaker,
            ahead=self.ahead,
            plans=self.plans,
            post=NoPost(),
            billing=self._billing(),
            settings=SimpleNamespace(
                public_url="https://stock.example.com",
                trusted_proxies=1,
                secret_key=SECRET_KEY,
                wildberries=SimpleNamespace(service_secret=None),
            ),
        )
        self.product, self.app = product, application(product)
        self.forget()

    def _billing(self):
        reading = Reading(
            database=self.database,
            payments=self.provider,
            handle=self.accounts.handle,
            clock=self.clock,
        )
        desk = Desk(reading=reading, base="https://stock.example.com")
        seals = SubjectSeals(self.database.driver, MasterKeys(Secret(self.key)), self.clock)
        inbox = PostgresInbox(self.database, seals, self.clock, types=TYPES, livemode=False)
        wish = PostgresLedger(self.database, self.clock).wish
        office = Office(
            database=self.database,
            handle=self.accounts.handle,
            inbox=inbox,
            reconcile=Reconcile(
                database=self.database, payments=self.provider, clock=self.clock, wish=wish
            ),
            clock=self.clock,
        )
        return SimpleNamespace(
            desk=desk,
            payments=self.provider,
            webhook=None,
            inbox=inbox,
            office=office,
            wish=wish,
        )

    def forget(self):
        """What a test has made of the neighbours: from now on they are as they were made."""
        self.plans.on, self.provider.real = False, FakePayments()
        self.token, self.budgets = f"eyJhbGciOiJFUzI1NiJ9.{uuid4().hex}.canary", ()
        for used, new in (
            (self.marketplace, FakeMarketplace()),
            (self.sheet, FakeSheet()),
            (self.principals, FakePrincipals(self.sheet)),
            (self.breaker, Breakers(self.clock)),
        ):
            vars(used).update(vars(new))
        vars(self.ahead.budget)["_buckets"].clear()

    async def levels(self):
        """What the neighbours' budgets hold; an error of the test's is raised."""
        if isinstance(self.budgets, Exception):
            raise self.budgets
        return self.budgets

    async def identified(self, browser):
        """Whom the accounts see behind a browser's cookie."""
        scope = {"type": "http", "headers": [], "state": {}}
        scope["headers"] = [(b"cookie", f"session={browser.session}".encode())]
        return await signed_in(self.accounts, Request(scope))

    def browser(self, scheme="http", language="en", **headers):
        """One that nobody has used yet."""
        return Browser(self, scheme, {"accept-language": language, **headers})

    async def change_role(self, browser, role):
        """What she is in her company from now on; None: nobody."""
        person = browser.person
        async with self.database.driver() as driver:
            if role is None:
                await driver.execute("DELETE FROM members WHERE user_id = $1", person)
            else:
                await driver.execute(
                    "UPDATE members SET role = $2 WHERE user_id = $1", person, role
                )

    async def set_run(self, shop_id, state, progress=None, **put_back):
        """As a worker would leave the shop's live run; `put_back`: `why`, and `until` when."""
        statement = (
            "UPDATE job_runs SET state = $2, progress = $3, why = $4, due_at = coalesce($5, due_at)"
            " WHERE shop_id = $1"
        )
        told = put_back.get("why", ""), put_back.get("until")
        async with self.database.driver() as driver:
            await driver.execute(statement, UUID(shop_id), state, progress, *told)

    async def break_shop(self, shop_id, cause):
        """As a sync would report it."""
        async with self.database.driver() as driver:
            await driver.execute(
                "UPDATE shops SET broken = $2, broken_since = now(), "
                "token_dead = CASE $2 WHEN 'token_dead' THEN true END WHERE shop_id = $1",
                UUID(shop_id),
                cause,
            )

    async def anna(self, **more):
        """A browser in which somebody has just registered."""
        browser = self.browser(**more)
        browser.email = f"anna.{uuid4().hex[:10]}@example.com"
        answer = await browser.send("/register", **browser.registration())
        assert answer.status_code == 303, answer.text
        return browser

    async def staff(self, **more):
        """A browser of one of those who run the servers."""
        browser = await self.anna(**more)
        origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:staff add")
        await appoint(self.accounts.handle, browser.person, origin)
        return browser


class Browser:
    """Keeps cookies, says where a form comes from, and sends the token of the page along."""

    def __init__(self, world, scheme, headers):
        number = uuid4().int
        ip = f"10.{number % 250}.{number // 250 % 250}.{number // 62500 % 250}"
        self.world, self.email, self.tokens = world, "", {}
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(world.app, raise_app_exceptions=False),
            base_url=f"{scheme}://console",
            headers={"accept": "text/html", "x-forwarded-for": ip, **headers},
        )

    def registration(self, **changes):
        person = {"full_name": "Анна Котова", "company_name": "Рыжий кот"}
        return {**person, "email": self.email, "password": PASSWORD, **changes}

    async def open(self, path, **headers):
        """A page; redirects are not followed."""
        return await self.http.get(path, headers=headers)

    async def token(self):
        """The token that this browser's forms carry as long as its session lasts."""
        if self.session not in self.tokens:
            page = await self.open("/start")
            self.tokens[self.session] = unescape(HIDDEN.search(page.text)[1])
        return self.tokens[self.session]

    async def send(self, path, headers=OURS, **fields):
        """A form, as it is."""
        return await self.http.post(path, content=urlencode(fields), headers={**FORM, **headers})

    async def press(self, path, **fields):
        """A form of a page, with its token."""
        return await self.send(path, csrf=await self.token(), **fields)

    async def sign_in(self, email, password=PASSWORD, **more):
        return await self.send("/sign-in", email=email, password=password, **more)

    @property
    def person(self):
        """Her id."""
        return UUID(self.session.split("_")[1])

    @property
    def session(self):
        """What the cookie says."""
        jar = self.http.cookies
        return jar.get("session") or jar.get("__Host-session")
