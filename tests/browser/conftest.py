"""The whole product, the outside world, and Debian's Chromium: what `make browser` looks at."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.person import Person
from tests.databases import empty_database
from tests.stories.city import City, Outside, Product, opened
from tests.stories.town import Town

CACHE = Path(__file__).parents[2] / ".cache"
AXE = CACHE / "package" / "axe.min.js"
SCREENS = CACHE / "screens"
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
PATIENCE = 60_000
"""Milliseconds for a sync, on a machine with much to do."""
LAMP = '.live[data-link="open"]'
SPEC = {"language": "ru", "theme": "light", "size": "desk", "script": True}


@pytest.fixture(autouse=True)
def _no_task_outlives_its_test():
    """No test here has a loop: what drives the browser runs one of its own in this thread."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("browser")


@pytest.fixture(scope="session")
def outside(folder):
    """A marketplace, a Google and a Stripe of their own."""
    made = Outside(folder)
    yield made
    made.process.terminate()


@pytest.fixture(scope="session")
def city(outside, folder, postgres_url, redis_url):
    """The product with a web side and a worker; nobody pays for it."""
    with at_work("browser", outside, folder, postgres_url, redis_url) as made:
        yield City(outside, made)


@pytest.fixture(scope="session")
def paid_city(outside, folder, postgres_url, redis_url):
    """The product where companies pay."""
    redis = urlsplit(redis_url)._replace(path="/15").geturl()
    with at_work("billing", outside, folder, postgres_url, redis, **outside.paid) as made:
        outside.send_messages(made.address)
        yield City(outside, made)


@contextmanager
def at_work(name, outside, folder, postgres_url, redis_url, **settings):
    """A product of its own in the same world."""
    environ = outside.environ() | outside.secret | settings
    url = awaited(empty_database(postgres_url, f"console_in_a_{name}"))
    made = Product(name, folder, {**environ, "DATABASE_URL": url, "REDIS_URL": redis_url})
    made.environ["TRUSTED_PROXIES"] = "0"
    awaited(made.prepare())
    with opened(made):
        yield made


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"))
        yield browser
        browser.close()


@pytest.fixture
def axe():
    """The accessibility checks, as text of a script."""
    assert AXE.exists(), "make browser fetches axe-core; see the Makefile"
    return AXE.read_text()


@pytest.fixture
def look(request):
    """How she looks at it: language, theme and size; a test may ask for others."""
    return SimpleNamespace(**{**SPEC, **getattr(request, "param", {})})


@pytest.fixture
def person(city, chromium, axe, look, request):
    """Somebody at her browser. At the end nothing may stand in its console."""
    width, height = SIZES[look.size]
    context = chromium.new_context(
        base_url=city.product.address,
        viewport={"width": width, "height": height},
        color_scheme=look.theme,
        locale={"ru": "ru-RU", "en": "en-GB"}[look.language],
        has_touch=look.size == "phone",
        java_script_enabled=look.script,
    )
    person = Person(context, axe, SCREENS, f"{look.language}-{look.theme}-{look.size}")
    yield person
    context.close()
    assert person.complaints == []


@pytest.fixture
def seller(city, request):
    """A seller's tokens, and an empty sheet of hers that she can share."""

    async def found():
        async with Town(city, request.node.name) as town:
            seller, sheet = await town.seller(products=60), await town.spreadsheet()
            return SimpleNamespace(
                tokens=seller.tokens,
                url=sheet.url,
                share=lambda address: awaited(shared(city, sheet, address)),
            )

    return awaited(found())


@pytest.fixture
def anna(person, seller):
    """Her shop has been synced once."""
    person.register()
    person.page.fill("#token", seller.tokens["base"])
    person.submit("/start/shop")
    seller.share(person.text("#addr"))
    person.page.fill("#url", seller.url)
    person.submit("/start/sheet")
    person.page.wait_for_selector('#first [data-state="succeeded"]', timeout=PATIENCE)
    return person


async def shared(city, sheet, address):
    async with Town(city, "sharing") as town:
        sheet.town = town
        await sheet.share(address)


def awaited(coroutine):
    """In a thread of its own: Playwright's loop runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()
