"""Who listens to the calls of one process, if anybody does."""

from collections.abc import Mapping
from typing import Protocol

from infrastructure.wildberries.limits import Call
from infrastructure.wildberries.reply import Reply


class Tape(Protocol):
    """Is told of every call that was made, and of its answer."""

    def record(
        self, call: Call, path: str, query: Mapping[str, str], sent: object, reply: Reply
    ) -> None:
        """`path` as it was asked for, `sent` the body before it was JSON; None for none."""
