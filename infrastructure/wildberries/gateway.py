"""The way to Wildberries: every call within its budget, every answer judged before it is used.

Tokens appear in no exception, no repr and no log: sentences are made of constants of ours, and
exceptions of the HTTP client, which know the headers, are not chained.
"""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from http import HTTPStatus
from typing import TypeVar

import aiohttp
import msgspec

from domain.both import Both
from domain.errors import Outside
from domain.fact import fact
from domain.novelty import Novelty
from domain.ports import Access, Breaker, Budget, Novelties, Opened
from infrastructure.wildberries.claims import Claims, check_alive, is_plain, read_claims
from infrastructure.wildberries.hosts import Hosts
from infrastructure.wildberries.limits import PINGS, Call
from infrastructure.wildberries.novel import novelties
from infrastructure.wildberries.pace import Time
from infrastructure.wildberries.ration import Ration
from infrastructure.wildberries.reply import Reply, failed
from infrastructure.wildberries.tape import Tape
from infrastructure.wildberries.verdict import (
    away,
    broken,
    checked,
    code,
    decoded,
    malformed,
    no_quota,
    outage,
    refusal,
)

T = TypeVar("T")


@fact
class Request:
    """What is asked of a call: parts of its address, query, and a body to be sent as JSON."""

    path: Mapping[str, str | int] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: object = None


NOTHING = Request()


class Gateway:
    """One process's way out: connections, hosts, budgets, breakers, time."""

    def __init__(  # noqa: PLR0913 -- what there is of in a process, by name
        self,
        session: aiohttp.ClientSession,
        hosts: Hosts,
        budget: Budget,
        breaker: Breaker,
        time: Time,
        *,
        novelties: Novelties,
        tape: Tape | None,
    ) -> None:
        self.novelties, self.tape = novelties, tape
        self.session, self.hosts, self.budget = session, hosts, budget
        self.breaker, self.time = breaker, time
        pace = time.pace
        self.timeout = aiohttp.ClientTimeout(
            total=pace.whole, connect=pace.connect, sock_read=pace.silence
        )

    def visit(self, access: Access, *, bearer: bool, secret: str | None) -> "Visit":
        """Calls in the name of this token. Raises Rejected if it cannot be one, or is expired."""
        claims = read_claims(access.token)
        check_alive(claims, self.time.now())
        headers = {"Authorization": f"Bearer {access.token}" if bearer else access.token}
        secret = (access.secret or secret) if claims.kind == "base" else None
        if secret:
            headers["X-Client-Secret"] = secret
        return Visit(self, claims, headers, with_secret=bool(secret))

    async def knock(self) -> None:
        """Raises Unavailable when nobody answers, whatever the answer would be."""
        address = f"{self.hosts.common}/ping"
        try:
            async with self.session.get(address, timeout=self.timeout, allow_redirects=False):
                return
        except (aiohttp.ClientError, TimeoutError) as error:
            raise outage(PINGS[0], type(error).__name__, self.time.now()) from error

    async def send(self, call: Call, request: Request, headers: Mapping[str, str]) -> Reply:
        """One try. A failure on the way is a reply too, without its dangerous details."""
        path = call.path.format_map(request.path)
        reply = await self._sent(call, path, request, headers)
        if self.tape is not None:
            self.tape.record(call, path, request.query, request.body, reply)
        return reply

    async def _sent(
        self, call: Call, path: str, request: Request, headers: Mapping[str, str]
    ) -> Reply:
        try:
            async with self.session.request(
                call.method,
                self.hosts.address(call.host) + path,
                params=request.query,
                data=None if request.body is None else msgspec.json.encode(request.body),
                headers={"Content-Type": "application/json", **headers},
                timeout=self.timeout,
                allow_redirects=False,
            ) as response:
                body = await self._body(call, response)
                return Reply(response.status, response.headers, body)
        except (aiohttp.ClientError, TimeoutError) as error:
            return failed(error)

    async def _body(self, call: Call, response: aiohttp.ClientResponse) -> bytearray:
        body = bytearray()
        async for part in response.content.iter_any():
            body += part
            if len(body) > self.time.pace.largest:
                raise malformed(call, _too_large(self.time.pace.largest))
        return body


