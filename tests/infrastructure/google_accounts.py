"""Google's accounts on loopback: a pool of ours, keys of hers, and a person who may be asked."""

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import aiohttp
import httpx

from domain.breaker import Breakers
from domain.secrecy import Secret
from infrastructure.google.client import Addresses
from infrastructure.google.credentials import account
from infrastructure.google.principal import Client
from infrastructure.google.principals import Doors, GooglePrincipals
from infrastructure.google.sheets import Means, threads
from infrastructure.google.sign_in import GoogleSignIn
from sandbox.google import Drive
from sandbox.google.accounts import Accounts
from tests.infrastructure.google_drive import MORNING, Budget
from tests.infrastructure.loopback import NO_TLS, standing

OLGA = "olga@example.com"
BACK = "http://127.0.0.1:1/google/back"
VERIFIER = "v" * 43


@cache
def robots():
    """Making their keys takes longer than most tests."""
    accounts = Accounts()
    return [
        accounts.service("first", "ours"),
        accounts.service("second", "ours"),
        accounts.service("hers", "project"),
    ]


@dataclass
class Google:
    """The stand-in, and our adapter before it: two of the robots are our pool."""

    drive: Drive
    address: str
    principals: GooglePrincipals
    budget: Budget

    def file(self, *shared):
        file = self.drive.create("Остатки", OLGA)
        for each in shared:
            file.share(each)
        return file

    def key(self, name="hers"):
        """A key as the console of Google Cloud hands it out."""
        found = next(each for each in robots() if each.email.startswith(name))
        return found.key(self.address)

    async def answer(self, state="s", act="allow", verifier=VERIFIER, **form):
        """What her browser is sent back with, once she has answered."""
        there = self.principals.sign_in.address(state, verifier)
        asked = {name: many[0] for name, many in parse_qs(urlsplit(there).query).items()}
        async with httpx.AsyncClient(trust_env=False, verify=NO_TLS) as browser:
            page = await browser.get(there)
            assert page.status_code == 200, page.text
            sent = {"email": OLGA, "scope": asked["scope"], "asked": asked["scope"], "act": act}
            kept = {each: asked[each] for each in ("client_id", "redirect_uri", "code_challenge")}
            url = f"{self.address}/o/oauth2/v2/auth"
            answered = await browser.post(url, data={**kept, "state": state, **sent, **form})
        assert answered.status_code == 303, answer_of(answered)
        query = urlsplit(answered.headers["location"]).query
        return {name: many[0] for name, many in parse_qs(query).items()}

    async def consent(self):
        """What lets us write in her name."""
        code = Secret((await self.answer())["code"])
        return await self.principals.sign_in.consent(code, VERIFIER)

    async def herself(self):
        return self.principals.by_consent(uuid4(), await self.consent())

    def withdraw(self):
        """She takes all consents back."""
        for each in [*self.drive.accounts.consents.values()]:
            self.drive.accounts.withdraw(each.id)


def answer_of(response):
    return response.text[:500]


@asynccontextmanager
async def open_google(pool=("first", "second")):
    drive = Drive(clock=lambda: MORNING)
    drive.accounts.services = {each.email: each for each in robots()}
    client, budget = drive.accounts.client(), Budget()
    async with standing(drive) as address, aiohttp.ClientSession() as session:
        keys = [each.key(address) for each in robots() if each.email.split("@")[0] in pool]
        means = Means(
            threads=threads(),
            budget=budget,
            breaker=Breakers(lambda: MORNING),
            clock=lambda: MORNING.astimezone(UTC),
            addresses=Addresses(sheets=address, drive=address),
            sleep=budget.wait,
        )
        ours = Client(
            client_id=client.client_id, secret=Secret(client.secret), token_uri=f"{address}/token"
        )
        sign_in = GoogleSignIn(session, ours, address, BACK)
        doors = Doors(oauth=address, client=ours, sign_in=sign_in)
        principals = GooglePrincipals([account(each) for each in keys], means, doors)
        yield Google(drive, address, principals, budget)
        await principals.close()
