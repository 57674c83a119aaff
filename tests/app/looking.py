"""A visitor for what is rendered without a request."""

from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from app.web.console import Visitor
from app.web.door import Door

NOW = datetime(2026, 11, 23, 5, 20, tzinfo=UTC)


def looking(language="en", **changed):
    """A stranger in Moscow, on a Monday at 08:20."""
    whole = {
        "door": Door(correlation=uuid4(), ip=None, agent=None),
        "path": "/",
        "back": "/",
        "language": language,
        "theme": "auto",
        "zone": ZoneInfo("Europe/Moscow"),
        "now": NOW,
    }
    return Visitor(**whole | changed)
