"""`ONLY=audit`: pages of an audit log of five million facts, near its beginning and far down.

A page is a GraphQL request, from its bytes to its answer, without HTTP: filters resolved, rows
found, sentences said with the names of people and shops.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from statistics import quantiles
from typing import Any
from uuid import uuid4

import msgspec
import uvloop

from app.asker import Asker
from app.graphql.context import Context
from app.graphql.handler import Handler
from app.schema import schema
from app.web.door import Door
from app.wiring import Product, graphql
from app.wiring.facts import CODEC
from app.wiring.projections import TABLES
from benchmarks import audit_log, histories
from benchmarks.audit_log import Company
from benchmarks.figures import show, tell
from benchmarks.store import product
from domain.access import Role, TenantScope
from infrastructure.clock import system_clock
from infrastructure.postgres.rebuild import Rebuilds

FACTS = 5_000_000
PAGE, FAR, STEP = 20, 1_000, 100
"""Facts on a page; which page counts as far; facts at a time on the way there."""
SAMPLES, WARM_UP = 400, 20
"""Of each kind of page, in turn."""

DOCUMENT = """
query ($first: Int!, $after: String, $filter: AuditFilter) {
  auditLog(first: $first, after: $after, filter: $filter, language: EN) {
    edges {
      cursor
      node { id position at action sentence source correlationId causation
             actor { id name } target { kind id name } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""


def measure() -> None:
    """All of it in one database."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_measure())


async def _measure() -> None:
    async with product() as made:
        large = audit_log.company()
        await _fill(made, large)
        log = Log(made, large)
        pages: dict[tuple[str, str], dict[str, Any]] = {}
        for name, asked in _filters(large).items():
            tell(f"audit: to page {FAR:,}, filter: {name}")
            pages[name, "first page"] = {"first": PAGE, "filter": asked}
            far = await log.cursor(asked)
            pages[name, f"page {FAR:,}"] = {"first": PAGE, "filter": asked, "after": far}
        took: dict[tuple[str, str], list[float]] = {each: [] for each in pages}
        for number in range(SAMPLES + WARM_UP):
            if number % 100 == 0:
                tell(f"audit: sample {number} of {SAMPLES}")
            for each, variables in pages.items():
                began = time.perf_counter()
                await log.page(variables)
                took[each].append(time.perf_counter() - began)
    _show({each: quantiles(seen[WARM_UP:], n=100) for each, seen in took.items()})


async def _fill(made: Product, large: Company) -> None:
    tell(f"audit: {FACTS:,} facts")
    async with made.database.driver() as driver:
        await histories.load(driver, audit_log.facts(large, FACTS))
        await audit_log.name(driver, large)
        await driver.execute("ANALYZE events", timeout=None)
    tell("audit: the index table, by the product's own rebuild")
    rebuilds = Rebuilds(made.database, CODEC, system_clock)
    await rebuilds.rebuild(TABLES["audit_entries"], lambda *_: None)
    async with made.database.driver() as driver:
        for table in ("events", "audit_entries"):
            await driver.execute(f"VACUUM (ANALYZE) {table}")


def _filters(large: Company) -> Mapping[str, Mapping[str, Any]]:
    """Each alone; all of them are true of more than a thousand pages."""
    now = system_clock()
    since, until = now - timedelta(days=600), now - timedelta(days=300)
    return {
        "none": {},
        "actor": {"actor": str(large.people[1])},
        "action": {"action": ["tenant.shop_broke"]},
        "target, by the beginning of its name": {"target": "shop 03"},
        "time": {"since": since.isoformat(), "until": until.isoformat()},
        "source": {"source": "run"},
        "correlation": {"correlation": str(large.huge)},
    }


class Log:
    """The audit log of one company, as one of its people reads it."""

    def __init__(self, made: Product, who: Company) -> None:
        person = who.people[0]
        scope = TenantScope(tenant=who.id, person=person, role=Role.OWNER)
        asker = Asker(scope=scope, origin=histories.asked_by(person))
        self._context = Context(ports=graphql(made), asker=asker, language="en")
        self._handler = Handler(schema._schema)  # noqa: SLF001 - as app.graphql.routes does
        self._door = Door(correlation=uuid4(), ip=None, agent=None)

    async def page(self, variables: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Raises AssertionError for a page that is not full."""
        raw = msgspec.json.encode({"query": DOCUMENT, "variables": variables})
        reply = await self._handler(raw, self._enter, self._context, self._door)
        assert "errors" not in reply.body, reply.body
        found = reply.body["data"]["auditLog"]
        assert len(found["edges"]) == variables["first"]
        return found

    async def cursor(self, asked: Mapping[str, Any]) -> str:
        """The last fact before page FAR."""
        after, left = None, (FAR - 1) * PAGE
        while left:
            first = min(left, STEP)
            found = await self.page({"first": first, "filter": asked, "after": after})
            after, left = found["pageInfo"]["endCursor"], left - first
        return str(after)

    async def _enter(self) -> Context:
        return self._context


def _show(took: Mapping[tuple[str, str], Sequence[float]]) -> None:
    """Hundredths: the 95th and the 99th, of each kind of page against the first page of all."""
    for percent in (95, 99):
        base = next(iter(took.values()))[percent - 1] * 1000
        figure = "audit_page" if percent == 95 else f"audit_page_p{percent}"  # noqa: PLR2004
        for (name, which), hundredths in took.items():
            peer = f"first page unfiltered; p{percent} of {which}, filter: {name}, {FACTS:,} facts"
            value = hundredths[percent - 1] * 1000
            show(figure, value, "ms", peer=peer, peer_value=base)
