"""The last lines that a run logged, for whoever looks into its attempt."""

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from app.logs import masked

LINES, LONGEST = 100, 500
"""Lines kept of one attempt, and letters of one line."""

_lines: ContextVar[deque[str] | None] = ContextVar("lines", default=None)


class Tail(logging.Handler):
    """Gives each line to the run that logs it; lines of nobody's run go by. Errors are left out:
    they may quote what a neighbour or a person sent."""

    def emit(self, record: logging.LogRecord) -> None:
        """The time, how bad it is, the message, and the ids it is about."""
        if (lines := _lines.get()) is not None:
            at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
            ids = (f"{name}={told}" for name, told in vars(record).items() if name.endswith("_id"))
            line = " ".join((at, record.levelname.lower(), record.getMessage(), *ids))
            lines.append(masked(line)[:LONGEST].replace("\n", " "))


@contextmanager
def tail() -> Iterator[deque[str]]:
    """What is logged inside, by this task and those it starts."""
    lines: deque[str] = deque(maxlen=LINES)
    token = _lines.set(lines)
    try:
        yield lines
    finally:
        _lines.reset(token)


def listen() -> None:
    """Once per process."""
    root = logging.getLogger()
    if not any(isinstance(each, Tail) for each in root.handlers):
        root.addHandler(Tail())
