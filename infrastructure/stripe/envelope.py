"""What of a message is read before it is kept: as little as says whose it is.

Only what makes it an event is demanded. All else may be of another shape in another version of
Stripe's API: then it is as if it were not said.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from domain.ids import id_in
from domain.inbox_port import Delivery, EventKey, NotAnEvent

THIN = "v2.core.event"
LONGEST = 255
"""Characters of an id (docs.stripe.com/upgrades, "backwards-compatible changes")."""
A_DAY = timedelta(days=1)

_NOTHING = msgspec.Raw(b"{}")


class Event(msgspec.Struct, frozen=True):
    """A snapshot event has `data`; a thin one `related_object`, and `context` for `account`."""

    id: str
    type: str
    livemode: bool
    created: int | str
    object: str = ""
    account: str | None = None
    context: str | None = None
    api_version: Any = None
    data: msgspec.Raw = _NOTHING
    related_object: msgspec.Raw = _NOTHING


class Thing(msgspec.Struct, frozen=True):
    """What an event is about; of a thin one its name alone."""

    id: Any = None
    object: Any = None
    type: Any = None
    customer: Any = None
    charge: Any = None
    metadata: Any = None
    parent: Any = None


class Data(msgspec.Struct, frozen=True):
    object: Thing = Thing()


_event = msgspec.json.Decoder(Event)
_data = msgspec.json.Decoder(Data)
_thing = msgspec.json.Decoder(Thing)


def read(body: bytes) -> Delivery:
    """Raises NotAnEvent."""
    event = _decoded(body)
    thin = event.object == THIN
    thing = _about(event, thin=thin)
    account = (event.context if thin else event.account) or ""
    for name, text in (("id", event.id), ("type", event.type), ("account", account or "ours")):
        if not _name(text):
            raise _wrong(f"`{name}` is no name")
    customer = _id(thing.id if _is_customer(thing, thin=thin) else thing.customer)
    return Delivery(
        key=EventKey(account=account, livemode=event.livemode, event_id=event.id),
        type=event.type,
        thin=thin,
        api_version=_name(event.api_version),
        created=_moment(event.created),
        customer=customer,
        about=customer or _id(thing.charge) or _id(thing.id) or event.id,
        tenant_hint=_hint(thing),
        body=body,
    )


def _decoded(body: bytes) -> Event:
    try:
        body.decode()  # what is skipped is not looked at: bytes that are no text would pass there
        return _event.decode(body)
    except UnicodeDecodeError as wrong:
        raise _wrong("it is not UTF-8") from wrong
    except RecursionError as deep:
        raise _wrong("it is nested too deeply") from deep
    except msgspec.DecodeError as wrong:
        raise _wrong(str(wrong)) from wrong


def _about(event: Event, *, thin: bool) -> Thing:
    try:
        if thin:
            return _thing.decode(event.related_object)
        return _data.decode(event.data).object
    except (msgspec.DecodeError, RecursionError):
        return Thing()


def _is_customer(thing: Thing, *, thin: bool) -> bool:
    return bool((thing.type if thin else thing.object) == "customer")


def _hint(thing: Thing) -> UUID | None:
    """The company, in the places that the account's owner alone writes. Not by
    `client_reference_id`: who pays through a payment link puts into that what she likes (Stripe:
    Payment Links, URL parameters)."""
    details = _in(_in(thing.parent, "subscription_details"), "metadata")
    said = (_in(thing.metadata, "tenant_id"), _in(details, "tenant_id"))
    found = (id_in(each) for each in said if isinstance(each, str))
    return next((each for each in found if each is not None), None)


def _moment(created: int | str) -> datetime:
    try:
        if isinstance(created, int):
            at = datetime.fromtimestamp(created, UTC)
        else:
            at = datetime.fromisoformat(created)
            at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
        at - A_DAY, at + A_DAY  # one that every clock on earth can show
    except (ValueError, OverflowError, OSError) as wrong:
        raise _wrong("`created` is no time") from wrong
    return at


def _id(said: object) -> str:
    """Of a name or of an object that has one in it; "" for anything else."""
    return _name(_in(said, "id") if isinstance(said, dict) else said)


def _name(said: object) -> str:
    fits = isinstance(said, str) and len(said) <= LONGEST and said.isprintable()
    return str(said) if fits else ""


def _in(said: object, name: str) -> object:
    return said.get(name) if isinstance(said, dict) else None


def _wrong(what: str) -> NotAnEvent:
    return NotAnEvent(f"This is signed, but it is no event of Stripe's: {what}.")
