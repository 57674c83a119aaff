"""Checks an exported audit log offline: `stock-tracker audit verify FILE`, or this file alone.

It shares no code with what wrote the file; Python and `cryptography` are all it needs. It reads the
file once and keeps only where streams stand and what seals say of them. That no event's id comes
twice takes no memory: positions rise from line to line, and an id stands in the hash of its link.

link = SHA-256(link before ‖ position in 8 bytes ‖ digest), the first link before is 32 zeros;
digest = SHA-256 over COLUMNS, each after its length in 4 bytes. Numbers are big-endian, times are
microseconds since 1970. Ed25519 signs a format, a line feed and the exact bytes of a body.
"""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey as PublicKey

EXPORT, SEAL = "stock-tracker.audit-export/1", "stock-tracker.seal/1"
LONGEST, MOST = 16 << 20, 10  # bytes in a line; findings after which nothing is looked for
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
MALFORMED = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
UNKNOWN = "this is no audit log as JSON Lines: export with format=jsonl, CSV is for reading."
SIGNED = {"line", "body", "signature", "says"}
BESIDE = {"line", "position", "hash", "event", "sentence", "actor", "target", "ip", "agent"}

Line: TypeAlias = dict[str, Any]
Head: TypeAlias = tuple[int, bytes]  # a version and its link
START: Head = (0, bytes(32))


class NotChecked(Exception):
    """This cannot be checked at all; the message says why, and what to do."""


class Wrong(ValueError):
    """A line is not what it should be; the message says in what."""


def main(arguments: Sequence[str] | None = None, say: Callable[[str], object] = print) -> int:
    """The command. 0: intact; 1: it is not; 2: not a file that can be checked."""
    parser = argparse.ArgumentParser(description="Check an audit log exported as JSON Lines.")
    parser.add_argument("file")
    parser.add_argument("--key", help="the public key that you trust: base64, or a file with it")
    asked = parser.parse_args(arguments)
    try:
        trusted = None if asked.key is None else _key(asked.key)
        with Path(asked.file).open("rb") as file:
            report = verify(file, trusted)
    except (NotChecked, OSError, ValueError) as why:
        say(f"Not checked: {why}")
        return 2
    say("\n".join(report.summary()))
    return 1 if report.findings else 0


def verify(file: BinaryIO, trusted: bytes | None = None) -> "Report":
    """Read to the end. Raises NotChecked for what is no export, and what reading raises."""
    report, number = Report(trusted), 0
    while (raw := file.readline(LONGEST)) and len(report.findings) < MOST:
        number += 1
        if len(raw) == LONGEST:
            raise NotChecked(f"line {number:,} is longer than any line of an export.")
        try:
            report.take(_parsed(raw)) if number > 1 else report.begin(_parsed(raw))
        except MALFORMED as why:
            if not report.key:
                raise NotChecked(UNKNOWN) from why
            report.find(number, str(why) if isinstance(why, Wrong) else "it is malformed")
            if number == 1:
                return report
    if not number:
        raise NotChecked("the file is empty.")
    for message in report.end():
        report.find(number, message)
    return report


