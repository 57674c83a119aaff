"""From the text of a formula to a function that computes it, in one descent."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from sandbox.google.formulas.functions import FUNCTIONS
from sandbox.google.formulas.operands import Fault, Node, Operand, Place, compared, numeric, textual
from sandbox.google.formulas.tokens import Token, Unreadable, reference, tokens
from sandbox.google.model.values import number

Binary = Callable[[Operand, Operand], Operand]


@lru_cache(maxsize=1 << 15)
def compiled(formula: str, *, comma: bool = False) -> Node:
    """The formula as a function of its place; an unreadable one gives #ERROR!."""
    try:
        parser = _Parser([t for t in tokens(formula, comma=comma) if t.kind != "space"])
        node = parser.expression(0)
        parser.end()
    except (Unreadable, IndexError):
        return _fault("ERROR", "Formula parse error.")
    return node


def _divided(left: Operand, right: Operand) -> Operand:
    below = numeric(right)
    if below == 0:
        raise Fault("DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero.")
    return number(numeric(left) / below)


def _power(left: Operand, right: Operand) -> Operand:
    try:
        return number(float(numeric(left)) ** numeric(right))
    except (OverflowError, TypeError, ZeroDivisionError):
        raise Fault("NUM", "The power is not a number.") from None


_OPERATORS: Final[dict[str, tuple[int, Binary]]] = {
    "=": (1, lambda a, b: compared(a, b) == 0),
    "<>": (1, lambda a, b: compared(a, b) != 0),
    "<": (1, lambda a, b: compared(a, b) < 0),
    ">": (1, lambda a, b: compared(a, b) > 0),
    "<=": (1, lambda a, b: compared(a, b) <= 0),
    ">=": (1, lambda a, b: compared(a, b) >= 0),
    "&": (2, lambda a, b: textual(a) + textual(b)),
    "+": (3, lambda a, b: number(numeric(a) + numeric(b))),
    "-": (3, lambda a, b: number(numeric(a) - numeric(b))),
    "*": (4, lambda a, b: number(numeric(a) * numeric(b))),
    "/": (4, _divided),
    "^": (5, _power),
}
_UNARY: Final = 6


class _Parser:
    def __init__(self, pieces: list[Token]) -> None:
        self.pieces = pieces
        self.at = 0

    def expression(self, least: int) -> Node:
        left = self._operand()
        while (sign := self._peek()) in _OPERATORS and _OPERATORS[sign][0] > least:
            self.at += 1
            rank, operate = _OPERATORS[sign]
            left = _binary(operate, left, self.expression(rank))
        return left

    def end(self) -> None:
        if self.at < len(self.pieces):
            raise Unreadable(self.pieces[self.at].text)

    def _operand(self) -> Node:
        piece = self.pieces[self.at]
        self.at += 1
        if piece.kind == "sign":
            node = self._signed(piece.text)
        elif piece.kind == "name":
            node = self._named(piece.text)
        else:
            node = _literal(piece)
        while self._peek() == "%":
            self.at += 1
            node = _binary(_OPERATORS["/"][1], node, _constant(100))
        return node

    def _signed(self, sign: str) -> Node:
        if sign == "(":
            inner = self.expression(0)
            self._expect(")")
            return inner
        if sign not in "+-":
            raise Unreadable(sign)
        operand = self.expression(_UNARY)
        return operand if sign == "+" else _binary(_OPERATORS["-"][1], _constant(0), operand)

    def _named(self, name: str) -> Node:
        upper = name.upper()
        if self._peek() != "(":
            if upper in ("TRUE", "FALSE", "ИСТИНА", "ЛОЖЬ"):
                return _constant(upper in ("TRUE", "ИСТИНА"))
            return _fault("NAME", f"Unknown range name: '{name}'.")
        self.at += 1
        arguments = self._arguments()
        function = FUNCTIONS.get(upper)
        if function is None:
            return _fault("NAME", f"Unknown function: '{name}'.")
        return lambda place: function(place, arguments)

    def _arguments(self) -> list[Node]:
        found: list[Node] = []
        while self._peek() != ")":
            found.append(self._argument())
            if self._peek() in (";", ","):
                self.at += 1
        self._expect(")")
        return found

    def _argument(self) -> Node:
        return _constant(None) if self._peek() in (";", ",") else self.expression(0)

    def _peek(self) -> str:
        at_sign = self.at < len(self.pieces) and self.pieces[self.at].kind == "sign"
        return self.pieces[self.at].text if at_sign else ""

    def _expect(self, sign: str) -> None:
        if self._peek() != sign:
            raise Unreadable(sign)
        self.at += 1


def _literal(piece: Token) -> Node:
    if piece.kind == "text":
        return _constant(piece.text[1:-1].replace('""', '"'))
    if piece.kind == "number":
        return _constant(number(float(piece.text)))
    if piece.kind == "error":
        return _fault("REF" if piece.text == "#REF!" else "VALUE", "Reference does not exist.")
    return _pointer(piece.text)


def _pointer(text: str) -> Node:
    meant = reference(text)

    def look(place: Place) -> Operand:
        span = meant.span(place.rows, place.columns)
        return place.reader.area(meant.title, place.sheet, span)

    return look


def _binary(operate: Binary, left: Node, right: Node) -> Node:
    return lambda place: operate(left(place), right(place))


def _constant(value: Operand) -> Node:
    return lambda _: value


def _fault(kind: str, message: str) -> Node:
    def fail(_: Place) -> Operand:
        raise Fault(kind, message)

    return fail
