"""What concerns all companies is a log like any company's: told, taken along, verified."""

from uuid import uuid4

import pytest

from app.asker import Asker
from app.audit.entries import FactRow, Wanted, page
from app.audit.export.asked import wish
from app.audit.export.staff import export_for_staff
from app.audit.facts import opened
from app.audit.more import More
from app.audit.targets import targets
from domain import fleet
from domain.access import Role, TenantScope
from tests.app.audit_world import NOW, OPEN, PERSON, SHUT, Archive, by, lines, verified

UNSEALED = f"{OPEN}; DELETE FROM seals WHERE tenant_id = '{fleet.FLEET}'; {SHUT}"


@pytest.fixture
async def archive(database):
    """Without seals of other tests, which were signed with other keys."""
    async with database.driver() as driver:
        await driver.execute(UNSEALED)
    return Archive(database)


@pytest.fixture
async def vera(archive):
    """Somebody of the staff, acting on all companies."""
    person = await known(archive, "Вера Белова")
    scope = TenantScope(tenant=fleet.FLEET, person=person, role=Role.OWNER)
    return Asker(scope=scope, origin=by(person)._replace(source="staff"))


async def taken(archive, to, **asked):
    await export_for_staff(archive.exports, fleet.FLEET, "ticket 7", wish(asked), str(to))
    return to.read_bytes()


async def test_it_is_exported_on_record_and_verified_offline(archive, vera, tmp_path):
    await vera.tell(archive.handle, fleet.AppointStaff(user_id=vera.scope.person))
    content = await taken(archive, tmp_path / "fleet.jsonl", language="en")
    read, exported = [each for each in lines(content) if each["line"] == "fact"][-2:]

    assert verified(content, archive.ring.public).findings == []
    assert "appointed Вера Белова as staff" in content.decode()
    assert read["sentence"] == (
        "The server's administrator looked at all companies' data, reason: ticket 7"
    )
    assert exported["name"] == "fleet.audit_exported"
    assert exported["sentence"] == (
        "The server's administrator exported the log of what concerns all companies (jsonl), "
        "from the beginning to the end"
    )


async def test_it_is_exported_in_russian_as_a_table(archive, vera, tmp_path):
    await vera.tell(archive.handle, fleet.HoldRuns(kind="sync"))
    await vera.tell(archive.handle, fleet.ReleaseRuns(kind="sync"))
    content = (await taken(archive, tmp_path / "fleet.csv", format="csv")).decode()

    assert "возобновление всех обновлений всех компаний" in content
    assert "выгружен журнал всех компаний (csv), с самого начала до конца" in content


async def test_its_facts_are_found_by_the_name_of_whom_they_are_about(archive, vera):
    person = await known(archive, "Рената Кузнецова")
    await known(archive, "Рената Нестаффная")
    await vera.tell(archive.handle, fleet.AppointStaff(user_id=person))
    await vera.tell(archive.handle, fleet.DismissStaff(user_id=person))

    asked = [targets(archive.database, vera.scope, typed) for typed in ("рената", "Кузнецова")]
    found = [await each for each in asked]

    assert found == [[person], [person]]


async def known(archive, name):
    """Somebody who registered once; her id."""
    person = uuid4()
    async with archive.database.driver() as driver:
        await driver.execute(PERSON, person, f"{person}@example.com", name, NOW)
    return person


async def test_each_fact_tells_what_it_changed(archive, vera):
    """Its staff and its pauses, before and after."""
    person = vera.scope.person
    commands = (
        fleet.AppointStaff(user_id=person),
        fleet.HoldRuns(kind="bulk"),
        fleet.HoldRuns(kind=None),
        fleet.ReleaseRuns(kind="bulk"),
        fleet.ReleaseRuns(kind=None),
        fleet.DismissStaff(user_id=person),
    )
    for command in commands:
        await vera.tell(archive.handle, command)

    assert await changes(archive, vera) == [
        ("staff.Вера Белова", None, "yes"),
        ("held", None, "all bulk actions"),
        ("held", "all bulk actions", "all bulk actions, all runs"),
        ("held", "all bulk actions, all runs", "all runs"),
        ("held", "all runs", None),
        ("staff.Вера Белова", "yes", None),
    ]


async def changes(archive, asker):
    wanted = Wanted(actor=asker.scope.person, oldest_first=True)
    rows = await page(archive.database, asker.scope, wanted, 10, FactRow)
    more = More(archive.exports, asker.scope, opened(rows, archive.exports.decode), "en")
    told = await more.changes()
    return [
        (each.field, each.before, each.after) for row in rows for each in told.get(row.position, ())
    ]