class Report:
    """What was found, from the header to the trailer. A wrong line raises Wrong or MALFORMED."""

    def __init__(self, trusted: bytes | None) -> None:
        self.trusted, self.key = trusted, b""
        self.count = {"facts": 0, "seals": 0, "streams": 0}
        self.findings: list[str] = []
        self.says: Line = {}
        self.parts: dict[str, tuple[Head, Head]] = {}
        self.now: dict[str, Head] = {}
        self.signed: dict[str, dict[int, bytes]] = {}
        self.heads: dict[str, Head] = {}
        self.seal: Line = {"number": 0, "sha256": START[1].hex()}
        self.position, self.ended = 0, False

    def find(self, line: int, said: str) -> None:
        """Note what is wrong; text of the file never reaches a terminal as it is."""
        plain = "".join(each if " " <= each <= "~" else "?" for each in said[:300])
        self.findings.append(f"Line {line:,}: {plain}.")

    def summary(self) -> Iterator[str]:
        """What a person is told."""
        seen = ", ".join(f"{n:,} {word[:-1] if n == 1 else word}" for word, n in self.count.items())
        yield f"{seen}: {'NOT INTACT.' if self.findings else 'all intact.'}"
        yield from self.findings
        if len(self.findings) >= MOST:
            yield "... and perhaps more: nothing was looked for after these."
        if self.says.get("since") or self.says.get("until"):
            yield "It is a range: nothing is said about what happened before it or after it."
        trust = (
            "the one you gave" if self.trusted else "taken from the file: compare with /audit/key"
        )
        yield f"Key fingerprint {hashlib.sha256(self.key).hexdigest()}, {trust}."
        yield "Sentences, names, IP addresses and agents stand beside the facts, as no evidence."

    def begin(self, header: Line) -> None:
        """The first line."""
        _demand((header["line"], header["format"]) == ("header", EXPORT), "it is of another format")
        self.key = self.trusted or _base64(header["key"]["public"])
        public, digest = base64.b64encode(self.key).decode(), hashlib.sha256(self.key).hexdigest()
        key = {"algorithm": "Ed25519", "public": public, "fingerprint": digest}
        _demand(_same(header["key"], key), "the file was not signed with this key")
        _demand(header.keys() == SIGNED | {"format", "key"}, "the header is another one")
        self.says = self._signed(EXPORT, header)
        _demand({"tenant", "since", "until", "seal"} <= self.says.keys(), "it says too little")
        for name, first, last in _heads(self.says["streams"]):
            self.parts[name], self.now[name] = (first, last), first
            self.signed[name] = dict([first, last])
        self.count["streams"] = len(self.parts)

    def take(self, line: Line) -> None:
        """One line after the header."""
        _demand(not self.ended, "something stands after the last line")
        match line["line"]:
            case "seal" if not self.count["facts"]:
                self.count["seals"] += 1
                self._seal(line)
            case "fact":
                self.count["facts"] += 1
                self._fact(line)
            case "trailer":
                self.ended = True
                right = _same(line, {"line": "trailer", **self.count})
                _demand(right, "the last line does not count what stands above it")
            case _:
                raise Wrong("this is neither a seal, nor a fact, nor the end")

    def end(self) -> Iterator[str]:
        """What is not as it was signed, now that all was read."""
        if not self.ended:
            yield "the file ends too soon, its last line is missing"
        if not _same(self.seal, self.says["seal"]):
            yield "the newest seal is not the one that was made for this export"
        for name, (_, last) in self.parts.items():
            if self.now[name] != last:
                yield f"{name} ends at version {self.now[name][0]}, not at {last[0]}"
            if self.says["until"] is None and last != self.heads.get(name):
                yield f"{name} does not end where the newest seal says"

    def _signed(self, kind: str, line: Line) -> Line:
        body, signature = _base64(line["body"]), _base64(line["signature"])
        try:
            PublicKey.from_public_bytes(self.key).verify(signature, f"{kind}\n".encode() + body)
        except InvalidSignature as forged:
            raise Wrong("the signature is not that of the key") from forged
        said = _parsed(body)
        _demand(_same(said, line["says"]), "what it says is not what was signed")
        _demand(said["format"] == kind, "it is of another kind")
        return said

    def _seal(self, line: Line) -> None:
        _demand(line.keys() == SIGNED, "the seal is another one")
        said, before, last = self._signed(SEAL, line), self.seal, self.heads
        number, digest = said["number"], hashlib.sha256(_base64(line["body"])).hexdigest()
        self.heads, self.seal = dict(_heads(said["heads"])), {"number": number, "sha256": digest}
        follows = {"number": before["number"] + 1, "previous": before["sha256"]}
        expected = said | follows | {"tenant": self.says["tenant"]}
        _demand(_same(said, expected), f"seal {number} does not follow the one before it")
        total = sum(version for version, _ in self.heads.values())
        _demand(_same(said["events"], total), f"seal {number} counts other facts than its streams")
        for name, head in last.items():
            now = self.heads.get(name, START)
            _demand(now[0] >= head[0], f"{name} lost facts before seal {number}")
        for name, (version, link) in self.heads.items():
            (first, _), (end, _) = self.parts.get(name, (START, START))
            if first <= version <= end and name in self.parts:
                same = self.signed[name].setdefault(version, link) == link
                _demand(same, f"seal {number} says that version {version} of {name} was another")

    def _fact(self, line: Line) -> None:
        _demand(line.keys() == BESIDE | COLUMNS.keys(), "columns are missing, or too many")
        link, position, digest = bytes.fromhex(line["hash"]), line["position"], _digest(line)
        name, version = f"{line['kind']} {line['stream_id']}", line["version"]
        ours = name in self.parts and line["tenant_id"] == self.says["tenant"]
        _demand(ours, f"a fact of {name}, which is not part of this export")
        where, before = f"version {version} of {name}", self.now[name]
        self.now[name] = version, link
        rises, self.position = position > self.position, position
        _demand(rises, f"{where} stands after a later position")
        _demand(version == before[0] + 1, f"{where} comes after version {before[0]}")
        right = hashlib.sha256(before[1] + position.to_bytes(8, "big") + digest).hexdigest()
        _demand(right == line["hash"], f"{where} was changed: its link does not hold")
        _demand(self.signed[name].get(version, link) == link, f"{where} is not what was signed")
        same = _same(_parsed(_base64(line["payload"])), line["event"])
        _demand(same, f"{where} is told otherwise than it is stored")


