"""Somebody is erased: afterwards no byte of hers lies anywhere, in whatever writing.

Backups, the write-ahead log and dead rows that PostgreSQL has yet to vacuum are not looked into:
they age out.
"""

import asyncio
import random
from uuid import uuid4

import asyncpg
import jwt
import pytest

from tests.process import run
from tests.stories.town import Person, Shop
from tests.stories.traces import found, writings

FACTS = "SELECT name FROM events WHERE tenant_id = ANY ($1::uuid[])"


class Marked(Person):
    """Somebody whose every trace is like nobody else's."""

    def __init__(self, town):
        super().__init__(town)
        number = uuid4().hex
        self.local, self.domain = f"evpraksia.{number[:9]}", f"perepiska-{number[9:18]}.example"
        self.email = f"{self.local}@{self.domain}"
        letters = "".join(random.choices("абвгдеёжзиклмнопрстуфхцчшщэюя", k=8))  # noqa: S311 - a name
        self.first, self.last = f"Евпраксия{letters}", f"Звездоглядова-{letters}"
        self.agent = f"Perambulator/{number[18:27]}"
        self.ip = f"203.0.113.{100 + int(number[:2], 16) % 100}"
        self.tokens = set()

    async def post(self, path, body=None, **headers):
        return await super().post(path, body, **{"User-Agent": self.agent, **headers})

    def signed_in(self, answer):
        tokens = super().signed_in(answer)
        self.tokens |= {self.token, self.refresh}
        return tokens

    @property
    def known(self):
        """What is kept in plain as long as she is here."""
        return {self.local, self.domain, self.first, self.last, self.ip, self.agent}

    @property
    def all(self):
        return {*self.known, self.password, *self.tokens}

    @property
    def ids(self):
        claims = jwt.decode(self.token, options={"verify_signature": False})
        return [claims["sub"], claims["tenant"]]


@pytest.fixture
async def she(town):
    """She has two shops in one file, named after her, and mistyped her password once."""
    person = Marked(town)
    await person.register(full_name=f"{person.first} {person.last}")
    sheet = await town.spreadsheet()
    await sheet.share(await person.sheet_address())
    for _ in range(2):
        shop = Shop(person, await town.seller(products=2), sheet)
        token = shop.seller.tokens["personal"]
        shop.id = (await person.connect_shop(token, name=f"Лавка {person.last}"))["shop"]["id"]
        await person.connect_sheet(shop.id, sheet.url)
        await shop.ended()
    await person.post("/auth/login", {"email": person.email, "password": f"{person.password}?"})
    await person.login()
    person.signed_in(await person.post("/auth/refresh", {"refresh_token": person.refresh}))
    return person


async def test_no_byte_is_left_of_who_erased_herself(she, city):
    before = await found(city.product, she.all)
    told = await she.change("erasePerson", "personId", personId=she.ids[0], password=she.password)
    after = await found(city.product, she.all)

    assert {text for _, text in before} == she.known
    assert not [where for where, _ in before if where.startswith(("Redis", "city"))]
    assert told == {"personId": she.ids[0], "userErrors": []}
    assert after == set()


async def test_she_is_out_at_once_and_what_happened_stays(she, city, database_of):
    await she.change("erasePerson", "personId", personId=she.ids[0], password=she.password)
    asked = await she.graphql("{ viewer { role } }")
    login = await she.post("/auth/login", {"email": she.email, "password": she.password})
    names = {row["name"] for row in await database_of(FACTS, she.ids)}

    assert asked.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert login.json()["code"] == "WRONG_CREDENTIALS"
    assert {"user.registered", "user.signed_in", "user.erased"} <= names
    assert {"tenant.shop_connected", "tenant.shop_disconnected", "tenant.member_left"} <= names


@pytest.mark.parametrize("form", ["jsonl", "csv"])
async def test_an_export_of_what_happened_names_nobody_and_verifies(she, operator, tmp_path, form):
    file = tmp_path / "audit"
    await she.change("erasePerson", "personId", personId=she.ids[0], password=she.password)
    options = ("--reason", "T-1", "--format", form, "--output", str(file))
    exported = await operator("audit", "export", "--tenant", she.ids[1], *options)
    verified = await operator("audit", "verify", str(file))
    held = file.read_bytes()

    assert exported.returncode == 0, exported.stderr
    assert b"tenant.member_left" in held
    assert not [text for text in she.all if any(each in held for each in writings(text))]
    assert verified.returncode == {"jsonl": 0, "csv": 2}[form], verified.stdout


async def test_the_operator_erases_her_by_address_and_sees_nothing_else_of_her(she, city, operator):
    declined = await operator("erase-person", she.email)
    still = await found(city.product, she.known)
    told = await operator("erase-person", she.email.upper(), "--yes")
    again = await operator("erase-person", she.ids[0], "--yes")

    assert declined.returncode == 1
    assert {text for _, text in still} == she.known
    assert told.returncode == 0, told.stderr
    assert f"Leaves company {she.ids[1]} and leaves nobody there: 2 shops go" in told.stdout
    assert she.last not in told.stdout + told.stderr
    assert await found(city.product, she.all) == set()
    assert (again.returncode, again.stderr.strip()) == (1, "There is no such person.")


@pytest.mark.parametrize(
    "held",
    [
        "…Анна…".encode("utf-16-le"),
        b"\\u0410\\u043d\\u043d\\u0430",
        "анна".encode().hex().encode(),
        b"0JDQvdC90LA",
        b"name=%D0%90%D0%BD%D0%BD%D0%B0",
    ],
)
def test_the_search_reads_every_writing(held):
    assert any(each in held for each in writings("Анна"))


@pytest.fixture
def operator(city, folder):
    """Run a command with the city's own settings."""

    def call(*options):
        return asyncio.to_thread(run, "app", *options, folder=folder, **city.product.environ)

    return call


@pytest.fixture
def database_of(city):
    async def rows(query, *args):
        connection = await asyncpg.connect(city.product.environ["DATABASE_URL"])
        try:
            return await connection.fetch(query, *args)
        finally:
            await connection.close()

    return rows
