"""Who comes over from the old single-user tool: by every road that she may be on already."""

import asyncio
import json
from io import BytesIO, TextIOWrapper
from uuid import uuid4

import pytest

from app import settings
from app.migrate_legacy import come_over
from app.old_owner import NoAddress, NoPassword, NotText, Owner, owner
from app.stock.connect import Connect
from domain.errors import Refused
from domain.schedule import by_cron
from domain.schedule_words import in_words
from domain.secrecy import Secret
from tests.app.console_world import PASSWORD
from tests.fakes import account

FILE = "1AbCdEfGhIjKlMnOpQrStUv"
ROBOT = json.dumps({"client_email": "robot@project.example", "private_key": "-----BEGIN"})
FACTS = """
SELECT name FROM events WHERE tenant_id IN
  (SELECT tenant_id FROM shops WHERE seller_id = $1) ORDER BY position
"""

ALL = [
    "tenant.registered",
    "tenant.member_joined",
    "subscription.started",
    "tenant.shop_connected",
    "tenant.schedule_set",
    "tenant.schedule_set",
    "subscription.limits_kept",
    "tenant.sheet_connected",
]


class Old:
    """What stands in her `.env`, the seller and the file that it leads to, and what was said."""

    def __init__(self, world, folder, capsys):
        self.world, self.folder, self.capsys = world, folder, capsys
        self.token, self.seller = f"eyJhbGciOi.{uuid4().hex}.canary", uuid4().hex[:12]
        self.email = f"olga.{uuid4().hex[:12]}@example.com"
        self.file = f"{FILE}{uuid4().hex[:8]}"
        self.env = {
            "WILDBERRIES_API_KEY": self.token,
            "GOOGLE_SHEET_ID": self.file,
            "GOOGLE_SERVICE_ACCOUNT": ROBOT,
        }
        self.knows(self.token)
        world.sheet.share(self.file)

    def knows(self, token, **more):
        known = {"seller_id": self.seller, "seller_name": "Белый кит", **more}
        self.world.marketplace.accounts[token] = account(**known)

    async def come(self, *, dry=False, email=None, password=PASSWORD, company=None, **env):
        """What the command says, without its first two lines."""
        single = settings.load_single({**self.env, **env}, self.folder)
        secret = None if password is None else Secret(password)
        who = Owner(email=email or self.email, name=None, company=company, password=secret)
        await come_over(self.world.product, single, who, dry=dry)
        return self.capsys.readouterr().out

    async def facts(self):
        async with self.world.database.driver() as driver:
            return [row["name"] for row in await driver.fetch(FACTS, self.seller)]


@pytest.fixture
def old(console, tmp_path, capsys):
    return Old(console, tmp_path, capsys)


async def test_she_owns_a_company_on_the_free_plan_with_a_shop_a_schedule_and_a_sheet(old, console):
    said = await old.come(SYNC_SCHEDULE="*/15 * * * *", TIMEZONE="Asia/Omsk")
    browser = console.browser()

    assert (await browser.sign_in(old.email)).status_code == 303
    assert await old.facts() == ALL
    assert "Registered" in said
    assert "reads cards, stock" in said
    assert "does not read orders, so those cells will be blank: Выпустите токен" in said
    assert "the token is kept encrypted, and opens" in said
    assert in_words(by_cron("*/15 * * * *", "Asia/Omsk"), "en") in said
    assert old.token not in said
    assert PASSWORD not in said


async def test_coming_twice_changes_nothing_and_says_so(old):
    await old.come()
    before = await old.facts()
    said = await old.come(password=None, email=old.email.upper(), SYNC_SCHEDULE="0 3 * * *")

    assert "Migrated already. Nothing was changed." in said
    assert await old.facts() == before


async def test_a_try_alone_changes_nothing(old, console):
    asked, told = await old.come(dry=True), await old.come(DRY_RUN="true")

    assert "Would register" in asked
    assert "DRY_RUN is on: set it to false" in told
    assert await old.facts() == []
    assert (await console.browser().sign_in(old.email)).status_code != 303


class PowerCut(Exception):
    """What ends a command where a test wants it to end."""


@pytest.mark.parametrize("step", ["shop", "spreadsheet"])
async def test_what_was_interrupted_goes_on(old, step, monkeypatch):
    async def dies(*_):
        raise PowerCut

    with monkeypatch.context() as night:
        night.setattr(Connect, step, dies)
        with pytest.raises(PowerCut):
            await old.come()
    said = await old.come(password=None)

    assert "is known here" in said
    assert "The sheet is connected" in said
    assert await old.facts() == ALL


