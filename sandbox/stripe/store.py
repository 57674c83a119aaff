"""All objects of one Stripe account, its events, and what is still to come."""

import heapq
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec

from sandbox.stripe.errors import Json, missing
from sandbox.stripe.settings import Hook, Settings
from sandbox.stripe.shapes import API_VERSION

DAY = 86_400
KEPT = 20_000
"""Deliveries that are remembered: the newest."""


class Timer(NamedTuple):
    """At `when`, in the order of `turn`, `what` happens to the object `about`."""

    when: int
    turn: int
    what: str
    about: str


class Cause(msgspec.Struct, frozen=True):
    """The call that made something happen; time has none."""

    id: str | None = None
    idempotency_key: str | None = None


class Event(msgspec.Struct, frozen=True):
    """As it was when it happened; `body` is what is delivered."""

    id: str
    type: str
    created: int
    about: str
    url: str
    kind: str
    cause: Cause
    body: msgspec.Raw


class Delivery(msgspec.Struct):
    """An event on its way to one endpoint, and how its tries were answered; 0: not at all."""

    number: int
    event: str
    type: str
    hook: str
    statuses: list[int] = []
    due: float = 0.0


class Store:
    """`clock` gives epoch seconds; what happens is dated by it and by `shift`, which moves it on.

    `url` is where the API is reached, and the pages beside it. By subscription: lines `waiting`
    for its next invoice, and which invoices it was `billed` by. `offers` are what Checkout's
    sessions sell, `gone` the customers that were deleted.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        settings: Settings | None = None,
        url: str = "http://127.0.0.1:8001/stripe",
    ) -> None:
        self.clock = clock
        self.settings = settings or Settings()
        self.url = url
        self.shift = 0
        self.past: int | None = None
        self.kinds: dict[str, dict[str, Json]] = {}
        self.events: dict[str, Event] = {}
        self.timers: list[Timer] = []
        self.waiting: dict[str, list[Json]] = {}
        self.billed: dict[str, list[str]] = {}
        self.offers: dict[str, Json] = {}
        self.gone: dict[str, Json] = {}
        self.cause = Cause()
        self.changes = 0
        self.hooks: dict[str, Hook] = {}
        self.outbox: list[Delivery] = []
        self.delivered: deque[Delivery] = deque(maxlen=KEPT)
        self.wall: Callable[[], float] = time.time

    @property
    def now(self) -> int:
        """Of the account; within what time brings about, the moment at which it was due."""
        return self.past if self.past is not None else int(self.clock()) + self.shift

    def put(self, made: Json) -> Json:
        """Keep a new object."""
        self.kinds.setdefault(made["object"], {})[made["id"]] = made
        self.changes += 1
        return made

    def all(self, kind: str) -> Iterable[Json]:
        """The oldest first."""
        return self.kinds.get(kind, {}).values()

    def find(self, kind: str, ident: str, param: str = "id") -> Json:
        """A Problem if there is none."""
        found = self.kinds.get(kind, {}).get(ident)
        if found is None:
            raise missing(kind, ident, param)
        return found

    def anything(self, ident: str) -> Json | None:
        """Of whatever kind."""
        return next((held[ident] for held in self.kinds.values() if ident in held), None)

    def at(self, when: int, what: str, about: str) -> None:
        """Whoever handles it looks whether it still applies: timers are never taken back."""
        self.changes += 1
        heapq.heappush(self.timers, Timer(when, self.changes, what, about))

    def change(self, held: Json, happened: str, **fields: Any) -> bool:  # noqa: ANN401 -- JSON
        """Set fields, and tell of those that became different; nothing is told of none."""
        before = {name: held[name] for name, value in fields.items() if held[name] != value}
        if not before:
            return False
        held.update(fields)
        self.emit(happened, held, before)
        return True

    def emit(self, happened: str, about: Json, before: Json | None = None) -> None:
        """Something happened to an object: rendered now, for it will change."""
        self.changes += 1
        data = {"object": about} | ({} if before is None else {"previous_attributes": before})
        ident, now = new_id("evt"), self.now
        hooks = [each.name for each in self.hooks.values() if each.wants(happened)]
        body = msgspec.json.encode(
            {
                "id": ident,
                "object": "event",
                "api_version": API_VERSION,
                "created": now,
                "data": data,
                "livemode": False,
                "pending_webhooks": len(hooks),
                "request": self.cause,
                "type": happened,
            }
        )
        named = about.get("id", ""), about["object"]
        event = Event(ident, happened, now, *_place(*named), self.cause, msgspec.Raw(body))
        self.events[ident] = event
        for name in hooks:
            self.changes += 1
            sent = Delivery(self.changes, ident, happened, name)
            self.outbox.append(sent)
            self.delivered.append(sent)


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


def _place(ident: str, kind: str) -> tuple[str, str, str]:
    """An object's id, address and kind, as a thin event tells them."""
    return ident, f"/v1/{PATHS.get(kind, kind + 's')}/{ident}", kind


PATHS = {
    "checkout.session": "checkout/sessions",
    "billing_portal.session": "billing_portal/sessions",
}
