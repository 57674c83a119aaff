"""Somebody at her browser who pays: what she reads of her plan, and what she presses."""

import re
from html import unescape

from tests.app.live_world import Source

DONE = "/billing?checkout=done"
TAGS, WITHIN = re.compile(r"<[^>]+>"), re.compile(r"</?time[^>]*>")
ADDRESS = re.compile(r'<meta http-equiv="refresh" content="0; url=([^"]+)">')


def read(html):
    """As she reads it: words alone."""
    text = unescape(TAGS.sub(" ", WITHIN.sub("", html)))
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").replace("\u202f", " ").split())


def part(page, name):
    """One part of a page, as she reads it."""
    found = re.search(rf'<section[^>]* id="{name}".*?</section>', page.text, re.DOTALL)
    return read(found[0])


def above(page):
    """What stands above the page."""
    found = re.search(r'<div class="note slim[^"]*" id="above">.*?</div>', page.text, re.DOTALL)
    return read(found[0]) if found else ""


def card(page, plan):
    """One of the plans that are offered: words, and where its button leads."""
    found = re.search(rf'<article[^>]*"plan-{plan}">.*?</article>', page.text, re.DOTALL)
    leads = re.search(r'(?:action|class="btn[^"]*" href)="([^"]+)"', found[0])
    return read(found[0]), leads and leads[1]


def leads_to(answer):
    """Where the page between us and Stripe leads."""
    assert answer.status_code == 200, answer.text
    return unescape(ADDRESS.search(answer.text)[1])


async def buys(till, browser, plan="pro", card="ok"):
    """She presses the button and pays on Stripe's page, and Stripe says so."""
    address = leads_to(await browser.press("/billing/checkout", plan=plan))
    till.book.complete(address.rpartition("/")[2], card)
    await till.deliver()
    await till.work()


async def pass_by(till, browser, days):
    """Time; she signs in again afterwards."""
    await till.pass_by(days)
    assert (await browser.sign_in(browser.email)).status_code == 303


def watching(browser, path):
    """The stream of a page."""
    world = browser.world
    return Source(world.app, browser.session, f"/live{path}", **{"accept-language": "en"})
