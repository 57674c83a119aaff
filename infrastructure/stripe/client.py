"""The official SDK, tamed: our time-outs, our errors, no telemetry, and answers as plain text."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, TypeVar

import aiohttp
import stripe

from domain.errors import Rejected
from domain.payments_port import MISSING
from domain.ports import Clock
from domain.secrecy import Secret
from infrastructure.stripe.bodies import decoded
from infrastructure.stripe.faults import FAILURES, fault
from infrastructure.stripe.shapes import Page

T = TypeVar("T")

API_VERSION: Final = "2026-10-28.endive"
"""An update of the SDK would move it unasked; the webhook endpoint is to be set to the same."""
MOST: Final = 100
"""Objects on one page (API reference, Pagination)."""
_TIMEOUT: Final = aiohttp.ClientTimeout(total=30, connect=5, sock_read=25)
_RETRIES: Final = 1

# It would write a file into the home folder, and tell how long our calls take.
stripe.enable_telemetry = False
# On DEBUG it writes whole answers, with addresses of pages that are secrets of the customer's.
logging.getLogger("stripe").setLevel(logging.WARNING)


class Client:
    """One account's. `url`: where the API is; `session` is closed by whoever opened it."""

    def __init__(self, key: Secret, url: str, session: aiohttp.ClientSession, clock: Clock) -> None:
        self._clock = clock
        self.v1 = stripe.StripeClient(
            key.reveal(),
            stripe_version=API_VERSION,
            base_addresses={"api": url.rstrip("/")},
            http_client=stripe.AIOHTTPClient(timeout=_TIMEOUT, session=session),
            max_network_retries=_RETRIES,
        ).v1

    async def got(self, asked: Awaitable[stripe.StripeObject], shape: type[T]) -> T:
        """The answer. Raises Unavailable, Rejected, Malformed."""
        return decoded(await self._body(asked), shape, "API")

    async def done(self, asked: Awaitable[stripe.StripeObject]) -> None:
        """What it answers is of no interest. Raises as `got` does."""
        await self._body(asked)

    async def perhaps(self, asked: Awaitable[stripe.StripeObject], shape: type[T]) -> T | None:
        """The answer; None if there is no such thing."""
        try:
            return await self.got(asked, shape)
        except Rejected as no:
            if no.cause != MISSING:
                raise
            return None

    async def pages(
        self,
        ask: Callable[[str | None], Awaitable[stripe.StripeObject]],
        shape: type[Page[T]],
        ident: Callable[[T], str],
    ) -> AsyncIterator[list[T]]:
        """To the end. `ask` is given the id that the last page ended with."""
        after = None
        while True:
            page = await self.got(ask(after), shape)
            yield page.data
            if not (page.has_more and page.data):
                return
            after = ident(page.data[-1])

    async def _body(self, asked: Awaitable[stripe.StripeObject]) -> bytes:
        """What an `except` raises holds on to the error itself, so this is raised after it."""
        try:
            answer = await asked
        except FAILURES as error:
            failure = fault(error, self._clock())
        else:
            # A JSON list or a number comes as what it is.
            whole = isinstance(answer, stripe.StripeObject) and answer.last_response
            return whole.body.encode() if whole else b"null"
        raise failure
