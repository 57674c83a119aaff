"""What a change in the middle of a period costs: credit for what was paid, charge for the rest."""

from sandbox.stripe.errors import Json
from sandbox.stripe.shapes.invoice import line
from sandbox.stripe.store import new_id


def between(old: list[Json], new: list[Json], at: int) -> list[Json]:
    """Lines for items that changed, at this moment of their period."""
    before = {each["id"]: each for each in old}
    after = {each["id"]: each for each in new}
    gone = [each for each in old if not _same(each, after.get(each["id"]))]
    come = [each for each in new if not _same(each, before.get(each["id"]))]
    return [*unused(gone, at), *(_part(each, at, 1) for each in come)]


def unused(items: list[Json], at: int) -> list[Json]:
    """Credit for what is left of their period."""
    return [_part(each, at, -1) for each in items]


def _part(item: Json, at: int, sign: int) -> Json:
    start, end = item["current_period_start"], item["current_period_end"]
    at = min(max(at, start), end)
    whole = item["price"]["unit_amount"] * item["quantity"]
    amount = sign * round(whole * (end - at) / (end - start))
    made = line(new_id("il"), item, amount, (at, end))
    made["parent"]["subscription_item_details"]["proration"] = True
    word = "Unused" if sign < 0 else "Remaining"
    what = item["price"]["nickname"] or "plan"
    return {**made, "description": f"{word} time on {item['quantity']} × {what}"}


def _same(item: Json, other: Json | None) -> bool:
    if other is None:
        return False
    mine, hers = ((each["price"]["id"], each["quantity"]) for each in (item, other))
    return mine == hers
