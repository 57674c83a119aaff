"""What holds of a store at any moment, whatever happened to it; each is told as what breaks it."""

import hashlib
from collections import defaultdict

import asyncpg

from app.wiring.facts import CODEC, PROJECTIONS
from domain.events import START
from infrastructure.postgres.append import digest_of
from infrastructure.postgres.facts import COLUMNS, facts_of

GAPS = """
SELECT tenant_id, kind, stream_id FROM events GROUP BY 1, 2, 3
HAVING count(*) <> max(version) OR min(version) <> 1
"""
HEADS = """
SELECT * FROM heads h
FULL JOIN (SELECT tenant_id, kind, stream_id, max(version) AS version FROM events GROUP BY 1, 2, 3)
  e USING (tenant_id, kind, stream_id)
WHERE h.version IS DISTINCT FROM e.version
"""
TWICE = "SELECT position FROM events GROUP BY 1 HAVING count(*) > 1"
UNORDERED = """
SELECT position FROM (SELECT position, lag(position) OVER (
  PARTITION BY tenant_id, kind, stream_id ORDER BY version) AS before FROM events) e
WHERE position <= before
"""
ANSWERS = """
SELECT c.tenant_id, c.command_id FROM commands c
FULL JOIN (SELECT tenant_id, command_id, array_agg(position ORDER BY position) AS positions
           FROM events WHERE command_id IS NOT NULL GROUP BY 1, 2) e USING (tenant_id, command_id)
WHERE c.positions <> '{}' AND c.positions IS DISTINCT FROM e.positions
"""
CHAINED = """
SELECT tenant_id, kind, stream_id, version, event_id, name, schema_version, at, source, actor_id,
       correlation_id, causation, command_id, payload, position, hash
FROM events ORDER BY tenant_id, kind, stream_id, version
"""


async def broken(url):
    """By the name of an invariant, what breaks it: empty for a store that is whole."""
    driver = await asyncpg.connect(url)
    try:
        found = {
            "versions have gaps": await driver.fetch(GAPS),
            "heads differ": await driver.fetch(HEADS),
            "positions come twice": await driver.fetch(TWICE),
            "positions are not in order": await driver.fetch(UNORDERED),
            "commands differ from their facts": await driver.fetch(ANSWERS),
            "chains are broken": _unchained(await driver.fetch(CHAINED)),
            "projected rows differ": await _misprojected(driver),
        }
    finally:
        await driver.close()
    return {name: what for name, what in found.items() if what}


def _unchained(rows):
    last = {}
    wrong = []
    for *envelope, payload, position, link in rows:
        stream = tuple(envelope[:3])
        digest = digest_of(envelope, payload)
        before = last.get(stream, START.hash)
        if hashlib.sha256(before + position.to_bytes(8, "big") + digest).digest() != link:
            wrong.append(position)
        last[stream] = link
    return wrong


async def _misprojected(driver):
    """Tables that are not the fold of the facts."""
    facts = await driver.fetch(f"SELECT {COLUMNS} FROM events ORDER BY position")
    folded = defaultdict(dict)
    for recorded in facts_of(CODEC, facts):
        for projection in PROJECTIONS:
            for statement, values in projection.project(recorded):
                if hasattr(statement, "table"):
                    _carry_out(folded[statement.table.name], statement, values)
    wrong = []
    for table in (table for projection in PROJECTIONS for table in projection.tables):
        rows = await driver.fetch(f"SELECT * FROM {table.name}")
        stored = {tuple(row[each] for each in table.key): _told(row, table.key) for row in rows}
        if stored != {key: _filled(row) for key, row in folded[table.name].items()}:
            wrong.append(table.name)
    return wrong


def _carry_out(rows, statement, values):
    size = len(statement.table.key)
    key, news = tuple(values[:size]), dict(zip(statement.columns, values[size:], strict=True))
    match statement.verb:
        case "put":
            rows[key] = news
        case "change" if key in rows:
            rows[key] |= news
        case "drop":
            rows.pop(key, None)


def _told(row, key):
    return _filled({name: value for name, value in row.items() if name not in key})


def _filled(row):
    """A column that nobody named is null."""
    return {name: value for name, value in row.items() if value is not None}
