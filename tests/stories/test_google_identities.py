"""In whose name her sheet is written: by our robot, by a service account of hers, by herself."""

import asyncio
import json
import re
from contextlib import asynccontextmanager
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.infrastructure.loopback import NO_TLS
from tests.stories.spreadsheet import Spreadsheet, differences
from tests.stories.town import Shop

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
WRITER = "query ($id: UUID!) { shop(id: $id) { writer { kind address signedIn } } }"
OURS = {"sec-fetch-site": "same-origin"}


class Browser:
    """A person at the console, who is sent to Google and back."""

    def __init__(self, person):
        self.person, self.outside = person, person.town.city.outside
        headers = {"accept": "text/html", "accept-language": "en", "X-Forwarded-For": person.ip}
        self.http = httpx.AsyncClient(
            headers=headers | OURS, timeout=60, trust_env=False, verify=NO_TLS
        )
        self.product = person.product.address

    async def sign_in(self):
        form = {"email": self.person.email, "password": self.person.password}
        answer = await self.http.post(f"{self.product}/sign-in", data=form)
        assert answer.status_code == 303, answer.text

    async def press(self, path, **fields):
        page = await self.http.get(f"{self.product}/start")
        csrf = dict(HIDDEN.findall(page.text))["csrf"]
        return await self.http.post(f"{self.product}{path}", data={"csrf": csrf, **fields})

    async def to_google(self, shop):
        """The address of Google's page."""
        answer = await self.http.get(f"{self.product}/google/sign-in", params={"shop": shop.id})
        return answer.headers["location"]

    async def answer(self, there, act, email="seller@example.com"):
        """What she presses there; where that leads her in the end."""
        page = await self.http.get(there)
        form = {name: unescape(value) for name, value in HIDDEN.findall(page.text)}
        url = there.partition("?")[0]
        sent = {**form, "scope": form["asked"], "email": email, "act": act}
        back = await self.http.post(url, data=sent)
        assert back.headers["location"].startswith(f"{self.product}/google/back?")
        query = parse_qs(urlsplit(back.headers["location"]).query)
        self.person.product.secrets |= {*query.get("code", ())}
        led = await self.http.get(back.headers["location"])
        return await self.http.get(self.product + led.headers["location"])

    async def withdraw(self, email="seller@example.com"):
        """She takes her consent back, on a page of Google's."""
        page = (await self.http.get(f"{self.outside.address}/connections")).text
        for item in page.split("<li>"):
            if email in item:
                form = dict(HIDDEN.findall(item))
                await self.http.post(f"{self.outside.address}/connections", data=form)


@asynccontextmanager
async def at_the_console(shop):
    browser = Browser(shop.person)
    async with browser.http:
        await browser.sign_in()
        yield browser


async def connected(town):
    """A shop with its token alone."""
    shop = Shop(await town.person(), await town.seller(), None)
    await shop.connect_token()
    return shop


async def sold(shop):
    """Something that the next sync has to write."""
    nm, product = next(iter((await shop.seller.truth()).items()))
    await shop.seller.set_stock(nm, product.stock.wb + 1)


async def consents(town):
    """What Google gave for her sign-in, once it has written that down."""
    file = town.city.outside.data / "drive.json"
    while not (kept := json.loads(file.read_bytes())["consents"]):
        await asyncio.sleep(0.2)
    return {*kept}


async def hers(town, shop, token):
    """The sheet of the shop, in the hands of its owner."""
    outside, form = town.city.outside, {"grant_type": "refresh_token", "refresh_token": token}
    granted = (await town.http.post(f"{outside.address}/token", data=form)).json()
    found = (await shop.look())["sheet"]["spreadsheetId"]
    return Spreadsheet(town, found, granted["access_token"])


async def test_she_signs_in_with_google_and_a_sheet_in_her_own_drive_is_filled(town):
    owner, token = town.city.account()
    shop = await connected(town)

    async with at_the_console(shop) as browser:
        refused = await browser.answer(await browser.to_google(shop), "deny", owner)
        page = await browser.answer(await browser.to_google(shop), "allow", owner)
        await browser.press("/start/file", shop=shop.id)
    shop.sheet = await hers(town, shop, token)
    run = await shop.ended()
    shop.person.product.secrets |= await consents(town)

    assert "You did not let us in at Google" in refused.text
    assert "Make a new sheet in my Drive" in page.text
    assert run["state"] == "SUCCEEDED"
    assert differences(await shop.sheet.table(), await shop.seller.table()) == []
    assert (await shop.person.ask(WRITER, id=shop.id))["shop"]["writer"]["kind"] == "OWN_ACCOUNT"


async def test_a_consent_that_she_took_back_stops_the_shop_until_she_signs_in_again(town):
    owner, _ = town.city.account()
    shop = await connected(town)

    async with at_the_console(shop) as browser:
        await browser.answer(await browser.to_google(shop), "allow", owner)
        await browser.press("/start/file", shop=shop.id)
        await shop.ended()
        await browser.withdraw(owner)
        await sold(shop)
        stopped = [await shop.ended(await shop.request()) for _ in range(2)]
        broken = (await shop.look())["broken"]["cause"]
        facts = await shop.facts()
        await browser.answer(await browser.to_google(shop), "allow", owner)
        again = await shop.ended()

    assert [run["state"] for run in stopped] == ["FAILED", "FAILED"]
    assert "войдите через Google заново" in stopped[0]["why"]
    assert broken == "consent_revoked"
    assert facts.count("tenant.shop_broke") == 1
    assert again["state"] == "SUCCEEDED"
    assert (await shop.look())["broken"] is None


async def test_a_service_account_of_hers_writes_and_nobody_else(town):
    shop = await town.shop()
    robot = town.city.outside.robots["second"]
    shop.person.product.secrets.add(robot["private_key"].splitlines()[7])
    given = {"shopId": shop.id, "key": json.dumps(robot)}
    refused = await shop.person.change("setSheetWriter", "shop { id }", **given)
    await shop.sheet.share(robot["client_email"])
    taken = await shop.person.change("setSheetWriter", "shop { writer { address } }", **given)
    await shop.sheet.unshare(town.city.robot)
    await shop.ended()
    await sold(shop)

    assert refused["userErrors"][0]["code"] == "SHEET_UNSHARED"
    assert robot["client_email"] in refused["userErrors"][0]["message"]
    assert taken["shop"]["writer"]["address"] == robot["client_email"]
    assert (await shop.synced())["changed"] is True
    assert differences(await shop.sheet.table(), await shop.seller.table()) == []


async def test_a_state_of_google_leads_nobody_elsewhere(town):
    shop = await connected(town)

    async with at_the_console(shop) as browser:
        there = urlsplit(await browser.to_google(shop))
        for url in ("/google/back", "/google/back?state=x&code=y", "/google/back?error=x"):
            answer = await browser.http.get(browser.product + url)
            assert answer.headers["location"] == "/start?google=astray"

    assert f"{there.scheme}://{there.netloc}" == town.city.outside.address
