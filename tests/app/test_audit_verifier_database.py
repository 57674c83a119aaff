"""Who owns the database can put every guard of it aside; the next export shows that it was done.

What nobody can show from inside: that the newest facts were removed together with every seal about
them, or that new ones were added as the product adds them. Against that, keep seals outside.
"""

from datetime import datetime, timedelta

import pytest

from tests.app.audit_tampering import chained
from tests.app.audit_world import Archive, Company, lines, verified

FACT = "UPDATE events SET {} WHERE tenant_id = $1 AND kind = 'tenant' AND version = 6"
COLUMNS = {
    "tenant_id": "tenant_id = gen_random_uuid()",
    "kind": "kind = 'subscription'",
    "stream_id": "stream_id = gen_random_uuid()",
    "version": "version = 1000",
    "position": "position = -position",
    "position, a later one": "position = nextval('event_position')",
    "event_id": "event_id = gen_random_uuid()",
    "name": "name = 'tenant.schedule_kept'",
    "name, a known one": "name = 'tenant.shop_broke'",
    "schema_version": "schema_version = schema_version + 1",
    "schema_version, none": "schema_version = -1",
    "at": "at = at + interval '1 microsecond'",
    "source": "source = 'run'",
    "actor_id": "actor_id = gen_random_uuid()",
    "actor_id, none": "actor_id = NULL",
    "correlation_id": "correlation_id = gen_random_uuid()",
    "causation": "causation = causation || '0'",
    "command_id": "command_id = gen_random_uuid()",
    "payload": "payload = convert_to(replace(convert_from(payload, 'UTF8'), 'Moscow', 'Omsk00'), 'UTF8')",
    "payload, no JSON": "payload = '\\xff00'",
    "payload, a space more": "payload = payload || ' '::bytea",
    "hash": "hash = sha256(hash)",
}
ROWS = {
    "a fact deleted": "DELETE FROM events WHERE tenant_id = $1 AND kind = 'tenant' AND version = 6",
    "the end deleted": "DELETE FROM events WHERE tenant_id = $1 AND kind = 'tenant' AND version > 9",
    "a stream deleted": "DELETE FROM events WHERE tenant_id = $1 AND kind = 'subscription'",
    "a fact invented": """
        INSERT INTO events SELECT tenant_id, kind, stream_id, version + 1000, -position,
          gen_random_uuid(), name, 1, at, source, actor_id, correlation_id, causation, NULL, payload,
          hash FROM events WHERE tenant_id = $1 AND kind = 'tenant' AND version = 6""",
    "a stream invented": """
        INSERT INTO events SELECT tenant_id, kind, gen_random_uuid(), 1, -position,
          gen_random_uuid(), name, 1, at, source, actor_id, correlation_id, causation, NULL, payload,
          hash FROM events WHERE tenant_id = $1 AND kind = 'tenant' AND version = 6""",
    "a seal deleted": "DELETE FROM seals WHERE tenant_id = $1 AND number = 2",
    "a seal's body changed": """
        UPDATE seals SET body = convert_to(replace(convert_from(body, 'UTF8'), '"events":', '"events":1'),
          'UTF8') WHERE tenant_id = $1 AND number = 2""",
    "a seal's body broken": "UPDATE seals SET body = '\\xff' WHERE tenant_id = $1",
    "a seal's signature changed": """
        UPDATE seals SET signature = sha512(signature) WHERE tenant_id = $1 AND number = 3""",
    "two seals swapped": """
        UPDATE seals SET body = o.body, signature = o.signature FROM seals o
        WHERE seals.tenant_id = $1 AND o.tenant_id = $1 AND seals.number + o.number = 5
          AND seals.number IN (2, 3)""",
}


@pytest.fixture
async def company(database):
    return await (await Archive(database).found()).lives()


@pytest.mark.parametrize("change", COLUMNS.values(), ids=COLUMNS.keys())
async def test_a_changed_column_is_found_in_the_whole_and_in_a_range_around_it(company, change):
    assert (await company.meddle(FACT.format(change))) == "UPDATE 1"
    content = await company.export(since="2026-11-23T05:00:00Z", until="2026-11-23T14:00:00Z")

    assert verified(content, company.archive.ring.public).findings != []
    assert verified(await company.export(), company.archive.ring.public).findings != []


@pytest.mark.parametrize("change", ROWS.values(), ids=ROWS.keys())
async def test_rows_deleted_and_invented_are_found(company, change):
    assert int((await company.meddle(change)).split()[-1]) > 0

    assert verified(await company.export(), company.archive.ring.public).findings != []


async def rewrite(company, version):
    """Change a fact, and give the whole stream new links by the public rule: all that is left is
    what was sealed. Returns the company as a process sees it that was started afterwards."""
    told = lines(await company.export())
    for line in told:
        if line["line"] == "fact" and line["version"] == version:
            line["source"] = "run"
    facts = [each for each in chained(told) if each["line"] == "fact"]
    new = ", ".join(f"({each['position']}, '\\x{each['hash']}'::bytea)" for each in facts)
    await company.meddle(
        f"UPDATE events SET hash = n.hash FROM (VALUES {new}) AS n (position, hash) "
        "WHERE tenant_id = $1 AND events.position = n.position"
    )
    await company.meddle(
        f"UPDATE events SET source = 'run' WHERE tenant_id = $1 AND version = {version}"
    )
    before = company.archive
    return Company(Archive(before.database, ring=before.ring, now=before.now), company.scope)


async def test_a_history_that_is_rewritten_with_all_its_links_does_not_match_its_seals(company):
    company = await rewrite(company, 2)
    report = verified(await company.export(), company.archive.ring.public)

    assert report.findings[0].startswith("Line 13: version 5 of tenant")
    assert all("is not what was signed" in each for each in report.findings)


@pytest.mark.parametrize("version", range(1, 15))
async def test_a_range_proves_whatever_it_shows(company, version):
    company = await rewrite(company, version)
    told = lines(await company.export())
    at = next(e["at"] for e in told if e.get("version") == version and e["kind"] == "tenant")
    since = datetime.fromisoformat(at)
    until = since + timedelta(minutes=1)
    content = await company.export(since=since.isoformat(), until=until.isoformat())
    report = verified(content, company.archive.ring.public)

    assert any(each.get("version") == version for each in lines(content))
    assert report.findings != []


async def test_a_range_shows_that_the_only_fact_in_it_was_deleted(company):
    await company.meddle(ROWS["a fact deleted"])
    content = await company.export(since="2026-11-23T06:30:00Z", until="2026-11-23T07:30:00Z")

    assert lines(content)[0]["says"]["between"] == [1, 2]
    assert verified(content, company.archive.ring.public).findings != []


async def test_a_range_without_facts_of_a_stream_shows_that_its_seals_contradict_each_other(
    company,
):
    archive = company.archive
    told = lines(await company.export())
    fact = next(each for each in told if each.get("kind") == "subscription")
    fact["source"] = "run"
    await company.meddle(
        f"UPDATE events SET source = 'run', hash = '\\x{chained([fact])[0]['hash']}' "
        "WHERE tenant_id = $1 AND kind = 'subscription'"
    )
    archive.later(hours=1)
    content = await company.export(since=archive.now.isoformat())
    report = verified(content, archive.ring.public)

    assert all(each.get("kind") != "subscription" for each in lines(content))
    assert "contradicts the one before it about subscription" in report.findings[0]


async def test_an_untouched_database_is_intact(company):
    assert verified(await company.export(), company.archive.ring.public).findings == []
