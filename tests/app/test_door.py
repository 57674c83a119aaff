"""Who knocks: an id for every request, and the address that cannot be made up."""

from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
from litestar import Litestar, Request, get

from app.web.door import Doors, door_of, network


@get("/", sync_to_thread=False)
def show(request: Request) -> dict[str, str | None]:
    door = door_of(request)
    return {"ip": door.ip, "agent": door.agent, "correlation": str(door.correlation)}


async def ask(proxies, headers, client=("203.0.113.1", 5000)):
    app = Litestar(
        [show],
        middleware=[Doors(lambda: datetime(2026, 11, 23, tzinfo=UTC), proxies)],
        openapi_config=None,
        logging_config=None,
    )
    transport = httpx.ASGITransport(app, client=client)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as http:
        return await http.get("/", headers=headers)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "ip"),
    [
        (0, None, "203.0.113.1"),
        (0, "198.51.100.1", "203.0.113.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "10.9.9.9, 198.51.100.1", "198.51.100.1"),
        (2, "10.9.9.9, 198.51.100.1, 192.0.2.1", "198.51.100.1"),
        (2, "198.51.100.1", "203.0.113.1"),
        (1, None, "203.0.113.1"),
        (1, "198.51.100.1:4711", "198.51.100.1"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "2001:DB8:0::1", "2001:db8::1"),
        (1, "::ffff:198.51.100.1", "198.51.100.1"),
        (1, "unknown", None),
        (1, "'; DROP TABLE origins", None),
    ],
)
async def test_the_address_is_what_our_outermost_proxy_saw(proxies, forwarded, ip):
    answer = await ask(proxies, {"X-Forwarded-For": forwarded} if forwarded else {})

    assert answer.json()["ip"] == ip


async def test_every_request_has_an_id_that_its_answer_carries():
    first, second = await ask(0, {"X-Request-Id": "mine"}), await ask(0, {})

    assert first.headers["x-request-id"] == first.json()["correlation"]
    assert UUID(first.json()["correlation"]).version == 7
    assert first.json()["correlation"] != second.json()["correlation"]


async def test_what_a_browser_calls_itself_is_kept_short_and_printable():
    answer = await ask(0, {"User-Agent": "a\tb" + "x" * 1000})

    assert answer.json()["agent"] == "ab" + "x" * 398


def test_an_ipv6_customer_is_counted_as_one():
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") == "2001:db8:1:2::"
    assert network("2001:db8:1:3::1") != network("2001:db8:1:2::1")
    assert network("192.0.2.1") != network("192.0.2.2")
    assert network(None) == "local"
