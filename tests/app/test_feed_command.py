"""`stock-tracker feed`: facts as lines for another program, each at least once, and plain words."""

import json
import signal
from uuid import UUID, uuid4

import pytest

from app.wiring.facts import CODEC
from domain import tenant
from domain.access import Role
from domain.events import START, Change, Origin, Stream
from infrastructure.clock import system_clock
from infrastructure.postgres.bell import Bell
from infrastructure.postgres.event_store import EventStore
from tests.process import heard, run

ORIGIN = Origin(source="cli", actor=None, correlation=UUID(int=1), causation="request:1")


@pytest.fixture
def settings(migrated_url, redis_url):
    return {
        "DATABASE_URL": migrated_url,
        "REDIS_URL": redis_url,
        "ENCRYPTION_MASTER_KEY": "4ax-5LzFBM0JJYXQM1Oy1mVAOS3Ij3zX-9C6GZ6o0bQ=",
        "SECRET_KEY": "a secret key for the tests only",
    }


@pytest.fixture
def feed(settings, tmp_path):
    """Run the command to its end: exit code, lines, errors."""

    def call(*options, **variables):
        done = run("app", "feed", *options, folder=tmp_path, **{**settings, **variables})
        return done.returncode, done.stdout.splitlines(), done.stderr

    return call


@pytest.fixture
def begun(settings, tmp_path):
    """The command at work, and its lines as they come."""

    def begin(*options):
        return heard("app", "feed", *options, folder=tmp_path, **settings)

    return begin


@pytest.fixture
async def name(database):
    """Of a consumer that has had every fact of the tests before."""
    name = f"warehouse-{uuid4()}"
    async with database.driver() as driver:
        last = await driver.fetchval("SELECT coalesce(max(position), 0) FROM events")
        await driver.execute("INSERT INTO consumers VALUES ($1, $2, now())", name, last)
    return name


@pytest.fixture
async def record(database):
    bell = Bell(database)
    store = EventStore(database, CODEC, system_clock, lambda _: (), bell.ring)

    async def record(count=1):
        company = uuid4()
        stream = Stream(kind="tenant", tenant=company, id=company)
        events = [tenant.MemberJoined(user_id=uuid4(), role=Role.MEMBER) for _ in range(count)]
        return await store.append([Change(stream=stream, head=START, events=events)], ORIGIN)

    yield record
    await bell.close()


def positions(lines):
    return [json.loads(line)["position"] for line in lines]


async def test_each_fact_is_one_line_of_json_and_comes_once(feed, name, record):
    first, second = await record(2)

    code, lines, errors = feed("follow", name, "--once")

    told = json.loads(lines[0])
    assert (code, errors) == (0, "")
    assert positions(lines) == [first.position, second.position]
    assert (told["name"], told["version"]) == ("tenant.member_joined", 1)
    assert told["tenant"] == told["stream"] == str(first.tenant)
    assert told["event"] == {"user_id": str(first.event.user_id), "role": "member"}
    assert told["hash"] == first.hash.hex()
    assert feed("follow", name, "--once") == (0, [], "")


async def test_who_follows_is_given_each_fact_as_it_comes(begun, name, record):
    (before,) = await record()
    with begun("follow", name) as process:
        assert positions([process.lines.readline()]) == [before.position]
        (after,) = await record()
        assert positions([process.lines.readline()]) == [after.position]
        process.send(signal.SIGINT)

        assert (process.wait(), process.errors) == (0, "")


async def test_who_closes_the_pipe_is_given_the_page_again(begun, feed, name, record):
    drawn = [each.position for each in await record(600)]
    with begun("follow", name) as process:
        process.lines.readline()
        process.lines.close()

        assert (process.wait(), process.errors) == (0, "")
    assert positions(feed("follow", name, "--once")[1]) == drawn


async def test_of_two_with_one_name_the_slower_is_told_in_a_sentence(begun, feed, name, record):
    await record(500)  # more than a pipe holds: the first one waits until somebody reads
    with begun("follow", name, "--once") as slower:
        slower.lines.readline()
        feed("follow", name, "--once")
        slower.lines.read()

        assert slower.wait() == 1
        assert "name of its own" in slower.errors
        assert "Traceback" not in slower.errors


async def test_the_list_says_how_far_each_is_behind(feed, name, record):
    await record(3)

    code, lines, _ = feed("list", COLUMNS="120")

    (line,) = (line.split() for line in lines if name in line)
    assert code == 0
    assert line[2] == "3"


async def test_who_is_forgotten_is_not_in_the_list(feed, name):
    code, lines, _ = feed("forget", name)

    assert (code, lines) == (0, [f"{name} is forgotten."])
    assert not any(name in line for line in feed("list")[1])


def test_a_name_that_nobody_has_is_not_forgotten(feed):
    code, _, errors = feed("forget", "nobody")

    assert code == 1
    assert "There is no consumer nobody" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("command", [("follow", "x"), ("follow", "x", "--once"), ("list",)])
def test_without_a_database_a_sentence_says_so(feed, command):
    code, _, errors = feed(*command, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")

    assert code == 1
    assert "Traceback" not in errors
    assert len(errors.splitlines()) == 1
