"""What others build on is checked in: a change shows in review, and never by accident.

UPDATE_SNAPSHOTS=1 pytest tests/test_snapshots.py writes them anew.
"""

import os
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from graphql import build_schema

from app.main import application
from app.schema import schema
from domain import subscription, tenant, user
from infrastructure.postgres.codec import SCHEMA_VERSION, Codec

SNAPSHOTS = Path(__file__).parent / "snapshots"
CODEC = Codec(
    [("tenant", tenant.Event), ("user", user.Event), ("subscription", subscription.Event)]
)


def graphql_schema():
    return schema.as_str() + "\n"


def events():
    """Every stored name with its version and the JSON Schema of its payload."""
    shapes = {
        name: {"version": SCHEMA_VERSION, "payload": msgspec.json.schema(event)}
        for name, event in sorted(CODEC.types.items())
    }
    return msgspec.json.format(msgspec.json.encode(shapes), indent=2).decode() + "\n"


def openapi():
    """The REST side, as an application says that nothing stands behind."""
    parts = ("accounts", "database", "handle", "marketplace", "sheet", "vault")
    nothing = SimpleNamespace(
        **dict.fromkeys(parts, SimpleNamespace(clock=None, limiter=None)),
        settings=SimpleNamespace(trusted_proxies=0),
    )
    schema = application(nothing).openapi_schema.to_schema()
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


@pytest.mark.parametrize(
    ("name", "made", "cure"),
    [
        ("schema.graphql", graphql_schema, "Clients break when something leaves it."),
        ("openapi.json", openapi, "Clients break when something leaves it."),
        ("events.json", events, "Stored facts stay as they are: a change needs an upcaster."),
    ],
)
def test_the_snapshot_is_what_the_code_says(name, made, cure):
    path = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(made())

    assert path.read_text() == made(), f"{name} has changed. {cure} {__doc__}"


def test_every_type_and_every_field_says_what_it_means():
    ours = build_schema(graphql_schema()).type_map.values()
    silent = {
        f"{each.name}.{name}"
        for each in ours
        for name, part in getattr(each, "fields", {}).items()
        if not each.name.startswith("__") and not part.description
    }

    assert silent == set()
