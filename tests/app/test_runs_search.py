"""What people type to find runs, understood; what cannot be is told with its cure."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from app.runs.search import NotASearch, Search, parse
from app.runs.search.found import Wanted, counts, runs
from app.runs.search.meant import wanted_of
from domain.access import Role, TenantScope
from domain.ids import uuid7
from tests.app.runs_world import NOW, Runs

HERE = NOW.astimezone(ZoneInfo("Europe/Moscow"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", Search()),
        ("kind:sync state:failed", Search(kinds=["sync"], states=["failed"])),
        ("state:FAILED state:failed State:running", Search(states=["failed", "running"])),
        ('shop:"Рыжий кот" shop:«Белый лис»', Search(shops=["Рыжий кот", "Белый лис"])),
        ("args.nmId:42 args.nmId:43", Search(args={"nmId": ["42", "43"]})),
        ("error:KeyError error:0123456789abcdef", Search(errors=["KeyError", "0123456789abcdef"])),
        ("0123456789abcdef", Search(errors=["0123456789abcdef"])),
        ("019ae8c1-1f3a", Search(ids=["019ae8c1-1f3a"])),
        ('не отвечает "12:30"', Search(words=["не", "отвечает", "12:30"])),
    ],
)
def test_a_search_is_understood_word_by_word(typed, meant):
    assert parse(typed, HERE) == meant


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("15m", NOW - timedelta(minutes=15)),
        ("2h", NOW - timedelta(hours=2)),
        ("3d", NOW - timedelta(days=3)),
        ("07:00", datetime(2026, 11, 23, 4, 0, tzinfo=UTC)),
        ("08:00", datetime(2026, 11, 22, 5, 0, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 19, 21, 0, tzinfo=UTC)),
        ("2026-11-20T10:30", datetime(2026, 11, 20, 7, 30, tzinfo=UTC)),
    ],
)
def test_since_takes_a_span_a_day_and_a_time_of_the_visitors_own_clock(typed, moment):
    assert parse(f"since:{typed}", HERE).since == moment


@pytest.mark.parametrize(
    "typed",
    [
        'kind:sync state:failed shop:"Рыжий кот" error:KeyError args.nmId:42 since:08:00',
        'tenant:«"Заря"» 019ae8c1-1f3a слово "два слова" "12:30"',
    ],
)
def test_a_search_written_back_means_the_same(typed):
    search = parse(typed, HERE)

    assert str(search) == typed
    assert parse(str(search), HERE) == search


@pytest.mark.parametrize(
    ("typed", "named", "cure"),
    [
        ("colour:red", "“colour:”", "Say kind, state, shop"),
        ("state:done", "“done”", "waiting, running, succeeded, failed, cancelled"),
        ("state:", "“state:”", "Write a value"),
        ("args.:1", "args.", "Say which argument"),
        ("since:soon", "“soon”", "15m, 2h or 3d"),
        ("since:2026-13-01", "“2026-13-01”", "2026-11-23"),
        ("since:1h since:2h", "“since:”", "once"),
        ("kind:два,слова", "“два,слова”", "one word"),
        ("error:a/b", "“a/b”", "its fingerprint of 16 letters"),
        ('shop:"open', '“shop:"open”', "not closed"),
        ('a "b"c', '“"b"c”', "within a word"),
        ('""', "“", "not closed"),
        ("a" * 501, "500", "too long"),
        (" ".join(f"shop:{n}" for n in range(11)), "“shop:”", "10 values"),
    ],
)
def test_what_is_wrong_is_named_with_its_cure(typed, named, cure):
    with pytest.raises(NotASearch) as no:
        parse(typed, HERE)

    assert named in str(no.value)
    assert cure in str(no.value)
    assert no.value.field == "query"


@pytest.fixture
def scope():
    return TenantScope(tenant=uuid4(), person=uuid4(), role=Role.VIEWER)


@pytest.fixture
def mine(database, scope):
    return Runs(database, scope.tenant)


@pytest.fixture
def theirs(database):
    return Runs(database, uuid4())


@pytest.fixture
def everyone(mine, theirs):
    return TenantScope.everyone(uuid4(), "runs")


async def found(database, scope, typed):
    wanted = await wanted_of(database, scope, parse(typed, HERE))
    rows = await runs(database, scope, wanted, 50)
    counted = await counts(database, scope, wanted, 50)
    assert sum(counted.values()) == len(rows)
    return {each.run_id for each in rows}


async def test_each_qualifier_finds_live_and_finished_runs(database, scope, mine, theirs):
    cat, fox = await mine.shop("Рыжий кот"), await mine.shop("Белый лис")
    waiting = await mine.live(shop_id=cat, why="Лимит запросов исчерпан.")
    done = await mine.ended(shop_id=fox, kind="export", args={"nmId": 42, "to": "csv"})
    old = await mine.ended("cancelled", shop_id=cat, ago=timedelta(days=2), args={"nmId": "43"})
    broke = await mine.failed("Токен не подходит.", "token_dead", "a" * 16, shop_id=cat)
    await theirs.ended(kind="export")

    async def mean(typed):
        return await found(database, scope, typed)

    assert await mean("") == {waiting, done, old, broke}
    assert await mean("shop:рыжий") == {waiting, old, broke}
    assert await mean(f"shop:{fox}") == {done}
    assert await mean("shop:рыжий shop:бел") == {waiting, done, old, broke}
    assert await mean("kind:export") == {done}
    assert await mean("state:waiting state:failed") == {waiting, broke}
    assert await mean("since:1d") == {waiting, done, broke}
    assert await mean("args.nmId:42") == await mean("args.to:csv") == {done}
    assert await mean("args.nmId:42 args.nmId:43") == {done, old}
    assert await mean("args.nmId:42 args.to:xml") == set()
    assert await mean("error:token_dead") == await mean("error:" + "a" * 16) == {broke}
    assert await mean("error:token_dead state:succeeded") == set()
    assert await mean("error:never") == set()
    assert await mean("токен") == await mean("token_dead подходит") == {broke}
    assert await mean("лимит") == {waiting}
    assert await mean("100%") == set()
    assert await mean(str(done)) == await mean(str(done)[:28]) == {done}
    assert await mean("shop:рыжий kind:sync state:cancelled since:3d") == {old}


async def test_what_nothing_is_called_is_said(database, scope, mine, everyone):
    await mine.shop("Рыжий кот")

    for who, typed, said in (
        (scope, "shop:синий", "No shop is called “синий…”"),
        (scope, "tenant:заря", "“tenant:” is for those who run the servers"),
        (everyone, "tenant:нет-такой", "No company is called “нет-такой…”"),
        (everyone, f"shop:{uuid4()}", "No shop is called"),
    ):
        with pytest.raises(NotASearch, match=said):
            await wanted_of(database, who, parse(typed, HERE))


async def test_the_staff_finds_the_runs_of_all_companies(database, mine, theirs, everyone):
    name, odd = f"Заря {uuid4().hex}", f"odd_{uuid4().hex}"
    cause = uuid4().hex[:16]
    await mine.name(name)
    shop = await mine.shop("Рыжий кот")
    first, broke = (
        await mine.ended(shop_id=shop, kind="rare"),
        await mine.failed("Токен.", odd, cause),
    )
    other = await theirs.failed("Токен.", odd, cause)

    async def mean(typed):
        return await found(database, everyone, typed)

    assert await mean(f'tenant:"{name.lower()}"') == {first, broke}
    assert await mean(f"tenant:{mine.tenant} tenant:{theirs.tenant}") == {first, broke, other}
    assert await mean(f"shop:{shop}") == await mean("kind:rare") == {first}
    assert await mean(f"error:{odd}") == {broke, other}
    assert await mean(f"error:{odd} tenant:{theirs.tenant}") == {other}
    assert await mean(f"tenant:{mine.tenant} shop:рыжий state:succeeded") == {first}


async def test_pages_follow_each_other_in_both_directions(database, scope, mine):
    ids = [await mine.ended(run_id=uuid7(NOW - timedelta(minutes=n))) for n in range(3)]
    live = await mine.live(run_id=uuid7(NOW))

    async def page(**place):
        return [each.run_id for each in await runs(database, scope, Wanted(**place), 2)]

    first = await page()
    second = await page(before=first[-1])

    assert len({live, *ids}) == 4
    assert [*first, *second] == sorted({live, *ids}, reverse=True)
    assert await page(after=second[0]) == first
    assert await page(before=second[-1]) == []


async def test_counts_end_where_they_are_told_to(database, scope, mine):
    for _ in range(4):
        await mine.ended()

    counted = await counts(database, scope, Wanted(), 2)

    assert counted == {"waiting": 0, "running": 0, "succeeded": 3, "failed": 0, "cancelled": 0}


async def test_another_companys_shop_finds_nothing(database, scope, mine, theirs):
    shop = await theirs.shop("Рыжий кот")
    await theirs.ended(shop_id=shop)

    assert await found(database, scope, f"shop:{shop}") == set()
