"""`stock-tracker billing`, as an operator types it."""

import asyncio
from functools import partial

import pytest
from cryptography.fernet import Fernet

from domain.secrecy import Secret
from infrastructure.crypto import keyring
from infrastructure.crypto.master import MasterKeys
from sandbox.stripe import SECRET_KEY, price_list
from tests.app.billing_world import buys, customer_of, paying, pays_twice
from tests.databases import connected, of_its_own
from tests.process import run

KEY = Fernet.generate_key().decode()
MONTH = 31 * 86_400


@pytest.fixture(scope="module")
async def database(postgres_url):
    """With nobody in it but who these tests register."""
    async with of_its_own(postgres_url) as url, connected(url, 3) as database:
        async with database.driver() as driver:
            await keyring.make(driver, MasterKeys(Secret(KEY)))
        yield database


@pytest.fixture
async def paid(database):
    """A company that pays, and its Stripe."""
    async with database.driver() as driver:
        await driver.execute("DELETE FROM billing_customers; DELETE FROM job_runs")
    async with paying(database, KEY) as world:
        world.anna = await world.register()
        await buys(world, world.anna)
        yield world


@pytest.fixture
def typed(paid, tmp_path):
    """The command's exit code and what it said on both streams."""
    prices = {f"STRIPE_PRICE_{plan.upper()}": ids for plan, ids in price_list(paid.book).items()}
    settings = {
        "DATABASE_URL": paid.world.database.url.set(drivername="postgresql").render_as_string(
            hide_password=False
        ),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "ENCRYPTION_MASTER_KEY": KEY,
        "SECRET_KEY": "s" * 32,
        "STRIPE_SECRET_KEY": SECRET_KEY,
        "STRIPE_URL": f"{paid.address}/stripe",
        **{name: ",".join(ids) for name, ids in prices.items()},
    }

    async def typed(*words, **changes):
        given = {name: text for name, text in {**settings, **changes}.items() if text}
        call = partial(run, "app", "billing", *words, folder=tmp_path, **given)
        done = await asyncio.to_thread(call)
        return done.returncode, done.stdout, done.stderr

    return typed


async def runs(database):
    async with database.driver() as driver:
        return [tuple(row) for row in await driver.fetch("SELECT source, key FROM job_runs")]


async def test_where_nothing_differs_it_says_so(typed):
    assert await typed("reconcile", "--dry-run") == (0, "Stripe and we agree.\n", "")


async def test_what_differs_is_a_table_and_looked_at_by_a_worker_when_that_is_wanted(
    paid, typed, database
):
    paid.book.card(customer_of(paid), "decline")
    paid.book.advance(MONTH)

    dry, table, _ = await typed("reconcile", "--dry-run", "--reason", "ticket 7")
    before = await runs(database)
    code, again, said = await typed("reconcile")

    (line,) = [each for each in table.splitlines() if "differs in status" in each]
    assert [str(paid.anna.scope.tenant), customer_of(paid)] == line.split()[:2]
    assert line.split()[-2:] == ["active", "past_due"]
    assert (dry, before) == (1, [])
    assert (code, again, said) == (0, table, "Companies that a worker looks at anew: 1.\n")
    assert await runs(database) == [("cli", f"billing:{customer_of(paid)}")]


async def test_whoever_pays_twice_has_a_line_for_each_and_is_nothing_for_a_worker(
    paid, typed, database
):
    first, second = await pays_twice(paid)

    dry, table, _ = await typed("reconcile", "--dry-run")
    code, again, said = await typed("reconcile")

    lines = [each.split() for each in table.splitlines() if "pays for several" in each]
    assert [each[:2] for each in lines] == [[str(paid.anna.scope.tenant), customer_of(paid)]] * 2
    assert [each[-2:] for each in lines] == [[first, first], [first, second]]
    assert (dry, code, again, said) == (1, 0, table, "")
    assert await runs(database) == []


async def test_that_somebody_looked_at_all_companies_is_on_record(typed, database):
    await typed("reconcile", "--dry-run", "--reason", "ticket 8")
    refused = await typed("reconcile", "--reason", "anna@example.com")

    async with database.driver() as driver:
        looks = "SELECT payload FROM events WHERE name = 'fleet.read_by_staff'"
        facts = [payload for (payload,) in await driver.fetch(looks)]
    assert sum(b"ticket 8" in bytes(each) for each in facts) == 1
    assert refused[0] == 1
    assert "never a person" in refused[2]


async def test_messages_are_fetched_counted_and_worked_on_again(paid, typed):
    paid.book.emit("customer.updated", paid.book.find("customer", customer_of(paid)))
    since = f"{paid.world.now:%Y-%m-%d}"

    fetched = await typed("backfill", "--days", "30")
    again = await typed("backfill")
    waiting = await typed("inbox")
    replayed = await typed(
        *("replay", "--since", since, "--until", "2100-01-01", "--type", "invoice.paid"),
        *("--customer", customer_of(paid)),
    )

    assert (fetched[:2], again[:2]) == ((0, "New messages: 1.\n"), (0, "New messages: 0.\n"))
    assert ["waiting", "1"] in [row.split() for row in waiting[1].split("\n")]
    assert replayed == (0, "Messages to be worked on again: 1.\n", "")


NIGHT = ("--since", "2026-11-22", "--until", "2026-11-23")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--since", "yesterday", "--until", "2026-11-23"], "`since` must be a day or a time"),
        (["--since", "2026-11-23", "--until", "2026-11-23"], "`until` must be later"),
        (["--since", "2026-11-23"], "--until"),
        ([*NIGHT, "--customer", "cus_\udcff"], "`customer` must be at most 200 printable"),
        ([*NIGHT, "--type", "invoice.\x07"], "`type` must be at most 200 printable"),
    ],
)
async def test_a_range_that_is_none_is_refused_with_the_option(typed, words, said):
    code, out, err = await typed("replay", *words)

    assert (code != 0, out) == (True, "")
    assert said in err
    assert "%2B" not in err


@pytest.mark.parametrize(
    "words",
    [
        ["reconcile"],
        ["backfill"],
        ["inbox"],
        ["replay", "--since", "2026-11-22", "--until", "2026-11-23"],
    ],
    ids=" ".join,
)
async def test_where_nobody_pays_each_command_says_what_turns_it_on(typed, words):
    code, out, err = await typed(*words, STRIPE_SECRET_KEY="")

    assert (code, out) == (1, "")
    assert "Billing is off here: nobody pays" in err
    assert "STRIPE_SECRET_KEY turns it on" in err


async def test_while_stripe_is_away_that_is_said_and_nothing_is_done(paid, typed, database):
    await paid.control("faults", status=503, times=50)

    code, out, err = await typed("reconcile")

    assert (code, out) == (1, "")
    assert "Stripe" in err
    assert await runs(database) == []
