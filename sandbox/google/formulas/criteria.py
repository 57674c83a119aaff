"""SUMIFS and its kin, which test ranges side by side against texts such as `>5`."""

import math
import re
from collections.abc import Callable, Iterator, Sequence

from sandbox.google.formulas.operands import Area, Fault, Node, Operand, Place, compared, scalar
from sandbox.google.model.values import Broken, Effective, number


def sum_ifs(place: Place, args: Sequence[Node]) -> Operand:
    """SUMIFS(sum; range; criterion; …) and SUMIF(range; criterion[; sum])."""
    if len(args) % 2 == 0 or len(args) < 3:  # noqa: PLR2004 - SUMIF has two or three arguments
        args = [args[2] if len(args) > 2 else args[0], *args[:2]]  # noqa: PLR2004
    return number(math.fsum(_numbers(_matching(place, args[0], args[1:]))))


def average_ifs(place: Place, args: Sequence[Node]) -> Operand:
    found = list(_numbers(_matching(place, args[0], args[1:])))
    if not found:
        raise Fault("DIVIDE_BY_ZERO", "Evaluation of AVERAGEIFS caused a divide by zero error.")
    return number(math.fsum(found) / len(found))


def count_ifs(place: Place, args: Sequence[Node]) -> Operand:
    return sum(1 for _ in _matching(place, args[0], args))


def _matching(place: Place, values: Node, pairs: Sequence[Node]) -> Iterator[Effective]:
    wanted = _area(values(place))
    ranges = [_area(node(place)) for node in pairs[::2]]
    tests = [_criterion(scalar(node(place))) for node in pairs[1::2]]
    if any(area.size != wanted.size for area in ranges):
        raise Fault("VALUE", "Array arguments to SUMIFS are of different size.")
    for row in range(wanted.size[0]):
        for column in range(wanted.size[1]):
            cells = (area.cell(row, column) for area in ranges)
            if all(test(cell) for test, cell in zip(tests, cells, strict=True)):
                yield wanted.cell(row, column)


def _area(value: Operand) -> Area:
    if not isinstance(value, Area):
        raise Fault("N_A", "Argument must be a range.")
    return value


def _numbers(values: Iterator[Effective]) -> Iterator[int | float]:
    return (v for v in values if isinstance(v, int | float) and not isinstance(v, bool))


def _criterion(wanted: Operand) -> Callable[[Effective], bool]:
    sign, operand = "=", wanted
    if isinstance(wanted, str):
        found = re.match(r"<=|>=|<>|[<>=]", wanted)
        sign = found[0] if found else "="
        operand = _typed(wanted[len(found[0]) if found else 0 :])
    return lambda cell: _holds(sign, cell, operand)


def _typed(text: str) -> Operand:
    try:
        return number(float(text.replace(",", ".")))
    except ValueError:
        return text


def _holds(sign: str, cell: Effective, operand: Operand) -> bool:
    if isinstance(cell, Broken):
        return False
    alike = isinstance(cell, str) == isinstance(operand, str)
    if not alike or cell is None:
        same = operand == "" and cell is None
        return same if sign == "=" else (not same if sign == "<>" else False)
    order = compared(cell, operand)
    tests = {"=": order == 0, "<>": order != 0, "<": order < 0, ">": order > 0}
    return tests.get(sign, order <= 0 if sign == "<=" else order >= 0)
