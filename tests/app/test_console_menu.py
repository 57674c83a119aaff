"""Whoever may open a page finds it in the menu; whoever may not does not see that it is there."""

import json
import re

import pytest
from litestar.routes import HTTPRoute

from app.notices.links import Links, Off
from app.web.console.menu import COMPANY, LOOK_UP, OPERATE, SELL
from app.web.console.mishaps import LIVE
from app.web.console.routes import NEEDS
from domain.notices import Notice
from infrastructure.stripe.envelope import read
from tests.app.console_stock import Shop
from tests.app.runs_world import Runs
from tests.app.stripe_world import event

ENTRY, PLACE = re.compile(r'<a href="(/[\w/]+)"'), re.compile(r"{(\w+):\w+}")
AT_THE_DOOR = {"/", "/sign-in", "/register", "/google/sign-in", "/google/back"}
"""Who is signed in is led on, or need not come; to Google and back a page of the menu leads."""
TO_STRIPE = {"/billing/invoices/{invoice:str}"}
"""What leads out of the console, for who sees what was paid."""
NOT_YET = {"/team", "/tenants"}
"""Entries whose pages are still to come: nobody is offered them."""
WHO = ("owner", "admin", "member", "viewer", "staff")


def pages(world):
    """All that can be looked at, with what it needs."""
    routes = (each for each in world.app.routes if isinstance(each, HTTPRoute))
    handlers = (each for route in routes for each in route.route_handlers)
    shown = [each for each in handlers if NEEDS in each.opt and "GET" in each.http_methods]
    return {path: each.opt[NEEDS] for each in shown for path in each.paths}


def menu_of(page):
    return page.text.partition('<nav class="side"')[2].partition("</nav>")[0]


async def somebody(console, who):
    """With a company, a shop with products and a run."""
    person = await (console.staff() if who == "staff" else console.anna())
    person.shop = await Shop.connected(console, person)
    await person.shop.stocked()
    person.run = await Runs(console.database, person.shop.key[0]).ended()
    await console.change_role(person, "viewer" if who == "staff" else who)
    return person


async def received(console):
    """The name of a message of Stripe's that has come."""
    said = event()
    await console.product.billing.inbox.receive(read(json.dumps(said).encode()))
    return f"test:{said['id']}"


@pytest.mark.parametrize("who", WHO)
async def test_the_menu_is_what_one_may_open_and_nothing_else(console, fleet, who):
    person = await somebody(console, who)
    places = [path for path in pages(console) if "{" not in path and not path.startswith(LIVE)]

    came = {path: await person.open(path) for path in places if path not in AT_THE_DOOR}

    opened = {path for path, page in came.items() if page.status_code != 403}
    assert {page.status_code for page in came.values()} <= {200, 403}
    assert ("/workers" in opened, "/lanes" in opened) == (who == "staff", True)
    for path in opened:
        assert set(ENTRY.findall(menu_of(came[path]))) == opened


@pytest.mark.parametrize("who", WHO)
async def test_what_the_pages_of_the_menu_lead_to_is_open_to_whoever_sees_them(console, fleet, who):
    person = await somebody(console, who)
    off = Off(company=person.shop.key[0], person=person.person, kind=Notice.LATE)
    token = Links(base="", keys=console.accounts.keys).off(off).rpartition("/")[2]
    ids = {
        "run_id": person.run,
        "shop_id": person.shop.id,
        "nm_id": 11,
        "token": token,
        "tenant_id": person.shop.key[0],
        "message": await received(console),
    }
    found = [path for path in pages(console) if "{" in path and not path.startswith(LIVE)]
    shown = [path for path in found if who == "staff" or not pages(console)[path].staff]
    below = [path for path in shown if path not in TO_STRIPE]

    came = [await person.open(PLACE.sub(lambda found: str(ids[found[1]]), path)) for path in below]

    assert [page.status_code for page in came] == [200] * len(below)
    assert len(below) >= 3


def test_a_pages_stream_needs_what_the_page_needs(console):
    found = pages(console)

    streams = {path.removeprefix(LIVE): found[path] for path in found if path.startswith(LIVE)}

    operators, sellers = streams.pop("/overview"), streams.pop("/overview/mine")
    assert (operators.staff, sellers.staff) == (True, False)
    assert streams == {path: found[path] for path in streams}


def test_every_entry_of_the_menu_leads_to_a_page(console):
    groups = (OPERATE, SELL, COMPANY, LOOK_UP)

    assert {each.path for group in groups for each in group.entries} - NOT_YET <= {*pages(console)}
