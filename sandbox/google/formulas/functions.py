"""The spreadsheet functions the sandbox knows; any other one gives #NAME? as in Google."""

import math
from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from sandbox.google.formulas.criteria import average_ifs, count_ifs, sum_ifs
from sandbox.google.formulas.operands import (
    Area,
    Fault,
    Node,
    Operand,
    Place,
    numbers,
    numeric,
    scalar,
    sound,
    textual,
    truth,
)
from sandbox.google.model.typed import EPOCH
from sandbox.google.model.values import number

Function: TypeAlias = Callable[[Place, Sequence[Node]], Operand]


def _if(place: Place, args: Sequence[Node]) -> Operand:
    chosen = 1 if truth(args[0](place)) else 2
    if chosen < len(args):
        return scalar(args[chosen](place))
    return False


def _if_error(place: Place, args: Sequence[Node]) -> Operand:
    try:
        return scalar(args[0](place))
    except Fault:
        return scalar(args[1](place)) if len(args) > 1 else None


def _truths(place: Place, args: Sequence[Node]) -> list[bool]:
    found: list[bool] = []
    for node in args:
        value = node(place)
        many = list(value) if isinstance(value, Area) else [value]
        found.extend(truth(sound(v)) for v in many if v is not None)
    return found


def _date(place: Place, args: Sequence[Node]) -> Operand:
    year, month, day = (int(numeric(node(place))) for node in args)
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return (date(year, month, 1) - EPOCH).days + day - 1


def _time(place: Place, args: Sequence[Node]) -> Operand:
    hours, minutes, seconds = (int(numeric(node(place))) for node in args)
    return number(((hours * 3600 + minutes * 60 + seconds) % 86400) / 86400)


def _is_kind(kind: type | tuple[type, ...], *, not_bool: bool = True) -> Function:
    def test(place: Place, args: Sequence[Node]) -> Operand:
        try:
            value = scalar(args[0](place))
        except Fault:
            return False
        return isinstance(value, kind) and not (not_bool and isinstance(value, bool))

    return test


def _is_error(place: Place, args: Sequence[Node]) -> Operand:
    try:
        scalar(args[0](place))
    except Fault:
        return True
    return False


def _n(place: Place, args: Sequence[Node]) -> Operand:
    value = scalar(args[0](place))
    return 0 if value is None or isinstance(value, str) else numeric(value)


def _digits(mode: Callable[[Decimal], int]) -> Function:
    """ROUND and its kin: exact decimal digits, half away from zero."""

    def rounded(place: Place, args: Sequence[Node]) -> Operand:
        places = int(numeric(args[1](place))) if len(args) > 1 else 0
        scaled = Decimal(repr(numeric(args[0](place)))).scaleb(places)
        return number(float(Decimal(mode(abs(scaled))).copy_sign(scaled).scaleb(-places)))

    return rounded


def _multiple(mode: Callable[[Fraction], int]) -> Function:
    def stepped(place: Place, args: Sequence[Node]) -> Operand:
        step = Fraction(repr(numeric(args[1](place)))) if len(args) > 1 else Fraction(1)
        value = Fraction(repr(numeric(args[0](place))))
        return number(float(mode(value / step) * step)) if step else 0

    return stepped


def _piece(cut: Callable[[str, int], str]) -> Function:
    def taken(place: Place, args: Sequence[Node]) -> Operand:
        count = int(numeric(args[1](place))) if len(args) > 1 else 1
        if count < 0:
            raise Fault("VALUE", "The number of characters must not be negative.")
        return cut(textual(args[0](place)), count)

    return taken


def _mid(place: Place, args: Sequence[Node]) -> Operand:
    text, start, count = (args[0](place), *(int(numeric(n(place))) for n in args[1:3]))
    return textual(text)[start - 1 : start - 1 + count]


def _over(compute: Callable[[list[int | float]], float]) -> Function:
    return lambda place, args: number(compute(list(numbers(place, args))))


