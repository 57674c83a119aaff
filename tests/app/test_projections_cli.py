"""`stock-tracker projections`, as an operator types it."""

import asyncio
from functools import partial

import pytest
from cryptography.fernet import Fernet

from app.wiring.projections import TABLES
from tests.app.projecting import product
from tests.process import run


@pytest.fixture
async def living(postgres_url):
    async with product(postgres_url) as living:
        await living.live()
        yield living


@pytest.fixture
def typed(living, tmp_path):
    """The command's exit code and what it said on both streams."""

    async def typed(*words):
        settings = {
            "COLUMNS": "120",
            "DATABASE_URL": living.url,
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "ENCRYPTION_MASTER_KEY": Fernet.generate_key().decode(),
            "SECRET_KEY": "s" * 32,
        }
        call = partial(run, "app", "projections", *words, folder=tmp_path, **settings)
        done = await asyncio.to_thread(call)
        return done.returncode, done.stdout, done.stderr

    return typed


async def test_rebuilding_says_what_was_done_and_draws_no_bar_where_nobody_looks(living, typed):
    (facts,) = (await living.fetch("SELECT count(*) FROM events"))[0]

    code, out, err = await typed("rebuild", "tenants", "audit_entries")

    assert (code, err) == (0, "")
    assert out.startswith("tenants: rebuilt; ")
    assert f"audit_entries: rebuilt; {facts} facts read in " in out
    assert out.count("\n") == 2


async def test_verifying_ends_with_one_if_a_table_is_not_what_the_facts_say(living, typed):
    (facts,) = (await living.fetch("SELECT count(*) FROM events"))[0]
    right = await typed("verify", "subscriptions")
    await living.spoil("UPDATE subscriptions SET plan = 'moon'")
    wrong = await typed("verify", "subscriptions", "tenants")

    assert right == (0, f"subscriptions: 1 rows equal the fold of {facts} facts.\n", "")
    code, out, err = wrong
    assert (code, err) == (1, "")
    assert f"subscriptions: 1 rows differ from the fold of {facts} facts." in out
    assert "plan is 'moon', the facts say " in out
    assert "tenants: 1 rows equal" in out


async def test_the_list_shows_what_was_interrupted_and_where(living, typed):
    class Killed(Exception):
        pass

    def dies(step, *_):
        if step == "indexing":
            raise Killed

    with pytest.raises(Killed):
        await living.rebuild("shops", told=dies)

    code, out, err = await typed("list")

    assert (code, err) == (0, "")
    assert out.count("\n") == len(TABLES) + 1
    assert "interrupted at 100 %; `rebuild shops` goes on" in out


@pytest.mark.parametrize("words", [["rebuild"], ["rebuild", "moon"], ["verify", "moon"]])
async def test_what_is_no_table_is_answered_with_those_there_are(typed, words):
    code, out, err = await typed(*words)

    assert (code, out) == (2, "")
    assert (
        "There are: tenants, members, shops, subscriptions, billing_customers, paid_invoices, "
        "audit_entries, holds, notice_choices." in err
    )
