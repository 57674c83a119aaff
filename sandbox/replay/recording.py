"""A capture as it was written: a zip, or the folder it was unpacked to."""

import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated, TypeVar
from zipfile import BadZipFile
from zipfile import Path as Zipped

import msgspec

ABOUT, CALLS = "capture.json", "calls.jsonl"
FORMAT = 1

T = TypeVar("T")


class Unreadable(Exception):
    """The sentence of a capture that cannot be served: it names the file, and the line."""


class About(msgspec.Struct, frozen=True):
    """What the calls are of."""

    format: int
    captured_at: datetime
    token_kind: str
    scopes: list[str]
    with_secret: bool
    calls: int
    ended: str


class Line(msgspec.Struct, frozen=True):
    """One call and its answer."""

    name: str
    host: str
    method: str
    path: str
    query: Mapping[str, str]
    sent: msgspec.Raw
    status: Annotated[int, msgspec.Meta(ge=100, le=599)]
    headers: Mapping[str, str]
    body: msgspec.Raw
    text: str | None = None
    failure: str = ""

    @property
    def media(self) -> str:
        """As it was sent."""
        return next(
            (each for name, each in self.headers.items() if name.lower() == "content-type"),
            "application/json",
        )

    @property
    def content(self) -> bytes:
        """The body as it goes out."""
        return bytes(self.body) if self.text is None else self.text.encode()


class Recording(msgspec.Struct, frozen=True):
    """A whole capture."""

    about: About
    lines: list[Line]


def load(path: Path) -> Recording:
    """Raises Unreadable."""
    try:
        root = Zipped(path) if path.is_file() else path
        about = _read(path, ABOUT, (root / ABOUT).read_bytes(), About)
        if about.format != FORMAT:
            raise _no(path, ABOUT, f"format {about.format} is not known here, only {FORMAT}")
        with (root / CALLS).open("rb") as file:
            lines = list(_lines(path, file))
    except (BadZipFile, zlib.error, EOFError) as broken:
        raise Unreadable(f"{path}: it is no whole zip file ({broken}). Capture it again.") from None
    except (FileNotFoundError, KeyError, NotADirectoryError) as missing:
        told = f"it holds no {ABOUT} and {CALLS}, so it is no capture"
        raise Unreadable(f"{path}: {told} ({missing}).") from None
    if len(lines) != about.calls:
        what = f"{about.calls} calls were captured and {len(lines)} are here: it was cut off"
        raise _no(path, f"{CALLS}, line {len(lines) + 1}", what)
    return Recording(about, lines)


def _lines(path: Path, file: IO[bytes]) -> Iterator[Line]:
    for number, line in enumerate(file, 1):
        yield _read(path, f"{CALLS}, line {number}", line, Line)


def _read(path: Path, where: str, body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as wrong:
        raise _no(path, where, f"not as a capture writes it: {wrong}") from None


def _no(path: Path, where: str, what: str) -> Unreadable:
    return Unreadable(f"{path}: {where}: {what}.")
