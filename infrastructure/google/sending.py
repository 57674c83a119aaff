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
    if ranges := _asked_back(parts):
        body |= {
            "includeSpreadsheetInResponse": True,
            "responseIncludeGridData": True,
            "responseRanges": ranges,
        }
    return body


def _asked_back(parts: Sequence[Part]) -> list[str]:
    """The key columns of which the answer shall tell how they stand after it."""
    keyed = (part for part in parts if isinstance(part, Batch))
    return [verifying.key_range(part) for part in keyed if verifying.asks_back(part)]


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


def wanted(body: Json) -> str:
    """The field mask of the answer."""
    return lookups.WRITTEN if "responseRanges" in body else lookups.WRITTEN_BLIND
