"""Takes events to the endpoints in the order in which they happened, and again if they refuse."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import aiohttp
import msgspec

from sandbox.stripe.settings import Hook
from sandbox.stripe.store import Delivery, Event, Store
from sandbox.stripe.webhooks.signing import signature
from sandbox.stripe.webhooks.storm import CALM, Letter, Storm, stormed
from sandbox.stripe.webhooks.thin import thin

PAUSES: Final = (0.05, 0.2, 1.0, 3.0, 10.0, 30.0, 60.0)
"""Seconds between the tries of one delivery; Stripe takes three days for them."""
ABREAST: Final = 16
PATIENCE: Final = aiohttp.ClientTimeout(total=20)
FORGED: Final = "whsec_forged"


class Courier:
    """Of one account. `storm` is the weather for what goes out from now on."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.storm = CALM
        self._going: asyncio.Task[None] | None = None

    def nudge(self) -> None:
        """There may be something to take; returns at once. Needs a running loop."""
        if self.store.outbox and (self._going is None or self._going.done()):
            self._going = asyncio.get_running_loop().create_task(self._deliver())

    async def drained(self) -> None:
        """Until every delivery arrived, or was given up."""
        while self.store.outbox:
            self.nudge()
            await asyncio.sleep(0.005)
        if self._going:
            await self._going

    async def close(self) -> None:
        """Stop; what is left is taken by the next nudge."""
        if self._going:
            self._going.cancel()
            with suppress(asyncio.CancelledError):
                await self._going

    async def replay(self, events: Iterable[Event], storm: Storm) -> list[tuple[str, int]]:
        """Deliver these again, once: how each was spoilt, and the status it was answered with."""
        out: list[tuple[str, int]] = []
        async with aiohttp.ClientSession(timeout=PATIENCE) as http:
            for hook in self.store.hooks.values():
                wanted = [each for each in events if hook.wants(each.type)]
                letters = [Letter(at, _body(each, hook)) for at, each in enumerate(wanted)]
                out += await self._abreast(http, hook, stormed(letters, storm))
        return out

    async def _deliver(self) -> None:
        async with aiohttp.ClientSession(timeout=PATIENCE) as http:
            while self.store.outbox:
                now = self.store.wall()
                due = [each for each in self.store.outbox if each.due <= now]
                if not due:
                    soonest = min(each.due for each in self.store.outbox)
                    await asyncio.sleep(min(soonest - now, 0.05))
                elif self.storm == CALM:
                    for each in due:
                        await self._send(http, each)
                else:
                    await self._send_stormed(http, due)

    async def _send(self, http: aiohttp.ClientSession, one: Delivery) -> None:
        hook = self.store.hooks.get(one.hook)
        if hook is None:
            self._done(one)
            return
        body = _body(self.store.events[one.event], hook)
        self._told(one, await self._post(http, hook, Letter(one.number, body)))

    async def _send_stormed(self, http: aiohttp.ClientSession, due: list[Delivery]) -> None:
        numbered = {each.number: each for each in due}
        storm = msgspec.structs.replace(self.storm, seed=self.storm.seed + due[0].number)
        for name, hook in [*self.store.hooks.items()]:
            mine = [each for each in due if each.hook == name]
            letters = [Letter(e.number, _body(self.store.events[e.event], hook)) for e in mine]
            answers: dict[int, int] = {}
            out = stormed(letters, storm)
            for letter, (_, status) in zip(out, await self._abreast(http, hook, out), strict=True):
                if not letter.spoilt:
                    answers[letter.number] = max(answers.get(letter.number, 0), status)
            for number, status in answers.items():
                self._told(numbered[number], status)

    async def _abreast(
        self, http: aiohttp.ClientSession, hook: Hook, letters: list[Letter]
    ) -> list[tuple[str, int]]:
        free = asyncio.Semaphore(ABREAST)

        async def one(letter: Letter) -> tuple[str, int]:
            await asyncio.sleep(letter.wait)
            async with free:
                return letter.spoilt, await self._post(http, hook, letter)

        return await asyncio.gather(*(one(each) for each in letters))

    async def _post(self, http: aiohttp.ClientSession, hook: Hook, letter: Letter) -> int:
        """The status of the answer; 0 without one."""
        secrets = [FORGED] if letter.forged else hook.secrets
        at = int(self.store.wall()) - letter.age
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(letter.body, secrets, at),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            async with http.post(
                hook.url, data=letter.body, headers=headers, allow_redirects=False
            ) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0

    def _told(self, one: Delivery, status: int) -> None:
        """2xx is taken; anything else comes again after a longer pause, and at last no more."""
        one.statuses.append(status)
        tries = len(one.statuses)
        if 200 <= status < 300 or tries > len(PAUSES):  # noqa: PLR2004 -- HTTP
            self._done(one)
        else:
            one.due = self.store.wall() + PAUSES[tries - 1]

    def _done(self, one: Delivery) -> None:
        # Whoever takes the endpoint away meanwhile has emptied the outbox.
        with suppress(ValueError):
            self.store.outbox.remove(one)


def _body(event: Event, hook: Hook) -> bytes:
    return msgspec.json.encode(thin(event)) if hook.thin else bytes(event.body)