async def test_two_at_once_come_over_once(old):
    """At most the shop is given its token once more."""
    await asyncio.gather(old.come(), old.come(), return_exceptions=True)
    await old.come()

    assert [each for each in await old.facts() if each in ALL] == ALL


async def test_who_has_a_company_already_brings_the_shop_there(old, console):
    browser = await console.anna()
    said = await old.come(email=browser.email, password=None)

    assert "is known here" in said
    assert (await old.facts())[-1] == "tenant.sheet_connected"


async def test_what_she_changed_since_stays(old):
    await old.come()
    another, file = f"{old.token}x", f"{old.file}x"
    old.knows(another)
    old.world.sheet.share(file)
    before = await old.facts()
    said = await old.come(WILDBERRIES_API_KEY=another, GOOGLE_SHEET_ID=file)

    assert "another token than WILDBERRIES_API_KEY, and stays" in said
    assert "another sheet than GOOGLE_SHEET_ID, and keeps it" in said
    assert await old.facts() == before


async def test_the_same_seller_and_sheet_do_not_come_over_under_another_address(old):
    await old.come()
    with pytest.raises(Refused, match="--email: Another company has this seller and this sheet"):
        await old.come(email="somebody@example.com")


async def test_who_owns_no_company_is_told_so(old, console):
    browser = await console.anna()
    await console.change_role(browser, "member")

    with pytest.raises(Refused, match="--email: This person owns no company here"):
        await old.come(email=browser.email)


@pytest.mark.parametrize("seller", ["", "   ", "ООО «Кит»\nи партнёры", "к" * 300])
async def test_a_seller_whose_name_will_not_do_is_no_reason_to_fail(old, seller):
    old.knows(old.token, seller_name=seller)
    said = await old.come()

    assert "The sheet is connected" in said


async def test_that_syncs_do_not_wait_to_be_asked_for_is_said(old):
    said = await old.come(AUTO_SYNC_ENABLED="false")

    assert "AUTO_SYNC_ENABLED is off, but here a shop is synced by its schedule" in said


WRONG = {
    "WILDBERRIES_API_KEY: ": {"WILDBERRIES_API_KEY": "dead"},
    "WILDBERRIES_API_KEY: Это не токен": {"WILDBERRIES_API_KEY": "два слова"},
    "GOOGLE_SHEET_ID: ": {"GOOGLE_SHEET_ID": f"{FILE}closed"},
    "GOOGLE_SHEET_ID: Это не ссылка": {"GOOGLE_SHEET_ID": "таблица"},
    "GOOGLE_SHEET_ID: Это ссылка Google Диска": {
        "GOOGLE_SHEET_ID": "https://drive.google.com/drive/folders/1"
    },
    "GOOGLE_SHEET_ID: This is too long": {"GOOGLE_SHEET_ID": "x" * 3_000},
    "--email: Enter an e-mail address such": {"email": "olga"},
    "--password-stdin: The password must have": {"password": "short"},
    "--password-stdin: This is one of the 3,000": {"password": "password1"},
    "--email: Enter an e-mail": {"email": "ol\udcffga@example.com"},
    "--company: Enter a name": {"company": "к" * 300},
    "--company: A name has no control characters": {"company": "Кит\udcff"},
}


@pytest.mark.parametrize("said", WRONG)
async def test_what_is_wrong_is_named_where_it_was_said_and_nothing_is_kept(old, said):
    with pytest.raises(Refused) as wrong:
        await old.come(**WRONG[said])

    assert str(wrong.value).startswith(said)
    assert await old.facts() == []


class Piped:
    """A standard input that is no terminal."""

    def __init__(self, content):
        self.text = TextIOWrapper(BytesIO(content), encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "options", "wrong"),
    [
        (b"", {"email": None, "password_stdin": False}, NoAddress),
        (b"\xff\xfe\n", {"email": "a@b.ru", "password_stdin": True}, NotText),
    ],
)
def test_without_a_terminal_nobody_is_asked(monkeypatch, content, options, wrong):
    monkeypatch.setattr("sys.stdin", Piped(content).text)

    with pytest.raises(wrong):
        owner(name=None, company=None, **options)


async def test_a_password_that_nobody_can_be_asked_for_is_missed(old, monkeypatch):
    monkeypatch.setattr("sys.stdin", Piped(b"").text)
    with pytest.raises(NoPassword):
        await old.come(password=None)

    assert await old.facts() == []


def test_the_piped_password_is_the_first_line_as_it_is(monkeypatch):
    monkeypatch.setattr("sys.stdin", Piped("  пароль с пробелом \r\nrest".encode()).text)
    said = owner(email="a@b.ru", name=None, company=None, password_stdin=True)

    assert said.password == Secret("  пароль с пробелом ")