def _digest(line: Line) -> bytes:
    _demand({bool, float}.isdisjoint(map(type, line.values())), "a column is of another type")
    parts = [encode(line[name]) for name, encode in COLUMNS.items()]
    return hashlib.sha256(b"".join(len(e).to_bytes(4, "big") + e for e in parts)).digest()


def _uuid(value: str | None) -> bytes:
    _demand(value is None or str(UUID(value)) == value, "an id is malformed")
    return UUID(value).bytes if value else b""


def _moment(value: str) -> bytes:
    at = datetime.fromisoformat(value).astimezone(UTC)
    _demand(at.isoformat(timespec="microseconds") == value, "a time is malformed")
    return ((at - EPOCH) // MICROSECOND).to_bytes(8, "big")


def _base64(value: str) -> bytes:
    decoded = base64.b64decode(value, validate=True)
    _demand(base64.b64encode(decoded).decode() == value, "base64 is malformed")
    return decoded


COLUMNS: Mapping[str, Callable[[Any], bytes]] = {
    "tenant_id": _uuid,
    "kind": str.encode,
    "stream_id": _uuid,
    "version": lambda value: int.to_bytes(value, 4, "big"),
    "event_id": _uuid,
    "name": str.encode,
    "schema_version": lambda value: int.to_bytes(value, 2, "big"),
    "at": _moment,
    "source": str.encode,
    "actor_id": _uuid,
    "correlation_id": _uuid,
    "causation": str.encode,
    "command_id": _uuid,
    "payload": _base64,
}


def _heads(value: list[Any]) -> Iterator[tuple[Any, ...]]:
    """(name, head …) of each; they are in order and none comes twice."""
    names = [(kind, stream_id) for kind, stream_id, *_ in value]
    _demand(names == sorted(set(names)), "streams are not in order")
    for kind, stream_id, *rest in value:
        heads = zip(rest[::2], map(bytes.fromhex, rest[1::2]), strict=True)
        yield (f"{kind} {stream_id}", *heads)


def _same(one: object, other: object) -> bool:
    """As JSON: 1 is neither 1.0 nor true."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _demand(right: object, otherwise: str) -> None:
    if not right:
        raise Wrong(otherwise)


def _parsed(raw: bytes) -> Line:
    try:
        found = json.loads(raw.decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError) as why:
        raise Wrong("it is not JSON, or says a name twice") from why
    _demand(type(found) is dict, "it is not an object")
    return found  # type: ignore[no-any-return]


def _once(pairs: list[tuple[str, Any]]) -> Line:
    """Of a name that comes twice a person may read one value and a machine the other."""
    _demand(len(dict(pairs)) == len(pairs), "a name comes twice")
    return dict(pairs)


def _key(given: str) -> bytes:
    """Base64 itself, or a file with it, or one with the answer of /audit/key."""
    try:
        text = Path(given).read_text().strip() if Path(given).is_file() else given
        public = _base64(json.loads(text)["public"] if text.startswith("{") else text)
        PublicKey.from_public_bytes(public)
    except (OSError, *MALFORMED) as why:
        raise NotChecked("--key is neither an Ed25519 key in base64 nor a file with one.") from why
    return public


if __name__ == "__main__":
    sys.exit(main())
