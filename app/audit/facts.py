"""A stored fact, opened: what it is about, and how it is said."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from app.audit.entries import FactRow
from app.audit.read import target_of
from app.audit.reader import Decode
from app.audit.sentences import Names, ids, sentence, unknown
from domain.events import Unread
from domain.fact import fact


@fact
class Opened:
    """A fact, and its event if this version can read it."""

    row: FactRow
    event: object | None

    def ids(self) -> set[UUID]:
        """Whose names it takes to say it."""
        told = set() if self.event is None else ids(self.event)
        about = {self.target[1]}
        return about | told | ({self.row.actor_id} if self.row.actor_id else set())

    def say(self, names: Names) -> str:
        """The sentence."""
        row = self.row
        if self.event is None:
            return unknown(row.name, row.actor_id, row.source, names)
        return sentence(self.event, row.actor_id, row.source, names)

    @property
    def target(self) -> tuple[str, UUID]:
        """(noun, id) of what it is about."""
        return target_of(self.event, self.row.kind, self.row.stream_id)


def opened(rows: Iterable[FactRow], decode: Decode) -> Sequence[Opened]:
    """All of them, in order."""
    events = ((row, decode(row.name, row.schema_version, row.payload)) for row in rows)
    return [
        Opened(row=row, event=None if isinstance(event, Unread) else event) for row, event in events
    ]
