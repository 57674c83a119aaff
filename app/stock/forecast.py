"""What the next sync of a shop will ask, and when it can be ready."""

from collections.abc import Sequence

from domain.capability import Standing
from domain.planner import Need, Option, Step
from domain.ports import Allowance

SHEET = "sheet"


def writing(allowances: Sequence[Allowance]) -> Sequence[Need]:
    """What a changed sheet asks of Google: one read and one write."""
    if not allowances:
        return ()
    steps = tuple(
        Step(endpoint=SHEET, buckets=tuple(each for each in allowances if each.what.endswith(kind)))
        for kind in ("reads", "writes")
    )
    only = Option(reading=SHEET, standing=Standing.ALLOWED, information=1, steps=steps)
    return (Need(part=SHEET, options=(only,)),)
