"""What reading the audit log takes: the API's ports have it, and so have the exports."""

from collections.abc import Callable, Collection
from typing import Protocol, TypeAlias

from app.history import History
from app.read_models import Database

Decode: TypeAlias = Callable[[str, int, bytes], object]
"""A stored fact back, from (name, schema version, payload); Unread if this version cannot."""


class Reader(Protocol):
    """`actions` are the names of all facts that this version knows."""

    @property
    def database(self) -> Database: ...
    @property
    def history(self) -> History: ...
    @property
    def decode(self) -> Decode: ...
    @property
    def actions(self) -> Collection[str]: ...
