"""The answers of one reading as a file: a zip of `capture.json` and `calls.jsonl`, a line a call.

`python -m sandbox --replay` serves them. Of headers only those are kept that an answer is judged
by; tokens stand in none of them, and no request's headers are kept at all.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec

from domain.ports import Clock
from infrastructure.wildberries.claims import Claims
from infrastructure.wildberries.letters import legible
from infrastructure.wildberries.limits import Call
from infrastructure.wildberries.reply import FAILED, Reply
from infrastructure.wildberries.scrubbing import Scrub

FORMAT = 1
HEADERS = ("Content-Type", "Retry-After")
LIMITS = "x-ratelimit-"
LONGEST_TEXT = 2_000
"""Letters of an answer that is no JSON."""


class Line(msgspec.Struct):
    """One call. Either `body` or, where the answer was no JSON, `text`; `failure` names what kept
    an answer from coming."""

    at: datetime
    name: str
    host: str
    method: str
    path: str
    query: Mapping[str, str]
    sent: object
    status: int
    headers: Mapping[str, str]
    body: object = None
    text: str | None = None
    failure: str = ""


class About(msgspec.Struct):
    """What the lines are of."""

    format: int
    captured_at: datetime
    token_kind: str
    scopes: tuple[str, ...]
    with_secret: bool
    articles_hidden: bool
    calls: int
    ended: str
    """Why the reading ended early; nothing if it was whole."""


class Capture:
    """Implements the tape."""

    def __init__(self, lines: IO[bytes], scrub: Scrub, clock: Clock) -> None:
        self._lines, self._scrub, self._clock = lines, scrub, clock
        self.calls = 0

    def record(
        self, call: Call, path: str, query: Mapping[str, str], sent: object, reply: Reply
    ) -> None:
        """See the protocol."""
        line = Line(
            at=self._clock(),
            name=call.name,
            host=call.host,
            method=call.method,
            path=path,
            query=query,
            sent=sent,
            status=reply.status,
            headers={name: value for name, value in reply.headers.items() if _kept(name)},
        )
        if reply.status == FAILED:
            line.failure = reply.failure
        else:
            self._answer(line, call, reply)
        self._lines.write(msgspec.json.encode(line) + b"\n")
        self.calls += 1

    def _answer(self, line: Line, call: Call, reply: Reply) -> None:
        try:
            value = msgspec.json.decode(legible(reply.body))
        except (msgspec.MsgspecError, UnicodeDecodeError):
            text = bytes(reply.body[: 4 * LONGEST_TEXT]).decode("utf-8", "replace")
            line.text = str(self._scrub.said(text[:LONGEST_TEXT]))
            return
        good = reply.status < 300  # noqa: PLR2004 -- HTTP
        line.body = self._scrub.answer(call.name, value) if good else self._scrub.said(value)


class Recording:
    """A capture under way; `ended` says why it is not whole."""

    def __init__(self, tape: Capture) -> None:
        self.tape, self.ended = tape, ""


@contextmanager
def recording(
    file: IO[bytes], scrub: Scrub, claims: Claims, clock: Clock, *, with_secret: bool
) -> Iterator[Recording]:
    """Write the zip; complete when it is left, also early."""
    begun = clock()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        with archive.open("calls.jsonl", "w", force_zip64=True) as lines:
            made = Recording(Capture(lines, scrub, clock))
            yield made
        about = About(
            format=FORMAT,
            captured_at=begun,
            token_kind=claims.kind,
            scopes=claims.scopes,
            with_secret=with_secret and claims.kind == "base",
            articles_hidden=scrub.hide_articles,
            calls=made.tape.calls,
            ended=made.ended,
        )
        archive.writestr("capture.json", msgspec.json.format(msgspec.json.encode(about)))


def _kept(header: str) -> bool:
    return header in HEADERS or header.lower().startswith(LIMITS)
