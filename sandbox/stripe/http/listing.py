"""Lists a page at a time, the newest first, as Stripe pages them."""

from collections.abc import Callable, Iterable

from sandbox.stripe.errors import Json, missing, wrong
from sandbox.stripe.form import Form

PAGING = "limit starting_after ending_before created"
MOST, USUAL = 100, 10


def page(rows: Iterable[Json], form: Form, url: str) -> Json:
    """`rows` are the oldest first."""
    found = [each for each in reversed([*rows]) if _in_time(each, form)]
    size = form.whole("limit")
    size = USUAL if size is None else size
    if not 1 <= size <= MOST:
        raise wrong("limit", f"Invalid limit: must be between 1 and {MOST}.")
    if after := form.text("starting_after"):
        found = found[_place(found, after, "starting_after") + 1 :]
    if before := form.text("ending_before"):
        found = found[: _place(found, before, "ending_before")]
        return _page(found[-size:], url, more=len(found) > size)
    return _page(found[:size], url, more=len(found) > size)


def _page(rows: list[Json], url: str, *, more: bool) -> Json:
    return {"object": "list", "data": rows, "has_more": more, "url": url}


def _place(rows: list[Json], ident: str, param: str) -> int:
    found = next((at for at, each in enumerate(rows) if each["id"] == ident), None)
    if found is None:
        raise missing("object", ident, param)
    return found


_BOUNDS: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda moment, bound: moment > bound,
    "gte": lambda moment, bound: moment >= bound,
    "lt": lambda moment, bound: moment < bound,
    "lte": lambda moment, bound: moment <= bound,
}


def _in_time(row: Json, form: Form) -> bool:
    exact = form.values.get("created")
    if isinstance(exact, str):
        return bool(row["created"] == form.whole("created"))
    bounds = form.part("created").only(_BOUNDS)
    limits = ((_BOUNDS[name], bounds.whole(name)) for name in bounds.values)
    return all(limit is None or within(row["created"], limit) for within, limit in limits)
