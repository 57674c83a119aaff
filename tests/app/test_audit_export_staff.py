"""Exports by who runs the servers: only with a reason, and on record in the company's own log."""

import asyncio
import stat
from functools import partial
from uuid import uuid4

import asyncpg
import pytest

from app.audit.export.asked import wish
from app.audit.export.staff import export_for_staff
from domain.errors import Invalid
from domain.tenant import UnknownTenant
from tests.app.audit_world import Archive, lines, verified
from tests.databases import of_its_own
from tests.process import Process, run

SETTINGS = {
    "ENCRYPTION_MASTER_KEY": "4ax-5LzFBM0JJYXQM1Oy1mVAOS3Ij3zX-9C6GZ6o0bQ=",
    "SECRET_KEY": "a secret key for the tests only",
}


@pytest.fixture
def archive(database):
    return Archive(database)


@pytest.fixture
async def company(archive):
    return await (await archive.found()).lives()


async def taken(company, to, **asked):
    exports, tenant_id = company.archive.exports, company.scope.tenant
    await export_for_staff(exports, tenant_id, "ticket 1207", wish(asked), str(to))


async def test_the_reason_and_the_export_are_in_the_log(company, tmp_path):
    await taken(company, tmp_path / "a.jsonl", language="en")
    content = (tmp_path / "a.jsonl").read_bytes()
    read, exported = [each for each in lines(content) if each["line"] == "fact"][-2:]

    assert read["sentence"] == (
        "The server's administrator looked into the company's data, reason: ticket 1207"
    )
    assert (read["source"], read["actor_id"]) == ("cli", None)
    assert exported["name"] == "tenant.audit_exported"
    assert exported["correlation_id"] == read["correlation_id"]
    assert verified(content, company.archive.ring.public).findings == []


async def test_the_file_is_whole_and_nobody_elses_to_read(company, tmp_path):
    file = tmp_path / "a.csv"
    await taken(company, file, format="csv")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [*tmp_path.iterdir()] == [file]


async def test_an_export_that_fails_leaves_no_half_a_file(company, tmp_path, monkeypatch):
    monkeypatch.setattr("app.audit.export.as_json.JsonLines.end", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await taken(company, tmp_path / "a.jsonl")

    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "asked by anna@example.com", "\x00"])
async def test_a_reason_that_says_nothing_or_names_somebody_is_refused(company, reason):
    before = await company.export()
    with pytest.raises(Invalid):
        await export_for_staff(
            company.archive.exports, company.scope.tenant, reason, wish({}), None
        )

    assert len(lines(await company.export())) == len(lines(before)) + 2


async def test_a_company_that_is_not_there_is_said_so(archive, tmp_path):
    with pytest.raises(UnknownTenant):
        await export_for_staff(archive.exports, uuid4(), "ticket 1", wish({}), None)


@pytest.fixture
async def own_database(postgres_url):
    """A database whose keys no other test has made."""
    async with of_its_own(postgres_url, migrated=False) as url:
        yield url


@pytest.fixture
def environ(own_database, redis_url):
    return {**SETTINGS, "DATABASE_URL": own_database, "REDIS_URL": redis_url}


@pytest.fixture
async def ask(environ, tmp_path):
    """Run a command on a migrated database."""

    async def called(*options):
        return await asyncio.to_thread(partial(run, "app", *options, folder=tmp_path, **environ))

    assert (await called("migrate")).returncode == 0
    return called


async def test_the_commands_work_together(own_database, ask):
    sealing = await ask("audit", "seal")
    tenant_id = await registered(own_database)
    sealed = await ask("audit", "seal")
    given = ("--tenant", str(tenant_id), "--reason", "ticket 7", "-o", "log.jsonl")
    exported = await ask("audit", "export", *given)
    checked = await ask("audit", "verify", "log.jsonl")
    wrong = await ask("audit", "export", *given, "--since", "yesterday")
    picked = await ask(
        *("audit", "export", *given[:-1], "some.jsonl", "--source", "cli", "--order", "newest")
    )
    unproven = await ask("audit", "verify", "some.jsonl")
    unknown = await ask("audit", "export", *given[:-1], "no.jsonl", "--action", "tenant.moved")

    assert (sealing.stdout, sealed.stdout) == ("Sealed: 0.\n", "Sealed: 1.\n")
    assert (exported.returncode, exported.stdout, exported.stderr) == (0, "", "")
    assert checked.stdout.startswith("5 facts, 2 seals, 2 streams: all intact.\n")
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("`since` must be a day or a time")
    assert (picked.returncode, picked.stderr) == (0, "")
    assert (unproven.returncode, "an extract proves nothing" in unproven.stdout) == (2, True)
    assert (unknown.returncode, "has a name that no fact has" in unknown.stderr) == (1, True)


async def test_a_worker_seals_what_is_due_by_itself(own_database, ask, environ, tmp_path):
    await registered(own_database)
    worker = Process("worker", ("app", "serve", "--worker"), tmp_path, **environ)
    connection = await asyncpg.connect(own_database)
    try:
        async with asyncio.timeout(30):
            while not await connection.fetchval("SELECT count(*) FROM seals"):
                await asyncio.sleep(0.1)
    finally:
        await connection.close()
        code = await asyncio.to_thread(worker.terminate)

    assert code == 0


async def registered(url):
    from infrastructure.postgres.database import Database  # noqa: PLC0415 - only here

    database = Database(url, pool_size=1)
    company = await Archive(database).found()
    await database.close()
    return company.scope.tenant


async def test_a_filter_picks_for_staff_as_it_does_for_the_company(company, tmp_path):
    await taken(company, tmp_path / "a.jsonl", source="cli", order="newest")
    told = lines((tmp_path / "a.jsonl").read_bytes())

    assert told[0]["format"] == "stock-tracker.audit-extract/1"
    assert [each.get("name") for each in told[1:-1]] == [
        "tenant.audit_exported",
        "tenant.read_by_staff",
    ]
    assert told[1]["event"]["filter"] == "source=cli"


async def test_a_wrong_filter_leaves_no_trace_in_the_log(company, tmp_path):
    with pytest.raises(Invalid, match="`source` is one of"):
        await taken(company, tmp_path / "a.jsonl", source="moon")

    assert b"read_by_staff" not in await company.export()
