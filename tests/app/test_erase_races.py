"""Erasing a person while she signs in, refreshes and signs out: no error of ours, nothing left."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID, uuid4

import jwt
import pytest

from app.accounts import erase, signing
from app.handle import Handle
from app.web.door import Door
from domain.events import Origin
from domain.secrecy import Secret

HERS = (
    "SELECT (SELECT count(*) FROM people WHERE tenant_id = $1)"
    " + (SELECT count(*) FROM logins WHERE user_id = $1)"
    " + (SELECT count(*) FROM sessions WHERE tenant_id = $1)"
    " + (SELECT count(*) FROM refresh_tokens WHERE tenant_id = $1)"
    " + (SELECT count(*) FROM origins WHERE tenant_id = ANY ($2))"
    " + (SELECT count(*) FROM labels WHERE tenant_id = ANY ($2))"
)


class Meanwhile:
    """The database, and something that happens right after it was used for the n-th time."""

    def __init__(self, people, after, happens):
        self.people, self.left, self.happens = people, after, happens

    @asynccontextmanager
    async def driver(self):
        async with self.people.driver() as driver:
            yield driver
        self.left -= 1
        if self.left == 0:
            await self.happens()


@pytest.fixture
async def tokens(anna):
    return (await anna.register()).json()


@pytest.fixture
def person(tokens):
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    return UUID(claims["sub"]), UUID(claims["tenant"])


@pytest.fixture
def gone(accounts, person):
    """Her erasure by another process."""
    other = replace(accounts, handle=Handle(accounts.handle._store))

    async def erased():
        origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:erase-person")
        await erase.erase(other, person[0], origin)

    return erased


async def left(database, person):
    async with database.driver() as driver:
        return await driver.fetchval(HERS, person[0], list(person))


@pytest.mark.parametrize("after", [1, 2], ids=["looked up", "about to begin a session"])
async def test_who_is_erased_while_she_signs_in_is_told_what_strangers_are_told(
    accounts, anna, person, gone, after
):
    racing = replace(accounts, people=Meanwhile(accounts.people, after, gone))
    door = Door(correlation=uuid4(), ip="203.0.113.77", agent="Curl/8")

    with pytest.raises(signing.WrongCredentials):
        await signing.sign_in(racing, door, anna.email, Secret(anna.password))

    assert await left(accounts.people, person) == 0


async def test_all_her_tokens_end_at_once(anna, tokens, gone):
    await gone()

    assert (await anna.sign_out(tokens["access_token"])).json()["code"] == "SESSION_ENDED"
    assert (await anna.refresh(tokens["refresh_token"])).status_code == 401
    assert (await anna.sign_in()).json()["code"] == "WRONG_CREDENTIALS"


async def test_whatever_she_does_at_that_moment_nothing_of_her_is_left(
    anna, tokens, person, gone, database
):
    spare = [(await anna.sign_in()).json() for _ in range(4)]

    async def retried():
        while True:
            try:
                return await gone()
            except erase.Conflict:
                await asyncio.sleep(0.01)

    answers = await asyncio.gather(
        retried(),
        *(anna.sign_in() for _ in range(3)),
        *(anna.refresh(each["refresh_token"]) for each in spare),
        *(anna.sign_out(each["access_token"]) for each in (tokens, spare[0])),
    )

    assert {each.status_code for each in answers[1:]} <= {200, 204, 401}
    assert await left(database, person) == 0


async def test_the_same_address_registers_again_as_somebody_new(anna, tokens, person, gone):
    await gone()

    again = (await anna.register()).json()
    claims = jwt.decode(again["access_token"], options={"verify_signature": False})

    assert UUID(claims["sub"]) not in person
    assert (await anna.sign_in()).status_code == 200
