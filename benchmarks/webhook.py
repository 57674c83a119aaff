"""`ONLY=webhook`: messages of Stripe's a second, beside the same in FastAPI, SDK and ORM.

Each is one process, with its own defaults, on one PostgreSQL as it comes; they are asked in turns.
Ours keeps bytes, sealed, and what is to be done; theirs keeps JSONB: that is part of the design.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections import defaultdict
from statistics import median

import uvloop

from benchmarks.figures import show, tell
from benchmarks.running import Bench, bench
from benchmarks.web import answering, web
from benchmarks.webhook_load import CONNECTIONS
from benchmarks.webhook_storm import storm
from sandbox.servers import free_port

ROUNDS, SECONDS = 5, 2.0
SECRET = "whsec_of_the_benchmark"  # noqa: S105 - of a server that is gone afterwards
OURS, CONSTRUCT, PLAIN = "/webhooks/stripe", "/construct", "/plain"


def measure() -> None:
    """All of it on one server."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_measure())


async def _measure() -> None:
    async with bench() as made:
        paid = {"STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": SECRET}
        environ, port = {**made.environ, **paid}, free_port()
        peer = ("-m", "uvicorn", "benchmarks.webhook_peer:app", "--port", str(port))
        quiet = ("--no-access-log", "--log-level", "warning")
        async with web(environ) as ours, answering((*peer, *quiet), environ, port, "/"):
            await _accept(made, {OURS: ours, CONSTRUCT: port, PLAIN: port})
    await storm()


async def _accept(made: Bench, ports: dict[str, int]) -> None:
    """Who answers 200 has kept it: that is counted afterwards."""
    rates, slowest = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    kept = dict.fromkeys(ports, 0)
    for number in range(ROUNDS + 1):
        tell(f"webhook: round {number} of {ROUNDS}")
        for path, port in ports.items():
            rate, p99, count = await _load(port, path)
            kept[path] += count
            if number:  # the first one warms up
                rates[path].append(rate)
                slowest[path].append(p99)
    async with made.product.database.driver() as driver:
        assert await driver.fetchval("SELECT count(*) FROM stripe_inbox") == kept[OURS]
        theirs = await driver.fetchval("SELECT count(*) FROM peer_events")
        assert theirs == kept[CONSTRUCT] + kept[PLAIN]
    ours, construct, plain = (median(rates[path]) for path in (OURS, CONSTRUCT, PLAIN))
    with_sdk = f"FastAPI, construct_event, ORM into JSONB, uvicorn; {CONNECTIONS} connections"
    without = f"the same without construct_event; {CONNECTIONS} connections"
    show(
        "webhook_accept", ours, "events/s", peer=f"{with_sdk}; bound 7 times", peer_value=construct
    )
    show("webhook_accept_plain", ours, "events/s", peer=f"{without}; bound 3.5", peer_value=plain)
    ours, construct = (median(slowest[path]) for path in (OURS, CONSTRUCT))
    show("webhook_p99_ms", ours, "ms", peer=f"{with_sdk}; bound 0.2", peer_value=construct)


async def _load(port: int, path: str) -> tuple[float, float, int]:
    command = ("-m", "benchmarks.webhook_load", str(port), path, str(SECONDS), SECRET)
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=PIPE)
    said, _ = await process.communicate()
    assert process.returncode == 0
    rate, p99, count = json.loads(said)
    return rate, p99, count
