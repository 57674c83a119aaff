"""Which captured answer a call gets.

An equal call gets the answer that was given, several the answers in their order and then the last
again. Where a later reading asks otherwise than the captured one did, with another cursor, other
sizes or a later time, it gets the same rows, cut as Wildberries would. Orders move on with the
calendar, whole days at a time: a sheet counts those of its last days.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from sandbox.replay.recording import Line, Recording
from sandbox.sellers.spec import moscow_day
from sandbox.wildberries import problems
from sandbox.wildberries.answer import Answer, ok

TIMES = ("date", "lastChangeDate", "cancelDate")
NEVER = "0001"
"""How the time begins of what has not happened."""
TOO_MANY = 429
GOOD = 200


class Asked(msgspec.Struct, frozen=True):
    """One call."""

    host: str
    method: str
    path: str
    query: Mapping[str, str]
    sent: bytes

    @property
    def key(self) -> bytes:
        """Equal for calls that ask for the same, whatever the order of names."""
        body = msgspec.json.decode(self.sent) if self.sent else None
        told = (self.host, self.method, self.path, self.query, body)
        return msgspec.json.encode(told, order="sorted")


class Answers:
    """Those of one recording."""

    def __init__(self, recording: Recording, clock: Callable[[], float]) -> None:
        self._clock, self._day = clock, moscow_day(recording.about.captured_at.timestamp())
        self._given: dict[bytes, list[Answer]] = defaultdict(list)
        self._orders: list[dict[str, Any]] = []
        self._amounts: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
        self._cards = False
        for line in recording.lines:
            if line.status != TOO_MANY:  # how fast one may ask is no part of what is told
                self._add(line)

    def to(self, asked: Asked) -> Answer:
        """The captured one; a 404 that says what is missing where there is none."""
        given = self._given.get(asked.key)
        if given:
            return given.pop(0) if len(given) > 1 else given[0]
        missing = f"not in this capture: {asked.method} {asked.host}{asked.path}"
        return self._otherwise(asked) or problems.gateway(404, missing, 0)

    def _add(self, line: Line) -> None:
        answer = Answer(line.status, line.content, line.media)
        if line.failure:
            answer = Answer(503, b'{"message":"no answer came"}')
        rows = line.status == GOOD and line.text is None
        if rows and line.name == "orders":
            self._orders += msgspec.json.decode(line.body)
        elif rows and line.name == "stocks":
            found = msgspec.json.decode(line.body)["stocks"]
            self._amounts[line.path] |= {row["chrtId"]: row for row in found}
        else:
            self._cards = self._cards or line.name == "cards"
            asked = Asked(line.host, line.method, line.path, line.query, bytes(line.sent))
            self._given[asked.key].append(answer)

    def _otherwise(self, asked: Asked) -> Answer | None:
        path = asked.path
        if path.endswith("/supplier/orders") and self._orders:
            return ok(list(self._changed(asked.query)))
        if path in self._amounts:
            sizes = set(msgspec.json.decode(asked.sent or b"{}").get("chrtIds", ()))
            found = self._amounts[path]
            return ok({"stocks": [found[size] for size in found.keys() & sizes]})
        if path.endswith("/get/cards/list") and self._cards:
            return ok({"cards": [], "cursor": {"total": 0}})
        return None

    def _changed(self, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """All of a day, or all that changed since. An order that stands on two pages is one."""
        since, day = query.get("dateFrom", ""), query.get("flag") == "1"
        days = timedelta(days=moscow_day(self._clock()) - self._day)
        newest = {(row["srid"], row["lastChangeDate"]): row for row in self._orders}
        for captured in newest.values():
            row = _moved(captured, days) if days else captured
            if row["date"].startswith(since) if day else row["lastChangeDate"] >= since:
                yield row


def _moved(row: dict[str, Any], days: timedelta) -> dict[str, Any]:
    told = {name: row[name] for name in TIMES if not row.get(name, NEVER).startswith(NEVER)}
    moved = {name: (datetime.fromisoformat(at) + days).isoformat() for name, at in told.items()}
    return {**row, **moved}
