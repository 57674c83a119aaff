"""The body of a call: every tab's requests and marker, and what the answer shall hold."""

from collections.abc import Iterator, Sequence

from infrastructure.google import changes, lookups, verifying
from infrastructure.google.batch import Aim, Batch, Part
from infrastructure.google.marker import KEY
from infrastructure.google.spans import Json


def body_of(aim: Aim, batch: Batch, rev: int, others: Sequence[Part] = ()) -> Json:
    """Markers behind their tabs' requests, that of «Stock Tracker» last: what bears the new number
    holds the whole call, for it is carried out whole or not at all."""
    parts = (*others, batch)
    body: Json = {"requests": [each for part in parts for each in _requests(aim, part, rev)]}
    if asks_back(batch):
        body |= {
            "includeSpreadsheetInResponse": True,
            "responseIncludeGridData": True,
            "responseRanges": [verifying.key_range(batch)],
        }
    return body


def _requests(aim: Aim, part: Part, rev: int) -> Iterator[Json]:
    yield from part.requests
    marker = part.marker(aim, rev)
    if marker is None:
        yield changes.untag(part.marker_id)
    elif part.creates:
        place: Json = {"sheetId": part.sheet_id}
        yield changes.tag(place, KEY, str(marker), part.marker_id)
    else:
        yield changes.retag(part.marker_id, str(marker))


def wanted(batch: Batch) -> str:
    """The field mask of the answer."""
    return lookups.WRITTEN if asks_back(batch) else lookups.WRITTEN_BLIND


def asks_back(batch: Batch) -> bool:
    """Nobody can have sorted a tab that was not there; a large one is looked at next time."""
    return not batch.creates and not batch.chunk and len(batch.order) <= verifying.MOST
