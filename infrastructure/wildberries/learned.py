"""What one process remembers of its sellers: refusals for an hour, warehouses for a day.

Only words are kept, never the exceptions: their frames know tokens.
"""

from datetime import datetime, timedelta

from domain.errors import Outside, Rejected, Unavailable
from domain.fact import fact
from domain.place import Place, Source
from domain.snapshot import MOSCOW
from infrastructure.wildberries import fbs
from infrastructure.wildberries.gateway import Visit

REFUSALS = ("no_scope", "no_funds", "method_off")
"""Causes that send a reader to the next source. All others make it wait or fail."""

_RECHECK = timedelta(hours=1)
_LISTED = timedelta(days=1)


@fact
class Refusal:
    """A source that said no: why, and until when it is not asked again."""

    cause: str
    sentence: str
    until: datetime

    def error(self) -> Outside:
        """As it was raised."""
        if self.cause == "method_off":
            return Unavailable(self.sentence, cause=self.cause, until=self.until)
        return Rejected(self.sentence, cause=self.cause)


class Learned:
    """Shared by all visits of a process."""

    def __init__(self) -> None:
        self._refusals: dict[tuple[str, str, Source], Refusal] = {}
        self._warehouses: dict[str, tuple[datetime, dict[int, Place]]] = {}

    def refusals(self, visit: Visit) -> dict[Source, Refusal]:
        """Sources that refused this token lately."""
        now, seller, token = visit.time.now(), visit.claims.seller_id, visit.claims.token_id
        found = {source: self._refusals.get((seller, token, source)) for source in Source}
        return {source: why for source, why in found.items() if why and now < why.until}

    def refused(self, visit: Visit, source: Source, error: Outside) -> Refusal:
        """Not asked again for an hour."""
        until = visit.time.now() + _RECHECK
        refusal = Refusal(cause=error.cause, sentence=str(error), until=until)
        self._refusals[visit.claims.seller_id, visit.claims.token_id, source] = refusal
        return refusal

    async def warehouses(self, visit: Visit, *, anew: bool = False) -> dict[int, Place]:
        """Her warehouses; the stock report leaves out the empty ones, orders name them. `anew`: who
        asks each of them for its stock must not miss what lies in one that was opened today."""
        now, seller = visit.time.now(), visit.claims.seller_id
        until, places = self._warehouses.get(seller, (now, {}))
        if anew or until <= now:
            places = await fbs.warehouses(visit, now.astimezone(MOSCOW).date())
            self._warehouses[seller] = (now + _LISTED, places)
        return places
