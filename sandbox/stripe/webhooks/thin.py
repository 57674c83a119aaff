"""An event as a thin notification: what happened to what, and nothing of it."""

from datetime import UTC, datetime

from sandbox.stripe.errors import Json
from sandbox.stripe.store import Event

_MARK = "evt_test_"


def thin(event: Event) -> Json:
    """The body of its delivery, and the answer of /v2/core/events."""
    moment = datetime.fromtimestamp(event.created, UTC)
    cause = {"id": event.cause.id, "idempotency_key": event.cause.idempotency_key or ""}
    return {
        "id": event.id.replace("evt_", _MARK),
        "object": "v2.core.event",
        "context": None,
        "created": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "livemode": False,
        "reason": {"type": "request", "request": cause} if event.cause.id else None,
        "related_object": {"id": event.about, "type": event.kind, "url": event.url},
        "snapshot_event": event.id,
        "type": f"v1.{event.type}",
    }


def snapshot_id(ident: str) -> str:
    """Of the event that a thin one tells of."""
    return ident.replace(_MARK, "evt_")
