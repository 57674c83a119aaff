"""The calls to one spreadsheet in one run: counted, paced, and their errors told apart."""

from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from http import HTTPStatus
from random import SystemRandom
from typing import TypeVar

import msgspec
from google.auth.exceptions import GoogleAuthError
from gspread.exceptions import APIError
from requests import Response
from requests.exceptions import RequestException

from domain.errors import Malformed, Rejected
from domain.ports import Breaker
from domain.table.refusals import refusal
from infrastructure.google import lookups
from infrastructure.google.answers import BatchAnswer, Spreadsheet, Values
from infrastructure.google.client import SHEETS, Manager
from infrastructure.google.faults import Unanswered, Voice, fault
from infrastructure.google.lookups import Look
from infrastructure.google.quota import Kind, Quota
from infrastructure.google.spans import Json
from infrastructure.google.standing import standing
from infrastructure.google.tab import Tab, tab_of, with_values

A = TypeVar("A")

TRIES = 3
"""Of a read; a write is never repeated without a look at what it did."""

_CHANCE = SystemRandom()
_JSON = {"Content-Type": "application/json; charset=utf-8"}


class Visit:
    """Reads may be tried again here. A write raises Unanswered when its outcome is not known."""

    def __init__(
        self, manager: Manager, quota: Quota, breaker: Breaker, voice: Voice, spreadsheet_id: str
    ) -> None:
        self._manager = manager
        self._quota = quota
        self._breaker = breaker
        self._spreadsheet_id = spreadsheet_id
        self.voice = voice
        self._url = f"{SHEETS}/v4/spreadsheets/{spreadsheet_id}".rstrip("/")
        self.reads = 0
        self.writes = 0

    async def pause(self, seconds: float) -> None:
        """About so long: those who failed together should not come back together."""
        await self._quota.sleep(seconds * _CHANCE.uniform(0.5, 1.5))

    async def listing(self, fields: str = lookups.LISTING) -> Spreadsheet:
        """The tabs of the file, without cells."""
        return self._read_as(Spreadsheet, await self._read("get", "", fields))

    async def look(self, looks: Sequence[Look]) -> Sequence[Tab]:
        """Tabs with all that is ours, or only with what names their rows; none of them if one is
        not there."""
        body = lookups.look(looks)
        try:
            answer = await self._read("post", ":getByDataFilter", lookups.LOOK, body)
        except Rejected as error:
            if error.cause == "google_refused":  # a filter names a tab that is gone
                return ()
            raise
        file, whole = self._read_as(Spreadsheet, answer), {each.sheet_id: each for each in looks}
        return [
            tab_of(each, file.properties, whole=whole[each.properties.sheet_id].whole)
            for each in file.sheets
            if each.properties.sheet_id in whole
        ]

    async def heads(self, sizes: Mapping[int, tuple[int, int]]) -> Spreadsheet:
        """The upper left corners of these tabs, by id and (rows, columns)."""
        body = lookups.heads(sizes)
        answer = await self._read("post", ":getByDataFilter", lookups.HEADS, body)
        return self._read_as(Spreadsheet, answer)

    async def whole(self, tabs: Collection[Tab]) -> Sequence[Tab]:
        """The same tabs with all that is ours in them, values only."""
        values = await self._values([(tab.sheet_id, sorted(tab.columns)) for tab in tabs])
        return [with_values(tab, values) for tab in tabs]

    async def _values(self, tabs: Iterable[tuple[int, Sequence[str]]]) -> Values:
        body = lookups.values(tabs)
        answer = await self._read("post", "/values:batchGetByDataFilter", None, body)
        return self._read_as(Values, answer)

    async def change(
        self, body: Json, fields: str, begins: Callable[[], Awaitable[None]] | None = None
    ) -> BatchAnswer:
        """One atomic batch; `begins` goes right before it, after every wait for a turn. Raises
        Unanswered."""
        self.writes += 1
        async with self._turn("write"):
            if begins:
                await begins()
            answer = await self._one("write", "post", ":batchUpdate", fields, body)
        return self._read_as(BatchAnswer, answer)

    async def make(self, properties: Json) -> Spreadsheet:
        """A new file. Raises Unanswered."""
        self.writes += 1
        async with self._turn("write"):
            answer = await self._one("write", "post", "", lookups.FILE, {"properties": properties})
        return self._read_as(Spreadsheet, answer)

    async def _read(
        self, method: str, path: str, fields: str | None, body: Json | None = None
    ) -> bytes:
        for n in range(TRIES):
            self.reads += 1
            try:
                async with self._turn("read"):
                    return await self._one("read", method, path, fields, body)
            except Unanswered:
                await self.pause(0.5 * 2**n)
        raise self.voice.unavailable("google_unavailable")

    @asynccontextmanager
    async def _turn(self, kind: Kind) -> AsyncIterator[None]:
        """To make one call within the block."""
        async with standing(self._breaker, self.voice, self._spreadsheet_id):
            await self._quota.take(kind, self.voice)
            yield

    async def _one(
        self, kind: Kind, method: str, path: str, fields: str | None, body: Json | None
    ) -> bytes:
        params = {"prettyPrint": "false", **({"fields": fields} if fields else {})}
        data = msgspec.json.encode(body) if body is not None else None
        try:
            answer = await self._manager.request(
                method, self._url + path, params=params, data=data, headers=dict(_JSON)
            )
        except (APIError, RequestException, GoogleAuthError) as error:
            await self._learn(kind, error)
            raise fault(error, self.voice, self._quota.clock()) from None  # it holds her data
        if "html" in answer.headers.get("Content-Type", ""):
            raise Unanswered("HTML")
        return answer.content

    async def _learn(self, kind: Kind, error: Exception) -> None:
        response: Response | None = getattr(error, "response", None)
        if response is not None and response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            await self._quota.learn(kind, response)

    def _read_as(self, shape: type[A], answer: bytes) -> A:
        try:
            return msgspec.json.decode(answer, type=shape)
        except (msgspec.DecodeError, msgspec.ValidationError):
            cause = "google_malformed"
            raise Malformed(refusal(cause), cause=cause) from None
