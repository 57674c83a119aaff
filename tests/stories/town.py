"""What a story needs at hand: people with the product's API, sellers, spreadsheets."""

import asyncio
import time
from uuid import uuid4
from zlib import crc32

import httpx

from tests.infrastructure.loopback import NO_TLS
from tests.stories.city import KIND
from tests.stories.market import Seller
from tests.stories.spreadsheet import Spreadsheet

LIVE = ("WAITING", "RUNNING")
RUN = """
query ($id: UUID!) { run(id: $id) {
  id state why source causation attempt waitingUntil createdAt startedAt finishedAt result
  progress { step done total } attempts { attempt outcome errorType message startedAt endedAt }
} }"""
SHOP = """
query ($id: UUID!) { shop(id: $id) {
  id name sellerId tokenKind broken { cause since } sheet { spreadsheetId url }
  schedule { words zone readyBy }
} }"""


class Town:
    """One story's way into the city. Its name makes its sellers, the same at every run."""

    def __init__(self, city, story):
        self.city, self.story, self.sellers = city, story, 0
        self.kind = "personal" if KIND == "personal" else "base"
        self.http = httpx.AsyncClient(timeout=60, trust_env=False, verify=NO_TLS)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        await self.http.aclose()

    async def stripe(self, verb, **body):
        """The hand behind the sandbox's Stripe."""
        address = f"{self.city.outside.stage['stripeUrl']}/control/{verb}"
        answer = await self.http.post(address, json=body)
        assert answer.is_success, answer.text

    async def person(self):
        """Somebody who has just registered."""
        person = Person(self)
        await person.register()
        return person

    async def seller(self, **spec):
        """A marketplace account with a few products."""
        self.sellers += 1
        seed = crc32(f"{self.story} {self.sellers}".encode())
        return await Seller.open(self, {"seed": seed, "products": 8, "places": 5, **spec})

    async def spreadsheet(self):
        """An empty one, shared with nobody."""
        return await Spreadsheet.create(self)

    async def shop(self, seller=None, kind=None, *, synced=True, checked=False):
        """A shop of a new person with its sheet, and its first sync behind it. `checked`: with the
        tab of the daily check, which comes to others' sheets at a moment of its own."""
        shop = Shop(await self.person(), seller or await self.seller(), await self.spreadsheet())
        await shop.connect(kind, checked=checked)
        if synced:
            assert (await shop.ended())["state"] == "SUCCEEDED"
        return shop