def _average(found: list[int | float]) -> float:
    if not found:
        raise Fault("DIVIDE_BY_ZERO", "Evaluation of AVERAGE caused a divide by zero error.")
    return math.fsum(found) / len(found)


def _total(found: list[int | float]) -> float:
    return sum(found) if all(isinstance(n, int) for n in found) else math.fsum(found)


def _counted(place: Place, args: Sequence[Node]) -> Operand:
    total = 0
    for node in args:
        value = node(place)
        many = list(value) if isinstance(value, Area) else [value]
        total += sum(item is not None for item in many)
    return total


def _mod(place: Place, args: Sequence[Node]) -> Operand:
    below = numeric(args[1](place))
    if below == 0:
        raise Fault("DIVIDE_BY_ZERO", "Function MOD parameter 2 cannot be zero.")
    return number(numeric(args[0](place)) % below)


def _joined(place: Place, args: Sequence[Node]) -> Operand:
    return "".join(textual(node(place)) for node in args)


FUNCTIONS: Final[dict[str, Function]] = {
    "NOW": lambda place, _: place.reader.now(),
    "TODAY": lambda place, _: int(place.reader.now()),
    "DATE": _date,
    "TIME": _time,
    "IF": _if,
    "IFERROR": _if_error,
    "AND": lambda place, args: all(_truths(place, args)),
    "OR": lambda place, args: any(_truths(place, args)),
    "NOT": lambda place, args: not truth(args[0](place)),
    "ISNUMBER": _is_kind((int, float)),
    "ISTEXT": _is_kind(str),
    "ISBLANK": _is_kind(type(None)),
    "ISERROR": _is_error,
    "N": _n,
    "INT": lambda place, args: math.floor(numeric(args[0](place))),
    "ABS": lambda place, args: abs(numeric(args[0](place))),
    "MOD": _mod,
    "ROUND": _digits(lambda d: int(d.to_integral_value(ROUND_HALF_UP))),
    "ROUNDUP": _digits(math.ceil),
    "ROUNDDOWN": _digits(math.floor),
    "CEILING": _multiple(math.ceil),
    "FLOOR": _multiple(math.floor),
    "LEFT": _piece(lambda text, count: text[:count]),
    "RIGHT": _piece(lambda text, count: text[-count:] if count else ""),
    "MID": _mid,
    "LEN": lambda place, args: len(textual(args[0](place))),
    "CONCATENATE": _joined,
    "MAX": _over(lambda found: max(found, default=0)),
    "MIN": _over(lambda found: min(found, default=0)),
    "SUM": _over(_total),
    "COUNT": _over(len),
    "COUNTA": _counted,
    "AVERAGE": _over(_average),
    "SUMIF": sum_ifs,
    "SUMIFS": sum_ifs,
    "COUNTIF": count_ifs,
    "COUNTIFS": count_ifs,
    "AVERAGEIFS": average_ifs,
}
FUNCTIONS.update(
    {
        russian: FUNCTIONS[english]
        for russian, english in {
            "ЕСЛИ": "IF",
            "И": "AND",
            "ИЛИ": "OR",
            "НЕ": "NOT",
            "ЕЧИСЛО": "ISNUMBER",
            "Ч": "N",
            "ЦЕЛОЕ": "INT",
            "ОКРУГЛ": "ROUND",
            "ОКРУГЛВВЕРХ": "ROUNDUP",
            "ОКРВВЕРХ": "CEILING",
            "ЛЕВСИМВ": "LEFT",
            "МАКС": "MAX",
            "МИН": "MIN",
            "СУММ": "SUM",
            "СУММЕСЛИМН": "SUMIFS",
            "СРЗНАЧ": "AVERAGE",
            "ДАТА": "DATE",
            "ВРЕМЯ": "TIME",
            "ТДАТА": "NOW",
            "СЕГОДНЯ": "TODAY",
            "ЕСЛИОШИБКА": "IFERROR",
        }.items()
    }
)
