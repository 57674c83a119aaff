"""`expand[]`: an id becomes the object that it names."""

from typing import Any

from sandbox.stripe.errors import Json, Problem
from sandbox.stripe.shapes import listed
from sandbox.stripe.store import Store


def expanded(store: Store, answer: Json, paths: list[str]) -> Json:
    """A copy in which what these paths name is whole; a Problem for a path that leads nowhere."""
    for path in paths:
        answer = _opened(store, answer, path.split("."), path)
    return answer


def _opened(store: Store, held: Any, parts: list[str], path: str) -> Any:  # noqa: ANN401 -- JSON
    if held is None:
        return None
    if isinstance(held, list):
        return [_opened(store, each, parts, path) for each in held]
    if isinstance(held, str):
        found = store.anything(held) or store.gone.get(held)
        if found is None:
            raise _cannot(path)
        return _opened(store, found, parts, path)
    if not parts or not isinstance(held, dict):
        return held
    name, rest = parts[0], parts[1:]
    if name == "payments" and held.get("object") == "invoice":
        held = {**held, "payments": _payments(store, held)}
    if name not in held:
        raise _cannot(path)
    return {**held, name: _opened(store, held[name], rest, path)}


def _payments(store: Store, invoice: Json) -> Json:
    every = store.all("invoice_payment")
    found = [each for each in every if each["invoice"] == invoice["id"]]
    return listed("/v1/invoice_payments", found)


def _cannot(path: str) -> Problem:
    return Problem(f"This property cannot be expanded ({path}).", param="expand")
