"""Settles by arithmetic whether a new name is a warehouse: the report's own total tells.

A name inside the total is a warehouse of WB. A name outside it is something else that the
report lists among warehouses. Anything in between means that the answer cannot be trusted.
"""

from collections.abc import Iterable, Mapping

from domain.errors import Malformed
from domain.fact import fact


@fact
class Line:
    """One row of the report: `rest` is its total less all names already understood."""

    nm_id: int
    rest: int
    names: Mapping[str, int]


def settle(lines: Iterable[Line]) -> dict[str, bool]:
    """Name → is it inside the total? Raises Malformed (`held_back`) where sums cannot tell.

    A row whose rest equals all of its open names, or none of them, settles every one: pieces
    are positive. What one row settles may settle the next, so it goes on while it learns.
    """
    inside: dict[str, bool] = {}
    waiting = list(lines)
    while waiting:
        left = [line for line in waiting if not _settled(line, inside)]
        if len(left) == len(waiting):
            raise doubtful(left[0].nm_id)
        waiting = left
    return inside


def _settled(line: Line, inside: dict[str, bool]) -> bool:
    """Has this row been used up? Adds to `inside` what it tells."""
    rest = line.rest - sum(n for name, n in line.names.items() if inside.get(name))
    pending = {name: n for name, n in line.names.items() if name not in inside and n}
    whole = sum(pending.values())
    if rest not in (0, whole):
        if 0 < rest < whole:
            return False
        raise doubtful(line.nm_id)
    inside.update(dict.fromkeys(pending, rest > 0))
    return True


def doubtful(nm_id: int) -> Malformed:
    """The sentence of an answer whose parts and total disagree."""
    return Malformed(
        "Отчёт об остатках Wildberries не сходится сам с собой: сумма по складам не равна строке "
        f"«Всего находится на складах» (артикул {nm_id}). Прежние числа сохранены, перечитаем.",
        cause="held_back",
    )
