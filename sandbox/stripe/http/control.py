"""The hand behind the stand-in: time, cards, banks, webhooks, trouble. None of it is Stripe's.

`/stripe/control/<verb>` takes and gives JSON: `_VERBS` below are all of them, with what they take.
`POST settings` sets all of them anew.
"""

from collections import Counter
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, route
from litestar.params import FromPath

from sandbox.stripe.book import Book
from sandbox.stripe.errors import Json, Problem, missing
from sandbox.stripe.faults import Fault
from sandbox.stripe.life.periods import period_of
from sandbox.stripe.settings import Hook, Settings
from sandbox.stripe.shapes.entitlements import summary
from sandbox.stripe.shapes.person import Card
from sandbox.stripe.webhooks.storm import CALM, Storm

MOST_SECONDS = 10 * 366 * 86_400


class Seconds(msgspec.Struct, forbid_unknown_fields=True):
    """How far the clock is moved on."""

    seconds: Annotated[int, msgspec.Meta(ge=0, le=MOST_SECONDS)]


class Completed(msgspec.Struct, forbid_unknown_fields=True):
    """A session that is paid, with which card; null: without one."""

    session: str
    card: Card | None = "ok"
    email: str | None = None


class Carded(msgspec.Struct, forbid_unknown_fields=True):
    """A customer's card from now on; null: none."""

    customer: str
    card: Card | None


class Disputed(msgspec.Struct, forbid_unknown_fields=True):
    """A charge that her bank takes back."""

    charge: str
    amount: int | None = None
    reason: str = "general"


class Decided(msgspec.Struct, forbid_unknown_fields=True):
    """How a dispute ends."""

    dispute: str
    won: bool


class Refunded(msgspec.Struct, forbid_unknown_fields=True):
    """Money that goes back by our own hand in the dashboard; or, with `fails`, comes back to us."""

    charge: str = ""
    amount: int | None = None
    fails: str = ""


class Named(msgspec.Struct, forbid_unknown_fields=True):
    """One object; what is said of it is an event of that type."""

    id: str
    type: str = ""


class Entitled(msgspec.Struct, forbid_unknown_fields=True):
    """All that a customer may use, by lookup key."""

    customer: str
    features: list[str]


class Replayed(msgspec.Struct, forbid_unknown_fields=True):
    """Which events go out again, and in which weather. No types: all."""

    types: list[str] = []
    storm: Storm = CALM


def control_router(book: Book) -> Router:
    """/control and everything below it: `POST` does, `GET` tells, `DELETE` takes back."""

    @route("/{verb:str}", http_method=["GET", "POST", "DELETE"], status_code=200)
    async def control(request: Request[Any, Any, Any], verb: FromPath[str]) -> Response[bytes]:
        named = f"{request.method} {verb}"
        try:
            status, told = 200, await _done(book, named, await request.body())
        except (Problem, msgspec.MsgspecError) as no:
            status, told = 400, {"error": str(no)}
        book.courier.nudge()
        return Response(
            msgspec.json.encode(told), status_code=status, media_type="application/json"
        )

    return Router("/control", route_handlers=[control], include_in_schema=False)


async def _done(book: Book, named: str, body: bytes) -> Any:  # noqa: ANN401 -- JSON
    book.settle()
    if named == "POST replay":
        return await _replayed(book, msgspec.json.decode(body or b"{}", type=Replayed))
    if named not in _VERBS:
        raise Problem(f"{named} is none of {', '.join(sorted([*_VERBS, 'POST replay']))}.")
    kind, work = _VERBS[named]
    return work(book, msgspec.json.decode(body or b"{}", type=kind))


def _hook(book: Book, hook: Hook) -> Json:
    book.hooks[hook.name] = hook
    book.changes += 1
    return {"hooks": [*book.hooks]}


def _unhook(book: Book, _nothing: Json) -> Json:
    book.hooks.clear()
    book.outbox.clear()
    return {"hooks": []}


def _advance(book: Book, asked: Seconds) -> Json:
    book.advance(asked.seconds)
    return {"now": book.now}


