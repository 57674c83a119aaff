"""The demo's people: a seller who does over HTTP what a person would do and watches her sync, and
an operator who sees all sellers."""

import asyncio
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import aiohttp
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from domain.errors import Refused, Unavailable
from domain.fact import fact

PASSWORD = "stock-tracker-demo"  # noqa: S105 - printed for everybody to see
PATIENCE = 60.0
LOOK = 0.2

SHOPS = "{ shops { id sheet { spreadsheetId } } }"
CONNECT_SHOP = """
mutation ($input: ConnectShopInput!) {
  connectShop(input: $input) { shop { id sheet { spreadsheetId } } userErrors { message } }
}
"""
CONNECT_SHEET = """
mutation ($input: ConnectSheetInput!) {
  connectSheet(input: $input) { shop { id } userErrors { message } }
}
"""
REQUEST_SYNC = """
mutation ($input: RequestSyncInput!) {
  requestSync(input: $input) { run { id } userErrors { message } }
}
"""
CHOOSE_NOTICES = """
mutation ($input: ChooseNoticesInput!) {
  chooseNotices(input: $input) { notices { on } userErrors { message } }
}
"""
KINDS = ("TOKEN_EXPIRING", "TOKEN_DEAD", "SHEET", "LATE", "RECOVERED")
"""All mails, and at night as well: whoever tries the demo sees them at once."""
LAST_RUN = "query ($id: UUID!) { runs(shopId: $id, first: 1) { edges { node { id } } } }"
RUN = "query ($id: UUID!) { run(id: $id) { state why progress { step done total } } }"


class DemoFailed(Refused):
    """The demo's seller could not finish."""


@fact
class Person:
    """Whom the demo plays; everybody has the same password."""

    email: str
    name: str
    company: str


SELLER = Person(email="demo@example.com", name="Анна Котова", company="Рыжий кот")
OPERATOR = Person(email="operator@example.com", name="Вера Белова", company="Stock Tracker")


@fact
class Api:
    """The product's GraphQL, signed in."""

    session: aiohttp.ClientSession
    address: str
    token: str

    async def __call__(self, query: str, **variables: object) -> Any:  # noqa: ANN401 - JSON
        """The data. Raises DemoFailed with what the API said."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}
        body = {"query": query, "variables": variables}
        async with self.session.post(self.address, json=body, headers=headers) as response:
            answer = await response.json()
        if answer.get("errors"):
            raise DemoFailed(answer["errors"][0]["message"])
        for payload in answer["data"].values():
            if isinstance(payload, dict) and payload.get("userErrors"):
                raise DemoFailed(payload["userErrors"][0]["message"])
        return answer["data"]


async def play(base: str, stage: Mapping[str, str], alive: Callable[[], None]) -> None:
    """Register or sign in, connect what is not connected, and see a sync through to its end."""
    await told(f"{base}/health/ready", alive)
    async with aiohttp.ClientSession() as session:
        token = await signed_in(session, base, SELLER)
        api = Api(session=session, address=f"{base}/graphql", token=token)
        shop_id = await _connected(api, stage)
        await _watch(api, await _asked(api, shop_id))


async def hook(stage: Mapping[str, Any], url: str) -> None:
    """The sandbox's Stripe sends what happens there to this address."""
    control = f"{stage['stripeUrl']}/control/hook"
    wish = {"url": url, "secrets": [stage["stripeWebhookSecret"]]}
    async with aiohttp.ClientSession() as session, session.post(control, json=wish) as answer:
        if not answer.ok:
            raise DemoFailed(await answer.text())


async def told(address: str, alive: Callable[[], None]) -> Mapping[str, Any]:
    """What a part says, as soon as it is up. Raises what `alive` raises, or Unavailable."""
    async with aiohttp.ClientSession() as session:
        for _ in range(int(PATIENCE / LOOK)):
            alive()
            try:
                async with session.get(address) as response:
                    if response.status == HTTPStatus.OK:
                        answer: Mapping[str, Any] = await response.json()
                        return answer
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(LOOK)
    raise Unavailable(f"Nothing answers at {address}. The log says why.", cause="not_up")


async def signed_in(session: aiohttp.ClientSession, base: str, who: Person) -> str:
    """Her access token; she registers when she is new."""
    login = {"email": who.email, "password": PASSWORD}
    newcomer = {**login, "full_name": who.name, "company_name": who.company}
    answer: Mapping[str, Any] = {}
    for address, body in ((f"{base}/auth/login", login), (f"{base}/auth/register", newcomer)):
        async with session.post(address, json=body) as response:
            answer = await response.json()
        if response.ok:
            return str(answer["access_token"])
    raise DemoFailed(str(answer.get("detail")))


async def _connected(api: Api, stage: Mapping[str, str]) -> str:
    """Her shop, with its sheet."""
    shops = (await api(SHOPS))["shops"]
    if shops:
        shop = shops[0]
    else:
        wish = {"marketplace": "WILDBERRIES", "token": stage["token"]}
        shop = (await api(CONNECT_SHOP, input=wish))["connectShop"]["shop"]
        await api(CHOOSE_NOTICES, input={"kinds": list(KINDS), "atNight": True})
    if shop["sheet"] is None:
        await api(CONNECT_SHEET, input={"shopId": shop["id"], "url": stage["spreadsheetUrl"]})
    return str(shop["id"])


async def _asked(api: Api, shop_id: str) -> str:
    """A new sync; or the last one, where her plan allows no further one so soon."""
    try:
        answer = await api(REQUEST_SYNC, input={"shopId": shop_id})
    except DemoFailed:
        edges = (await api(LAST_RUN, id=shop_id))["runs"]["edges"]
        if not edges:
            raise
        return str(edges[0]["node"]["id"])
    return str(answer["requestSync"]["run"]["id"])


async def _watch(api: Api, run_id: str) -> None:
    columns = (TextColumn("{task.description:28}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns) as bar:
        line = bar.add_task("Syncing", total=None)
        while True:
            run = (await api(RUN, id=run_id))["run"]
            if run["state"] == "WAITING" and run["why"]:
                bar.update(line, description=f"Waiting: {run['why']}")
            elif progress := run["progress"]:
                what = f"Syncing: {progress['step']}"
                bar.update(
                    line, description=what, completed=progress["done"], total=progress["total"]
                )
            if run["state"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
                break
            await asyncio.sleep(LOOK)
        bar.update(line, description="Synced", completed=1, total=1)
    if run["state"] != "SUCCEEDED":
        raise DemoFailed(f"The sync did not succeed: {run['why']}")
