"""What is done now and then for all companies, by one worker of many."""

from datetime import datetime, timedelta
from typing import Protocol

from domain.fact import fact


@fact
class Turn:
    """A chore in a worker's hands. `last`: when the one before was begun that succeeded."""

    name: str
    begun: datetime
    last: datetime | None


class Calendar(Protocol):
    """Raises Unavailable while the database is away."""

    async def take(self, name: str, hold: timedelta) -> Turn | None:
        """If it is due: nobody else gets it for so long, whatever becomes of us. None if not."""

    async def done(self, turn: Turn, following: datetime) -> None:
        """It is due again then."""

    async def again(self, turn: Turn, at: datetime) -> None:
        """It did not work, and is tried again then."""