def _complete(book: Book, asked: Completed) -> Json:
    made = book.complete(asked.session, asked.card, asked.email)
    book.settle()
    return {"subscription": made["id"], "customer": made["customer"], "status": made["status"]}


def _card(book: Book, asked: Carded) -> Json:
    book.card(asked.customer, asked.card)
    return {}


def _refund(book: Book, asked: Refunded) -> Json:
    return book.bounce(asked.fails) if asked.fails else book.refund(asked.charge, asked.amount)


def _emit(book: Book, asked: Named) -> Json:
    found = book.anything(asked.id)
    if found is None:
        raise missing("object", asked.id)
    book.emit(asked.type, found)
    return found


def _debit(book: Book, asked: Named) -> Json:
    book.settle_debit(asked.id)
    return book.find("invoice", asked.id)


def _entitle(book: Book, asked: Entitled) -> Json:
    book.find("customer", asked.customer)
    made = summary(asked.customer, asked.features)
    book.emit("entitlements.active_entitlement_summary.updated", made)
    return made


def _storm(book: Book, storm: Storm) -> Storm:
    book.courier.storm = storm
    return storm


def _fault(book: Book, fault: Fault) -> list[Fault]:
    book.faults.ordered.append(fault)
    return book.faults.ordered


def _no_faults(book: Book, _nothing: Json) -> list[Fault]:
    book.faults.ordered.clear()
    return []


def _settings(book: Book, settings: Settings) -> Settings:
    book.settings = settings
    book.changes += 1
    return settings


async def _replayed(book: Book, asked: Replayed) -> Json:
    events = [e for e in book.events.values() if not asked.types or e.type in asked.types]
    answers = await book.courier.replay(events, asked.storm)
    told = Counter(f"{spoilt or 'good'} {status}" for spoilt, status in answers)
    return {"sent": len(answers), "answers": told}


def state(book: Book) -> Json:
    """What a model of the product compares itself with."""
    return {"now": book.now, "subscriptions": [_told(e) for e in book.all("subscription")]}


def _told(found: Json) -> Json:
    start, end = period_of(found)
    same = ("id", "customer", "status", "cancel_at", "cancel_at_period_end", "canceled_at")
    more = ("ended_at", "trial_end", "schedule", "latest_invoice", "pause_collection", "metadata")
    items = found["items"]["data"]
    return {
        **{name: found[name] for name in (*same, *more)},
        "price": items[0]["price"]["id"],
        "quantity": items[0]["quantity"],
        "period_start": start,
        "period_end": end,
        "pending_update": bool(found["pending_update"]),
    }


_VERBS: dict[str, tuple[Any, Callable[[Book, Any], Any]]] = {
    "GET hook": (Json, lambda book, _: [*book.hooks.values()]),
    "POST hook": (Hook, _hook),
    "DELETE hook": (Json, _unhook),
    "POST advance": (Seconds, _advance),
    "POST complete": (Completed, _complete),
    "POST card": (Carded, _card),
    "POST refund": (Refunded, _refund),
    "POST dispute": (Disputed, lambda book, it: book.dispute(it.charge, it.amount, it.reason)),
    "POST decide": (Decided, lambda book, it: book.decide(it.dispute, won=it.won)),
    "POST emit": (Named, _emit),
    "POST debit": (Named, _debit),
    "POST entitle": (Entitled, _entitle),
    "GET storm": (Json, lambda book, _: book.courier.storm),
    "POST storm": (Storm, _storm),
    "DELETE storm": (Json, lambda book, _: _storm(book, CALM)),
    "GET faults": (Json, lambda book, _: book.faults.ordered),
    "POST faults": (Fault, _fault),
    "DELETE faults": (Json, _no_faults),
    "GET settings": (Json, lambda book, _: book.settings),
    "POST settings": (Settings, _settings),
    "GET deliveries": (Json, lambda book, _: [*book.delivered]),
    "GET state": (Json, lambda book, _: state(book)),
    "GET calls": (Json, lambda book, _: book.calls),
}
