"""Applications of the stand-ins, handed from one test to the next: to make one takes longer than
most tests that visit it."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from litestar import Litestar

from sandbox.google import Drive
from sandbox.google import app as google
from sandbox.stripe import Book
from sandbox.stripe import app as stripe
from sandbox.wildberries.application import application as wildberries
from sandbox.wildberries.market import Market

MAKERS: dict[type, Callable[[Any], Litestar]] = {
    Book: stripe,
    Drive: google,
    Market: wildberries,
}
FREE: dict[Any, list[tuple[Any, Litestar]]] = defaultdict(list)


@contextmanager
def door_of(seen: Book | Drive | Market) -> Iterator[Litestar]:
    """A stand-in's whole application, in which this one stands. Nobody else has it meanwhile."""
    make = MAKERS[type(seen)]
    shown, application = FREE[make].pop() if FREE[make] else _made(make, seen)
    shown.__dict__ = vars(seen)
    try:
        yield application
    finally:
        shown.__dict__ = {}
        FREE[make].append((shown, application))


def _made(make: Callable[[Any], Litestar], seen: Any) -> tuple[Any, Litestar]:
    """With an object of its own, through which one after another is seen."""
    shown = object.__new__(type(seen))
    shown.__dict__ = dict(vars(seen))
    return shown, make(shown)