class Visit:
    """One token's calls. `plain`: a Base token without secret, which has the narrow limits."""

    def __init__(
        self, gateway: Gateway, claims: Claims, headers: Mapping[str, str], *, with_secret: bool
    ) -> None:
        self.claims, self.time, self.with_secret = claims, gateway.time, with_secret
        self.plain = is_plain(claims.kind, with_secret=with_secret)
        self._ration = Ration(gateway.budget, gateway.time, claims.seller_id, plain=self.plain)
        self._gateway, self._headers = gateway, headers
        self._answers: Counter[str] = Counter()

    async def call(
        self,
        call: Call,
        decoder: "msgspec.json.Decoder[T]",
        request: Request = NOTHING,
        *,
        nothing: T | None = None,
    ) -> T:
        """The decoded answer; `nothing` is what a 204 stands for, where one is promised.

        Raises Rejected, Unavailable or Malformed. Outages are tried again, a few times, after a
        moment; a 429 as soon as the budget has it, and is never a failure. Who is away for
        everybody is not called at all.
        """
        reply = await self._good(call, request)
        if reply.status == HTTPStatus.NO_CONTENT and nothing is not None:
            return nothing
        answer = decoded(call, checked(call, reply.content_type, reply.body), decoder)
        await self._listen(call, reply)
        return answer

    async def note(self, *found: Novelty) -> None:
        """What nobody has heard before, and is let through."""
        if found:
            await self._gateway.novelties.note(found)

    async def _listen(self, call: Call, reply: Reply) -> None:
        """To the first answer of a method, the second, the fourth …: a thousand pages are alike."""
        self._answers[call.name] = nth = self._answers[call.name] + 1
        if nth & (nth - 1) == 0:
            await self.note(*novelties(call, reply.body))

    async def _good(self, call: Call, request: Request) -> Reply:
        pace, attempt = self.time.pace, 0
        while True:
            attempt += 1
            reply = await self._one(call, request)
            if reply.status in (HTTPStatus.OK, HTTPStatus.NO_CONTENT):
                return reply
            if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR and attempt < pace.attempts:
                await self.time.pause(pace.pause * random.uniform(0.5, 1.5))  # noqa: S311 -- jitter
            elif reply.status != HTTPStatus.TOO_MANY_REQUESTS or attempt == pace.attempts:
                raise self._reason(call, reply)

    async def _one(self, call: Call, request: Request) -> Reply:
        """One try, unless the breaker forbids it; what is not made costs no budget. Raises
        Unavailable."""
        ticket, reply = await self._gateway.breaker.enter(call.endpoint), None
        if isinstance(ticket, Opened):
            raise away(call, ticket)
        try:
            await self._ration.afford(call)
            reply = await self._gateway.send(call, request, self._headers)
        finally:
            opened = await self._told(call, ticket, reply)
        await self._ration.learn(call, reply)
        if opened:
            raise away(call, opened)
        return reply

    async def _told(self, call: Call, ticket: int, reply: Reply | None) -> Opened | None:
        """The breaker, how the call ended. An answer between 300 and 499 says nothing to it."""
        breaker, endpoint = self._gateway.breaker, call.endpoint
        if reply is not None and (wrong := broken(reply)):
            return await breaker.failed(endpoint, ticket, self.claims.seller_id, wrong)
        if reply is not None and reply.status in (HTTPStatus.OK, HTTPStatus.NO_CONTENT):
            await breaker.worked(endpoint, ticket)
        else:
            await breaker.left(endpoint, ticket)
        return None

    def _reason(self, call: Call, reply: Reply) -> Outside:
        """Why there is no good answer after all attempts."""
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            seconds = reply.retry_after() or self._ration.interval(call)
            return no_quota(call, self.time.ahead(seconds))
        if reply.failure == aiohttp.ClientPayloadError.__name__:
            return malformed(call, Both(ru="ответ оборван на полпути", en="cut off half way"))
        if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            what = reply.failure or code(reply.status)
            return outage(call, what, self.time.ahead(60.0))
        return refusal(call, reply.status, reply.body, self.time.now())


def _too_large(most: int) -> Both:
    return Both(ru=f"больше {most >> 20} МиБ", en=f"more than {most >> 20} MiB")