class Person:
    """Her account, and what she may ask of the product."""

    def __init__(self, town):
        self.town, self.product = town, town.city.product
        number = uuid4().int
        self.email = f"Anna.{number % 10**12}@example.com"
        self.password = f"pass-{uuid4().hex}"
        self.ip = f"10.{number % 250}.{number // 250 % 250}.{number // 62500 % 250}"
        self.product.secrets.add(self.password)

    async def post(self, path, body=None, **headers):
        """The raw answer. All but granted tokens is remembered: no secret may stand in it."""
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        sent = {"X-Forwarded-For": self.ip, "Content-Type": "application/json", **headers}
        url = self.product.address + path
        answer = await self.town.http.post(url, headers=sent, **content)
        if not ("access_token" in answer.text and path.startswith("/auth/")):
            self.product.told.append((path, answer.text))
        return answer

    async def register(self, **changes):
        body = {"email": self.email, "password": self.password, "full_name": "Анна Котова"}
        return self.signed_in(await self.post("/auth/register", {**body, **changes}))

    async def login(self):
        body = {"email": self.email, "password": self.password}
        return self.signed_in(await self.post("/auth/login", body))

    def signed_in(self, answer):
        """The tokens, which are hers from now on."""
        tokens = answer.json()
        assert answer.is_success, tokens
        self.token, self.refresh = tokens["access_token"], tokens["refresh_token"]
        self.product.secrets |= {self.token, self.refresh}
        return tokens

    async def ask(self, query, **variables):
        """The data; fails on any error."""
        answer = (await self.graphql(query, **variables)).json()
        assert answer.keys() == {"data"}, answer
        return answer["data"]

    async def graphql(self, query, **variables):
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self.post("/graphql", {"query": query, "variables": variables}, **headers)

    async def change(self, mutation, fields, **given):
        """The payload of one mutation; `given` is its input."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input!"
        errors = "userErrors { code message path }"
        query = f"mutation ($input: {kind}) {{ {mutation}(input: $input) {{ {fields} {errors} }} }}"
        return (await self.ask(query, input=given))[mutation]

    async def sheet_address(self):
        return (await self.ask("{ sheetAddress }"))["sheetAddress"]

    async def connect_shop(self, token, **more):
        self.product.secrets.add(token)
        fields = "shop { id name sellerId tokenKind } token { kind works fails { source reason } }"
        given = {"marketplace": "WILDBERRIES", "token": token, **more}
        return await self.change("connectShop", fields, **given)

    async def connect_sheet(self, shop_id, url):
        return await self.change("connectSheet", "title", shopId=shop_id, url=url)

    async def run(self, run_id):
        return (await self.ask(RUN, id=run_id))["run"]

    async def file(self, shop):
        """The table of a shop, from the address that the API names."""
        found = await self.ask(
            "query($shop: UUID!) { report(shopId: $shop) { address } }", shop=shop
        )
        url = self.product.address + found["report"]["address"]
        headers = {"Authorization": f"Bearer {self.token}", "X-Forwarded-For": self.ip}
        answer = await self.town.http.get(url, headers=headers)
        assert answer.is_success, answer.text
        return answer.content


class Shop:
    """A shop with all that belongs to it: its owner, its seller, her sheet."""

    def __init__(self, person, seller, sheet):
        self.person, self.seller, self.sheet, self.id = person, seller, sheet, None

    async def connect(self, kind=None, *, checked=False):
        """Shop and sheet, shared; which starts the first sync."""
        await self.connect_token(kind)
        if not checked:
            await self.person.change("arrangeSheet", "shop { id }", shopId=self.id, checkTab=False)
        await self.connect_sheet()

    async def connect_token(self, kind=None):
        token = self.seller.tokens[kind or self.person.town.kind]
        made = await self.person.connect_shop(token)
        assert made["userErrors"] == []
        self.id = made["shop"]["id"]

    async def connect_sheet(self):
        await self.sheet.share(await self.person.sheet_address())
        connected = await self.person.connect_sheet(self.id, self.sheet.url)
        assert connected["userErrors"] == []

    def move(self, town):
        """Go on in another story."""
        self.person.town = self.seller.town = self.sheet.town = town

    def beside(self, shop_id, seller):
        """Another shop of the same person in the same file."""
        other = Shop(self.person, seller, self.sheet)
        other.id = shop_id
        return other

    async def look(self):
        return (await self.person.ask(SHOP, id=self.id))["shop"]

    async def request(self):
        """Ask for a sync: the live run."""
        made = await self.person.change("requestSync", "run { id state }", shopId=self.id)
        assert made["userErrors"] == []
        return made["run"]["id"]

    async def runs(self, kind="sync"):
        """The newest first; no sync that only shows what was read beside another one."""
        node = "{ id kind state source startedAt }"
        query = f"query ($id: UUID!) {{ runs(shopId: $id) {{ edges {{ node {node} }} }} }}"
        found = nodes((await self.person.ask(query, id=self.id))["runs"])
        shows = ("sync", "run")
        return [e for e in found if e["kind"] == kind and (kind, e["source"]) != shows]

    async def read_beside(self):
        """What is read once a day has been: from now on nothing asks for a sync by itself."""
        async with asyncio.timeout(30):
            while not any(
                each["startedAt"] and each["state"] != "RUNNING"
                for each in await self.runs("flows")
            ):
                await asyncio.sleep(0.1)

    async def ended(self, run_id=None, within=30.0):
        """The run, by default the newest, when it is over."""
        return await self.until(lambda run: run["state"] not in LIVE, run_id, within)

    async def told_why(self, run_id=None, within=30.0):
        """The run when it is over, or was put back and says why."""
        return await self.until(
            lambda run: (
                run["state"] not in LIVE or (run["state"] == "WAITING" and run["startedAt"])
            ),
            run_id,
            within,
        )

    async def until(self, wanted, run_id=None, within=30.0):
        """Looks the more seldom the longer it has waited: each look costs every process a little."""
        run_id, began = run_id or (await self.runs())[0]["id"], time.monotonic()
        while not wanted(run := await self.person.run(run_id)):
            waited = time.monotonic() - began
            assert waited < within, run
            await asyncio.sleep(min(0.1 + waited / 10, 1.0))
        return run

    async def synced(self):
        """Ask for a sync and wait: its result."""
        run = await self.ended(await self.request())
        assert run["state"] == "SUCCEEDED", run
        return run["result"]

    async def facts(self):
        """Names of what happened, the newest first."""
        query = "{ auditLog(first: 100) { edges { node { action } } } }"
        return [each["action"] for each in nodes((await self.person.ask(query))["auditLog"])]


def nodes(connection):
    """The things of one page."""
    return [edge["node"] for edge in connection["edges"]]
