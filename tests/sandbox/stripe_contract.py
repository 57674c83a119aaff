"""What Stripe's own fixtures show of each object, reduced to paths and JSON types, as in
stripe_types.txt; and where an object of the stand-in differs.

Source: openapi/fixtures3.json of stripe/openapi at f6c2a48f (2026-08-21), API 2026-10-28.endive.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

TYPES = Path(__file__).with_name("stripe_types.txt")
KINDS = (
    "billing_portal.session",
    "charge",
    "checkout.session",
    "customer",
    "deleted_customer",
    "dispute",
    "entitlements.active_entitlement_summary",
    "event",
    "invoice",
    "invoice_payment",
    "line_item",
    "payment_intent",
    "payment_method",
    "price",
    "product",
    "refund",
    "subscription",
    "subscription_item",
    "subscription_schedule",
)
_NAMES = {str: "str", int: "int", float: "int", bool: "bool", list: "list", dict: "object"}
_OPEN = ("metadata", "data.object", "features")
"""Whose members are nobody's contract."""


def reduced(fixtures: dict[str, Any]) -> str:
    """The text of stripe_types.txt."""
    lines = (f"{kind}: {' '.join(_paths(fixtures[kind]))}" for kind in KINDS)
    return "\n".join(lines) + "\n"


def complaints(answer: dict[str, Any], kind: str) -> Iterator[str]:
    """Every member that is missing, or of another type; null is of every type."""
    for path, wanted in contract()[kind]:
        for found in _at(answer, path.split(".")):
            if found == "missing" or (found != wanted and "null" not in (found, wanted)):
                yield f"{kind}.{path}: {found}, not {wanted}"


@cache
def contract() -> dict[str, list[tuple[str, str]]]:
    lines = (line.split(": ") for line in TYPES.read_text().splitlines())
    return {
        kind: [tuple(each.split("=")) for each in paths.split()]  # type: ignore[misc] # path=type
        for kind, paths in lines
    }


def _paths(held: dict[str, Any], before: str = "") -> Iterator[str]:
    for name in sorted(held):
        path, value = f"{before}{name}", held[name]
        yield f"{path}={_named(value)}"
        if path.endswith(_OPEN):
            continue
        if isinstance(value, dict):
            yield from _paths(value, f"{path}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from _paths(value[0], f"{path}.[].")


def _at(held: Any, parts: list[str]) -> Iterator[str]:
    """The types found at a path; nothing where its place is null or empty."""
    if not parts:
        yield _named(held)
    elif held is None:
        return
    elif parts[0] == "[]":
        for each in held:
            yield from _at(each, parts[1:])
    elif not isinstance(held, dict):
        yield "no object"
    elif parts[0] not in held:
        yield "missing"
    else:
        yield from _at(held[parts[0]], parts[1:])


def _named(value: Any) -> str:
    return "null" if value is None else _NAMES[type(value)]
