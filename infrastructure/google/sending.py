"""The body of a batch: its requests, the marker that names it, and what the answer shall hold."""

from infrastructure.google import changes, lookups, verifying
from infrastructure.google.batch import Aim, Batch, marker_of
from infrastructure.google.marker import KEY
from infrastructure.google.spans import Json


def body_of(aim: Aim, batch: Batch, rev: int) -> Json:
    """Marker last: what bears the new number holds the whole batch."""
    text = str(marker_of(aim, batch, rev, fill=batch.chunk if batch.rest else 0))
    if batch.creates:
        place: Json = {"sheetId": batch.sheet_id}
        marker = changes.tag(place, KEY, text, batch.marker_id)
    else:
        marker = changes.retag(batch.marker_id, text)
    body: Json = {"requests": [*batch.requests, marker]}
    if asks_back(batch):
        body |= {
            "includeSpreadsheetInResponse": True,
            "responseIncludeGridData": True,
            "responseRanges": [verifying.key_range(batch)],
        }
    return body


def wanted(batch: Batch) -> str:
    """The field mask of the answer."""
    return lookups.WRITTEN if asks_back(batch) else lookups.WRITTEN_BLIND


def asks_back(batch: Batch) -> bool:
    """Nobody can have sorted a tab that was not there; a large one is looked at next time."""
    return not batch.creates and not batch.chunk and len(batch.order) <= verifying.MOST
