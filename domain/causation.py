"""What led to a fact or to a run, as its envelope tells it: `event:…`, `schedule:…`, `cli:sync`."""

from datetime import UTC, datetime

from domain.snapshot import MOSCOW

CLOCK = "clock"
"""The kind of cause of what nobody did: its time had come."""


def split(causation: str) -> tuple[str, str]:
    """(kind, id). Stripe's own ids have no kind before them."""
    kind, _, ident = causation.partition(":")
    return (kind, ident) if ident else ("stripe" if kind.startswith("evt_") else "other", causation)


def slot(ident: str) -> datetime | None:
    """The moment of a schedule, in UTC; None for what is none."""
    try:
        at = datetime.fromisoformat(ident)
        return sayable(at) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def sayable(at: datetime) -> datetime:
    """In UTC. Raises OverflowError for the last hours of the year 9999: Moscow is past them."""
    return at.astimezone(MOSCOW).astimezone(UTC)
