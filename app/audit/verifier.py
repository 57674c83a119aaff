"""Checks an exported audit log offline: `stock-tracker audit verify FILE`, or this file alone.

It needs Python and `cryptography`, and keeps only where streams stand and what seals say of them.
That no id comes twice takes no memory: positions rise, and an id stands in the hash of its link.

link = SHA-256(link before ‖ position in 8 bytes ‖ digest), the first link before is 32 zeros;
digest = SHA-256 over COLUMNS, each after its length in 4 bytes. Numbers are big-endian, times are
microseconds since 1970. Ed25519 signs a format, a line feed and the exact bytes of a body.
"""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey as PublicKey

EXPORT, SEAL = "stock-tracker.audit-export/1", "stock-tracker.seal/1"
LONGEST, MOST = 16 << 20, 10  # bytes in a line; findings after which nothing is looked for
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
SLIPS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
MALFORMED, FORGED = (*SLIPS, InvalidSignature), "the signature is not that of the key"
UNKNOWN = "this is no audit log as JSON Lines: export with format=jsonl, CSV is for reading."
PICKED = "an extract proves nothing. Export with no filter but time: `stock-tracker audit export`."
SIGNED = {"line", "body", "signature", "says"}
LINKED = """tenant_id:id kind:text stream_id:id version:4 event_id:id name:text schema_version:2
 at:time source:text actor_id:id correlation_id:id causation:text command_id:id payload:bytes"""
Line: TypeAlias = dict[str, Any]
Head: TypeAlias = tuple[int, bytes]  # a version and its link
START: Head = (0, bytes(32))
_json = partial(json.dumps, sort_keys=True)  # in which 1 is neither 1.0 nor true


class NotChecked(Exception):
    """This cannot be checked at all; the message says why, and what to do."""


def main(arguments: Sequence[str] | None = None, say: Callable[[str], object] = print) -> int:
    """The command. 0: intact; 1: it is not; 2: not a file that can be checked."""
    parser = argparse.ArgumentParser(description="Check an audit log exported as JSON Lines.")
    parser.add_argument("file")
    parser.add_argument("--key", help="the public key that you trust: base64, or a file with it")
    parser.add_argument("--tenant", type=UUID, help="the id of the company that it must be of")
    parser.add_argument("--before", help="an earlier export, which it must go on from")
    asked = parser.parse_args(arguments)
    try:
        report = Report(None if asked.key is None else _key(asked.key), asked.tenant)
        if asked.before is not None:
            report.follow(_checked(asked.before, Report(report.trusted, asked.tenant)))
        _checked(asked.file, report)
    except (NotChecked, OSError, ValueError) as why:
        say(f"Not checked: {why}")
        return 2
    for line in report.summary():  # text of the file never reaches a terminal as it is
        say("".join(each if " " <= each <= "~" else "?" for each in line))
    return 1 if report.findings else 0


def verify(file: BinaryIO, report: "Report") -> "Report":
    """Read to the end. Raises NotChecked for what is no export, and what reading raises."""
    number = 0
    while (raw := file.readline(LONGEST)) and len(report.findings) < MOST:
        number += 1
        if len(raw) == LONGEST:
            raise NotChecked(f"line {number:,} is longer than any line of an export.")
        try:
            (report.take if number > 1 else report.begin)(_DECODER.decode(raw.decode()))
        except MALFORMED as why:
            if not report.key:
                raise NotChecked(UNKNOWN) from why
            wrong = {ValueError: str(why), InvalidSignature: FORGED}.get(type(why), "malformed")
            report.findings.append(f"Line {number:,}: {wrong[:300]}.")
            if number == 1:
                return report
    if not number:
        raise NotChecked("the file is empty.")
    report.findings += [f"Line {number:,}: {wrong[:300]}." for wrong in report.end()]
    return report


def _checked(path: str, report: "Report") -> "Report":
    with Path("/dev/stdin" if path == "-" else path).open("rb") as file:
        return verify(file, report)


class Report:
    """What was found, from the header to the trailer. A wrong line raises MALFORMED."""

    def __init__(self, trusted: bytes | None = None, tenant: UUID | None = None) -> None:
        self.trusted, self.key, self.tenant = trusted, b"", tenant and str(tenant)
        self.whose = (
            "the one you gave" if trusted else "taken from the file: compare with /audit/key"
        )
        self.count = {"facts": 0, "seals": 0, "streams": 0}
        self.findings: list[str] = []
        self.says: Line = {}
        self.parts: dict[str, tuple[Head, Head]] = {}
        self.now, self.heads = dict[str, Head](), dict[str, Head]()
        self.signed: dict[str, dict[int, bytes]] = {}
        self.ends: dict[int, dict[str, Head] | None] = {}
        self.seal: Line = {"number": 0, "sha256": START[1].hex()}
        self.known, self.position, self.ended = self.seal, 0, False

    def follow(self, before: "Report") -> None:
        """Expect that company, that key, and all of its seals: each seal names the one before."""
        self.findings += [f"The file before is not intact: {each}" for each in before.findings[:1]]
        if not before.findings:
            self.trusted, self.tenant, self.known = before.key, before.says["tenant"], before.seal

    def summary(self) -> Iterator[str]:
        """What a person is told."""
        seen = ", ".join(f"{n:,} {word[:-1] if n == 1 else word}" for word, n in self.count.items())
        yield f"{seen}: {'NOT INTACT.' if self.findings else 'all intact.'}"
        yield from self.findings
        if len(self.findings) >= MOST:
            yield "... and perhaps more: nothing was looked for after these."
        if says := self.says:
            which = "after seal {} to seal {} of {}".format(*says["between"], self.count["seals"])
            yield f"Company {says['tenant']}, {which}, made at {says['made_at']}."
            if asked := [f"{name} {says[name]}" for name in ("since", "until") if says[name]]:
                yield f"It is a range, {' '.join(asked)}: nothing is said about before or after."
        yield f"Key fingerprint {hashlib.sha256(self.key).hexdigest()}, {self.whose}."
        yield "Sentences, names, IP addresses and agents stand beside the facts, as no evidence."

    def begin(self, header: Line) -> None:
        """The first line."""
        if header["format"] == "stock-tracker.audit-extract/1":
            raise NotChecked(PICKED)
        _demand((header["line"], header["format"]) == ("header", EXPORT), "it is of another format")
        self.key = self.trusted or _base64(header["key"]["public"])
        public, digest = base64.b64encode(self.key).decode(), hashlib.sha256(self.key).hexdigest()
        key = {"algorithm": "Ed25519", "public": public, "fingerprint": digest}
        _demand(_json(header["key"]) == _json(key), "the file was not signed with this key")
        _demand(header.keys() == SIGNED | {"format", "key"}, "the header is another one")
        said = self._signed(EXPORT, header)
        _demand({"since", "until", "seal", "made_at"} <= said.keys(), "it says too little")
        one, other = said["between"]
        self.ends, self.says = {one: None, other: None, 0: {}}, said
        _demand(self.tenant in (None, said["tenant"]), f"it is not of company {self.tenant}")
        for name, one, two in _heads(self.says["streams"]):
            self.parts[name], self.now[name], self.signed[name] = (one, two), one, dict([one, two])
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
                right = _json(line) == _json({"line": "trailer", **self.count})
                _demand(right, "the last line does not count what stands above it")
            case _:
                raise ValueError("this is neither a seal, nor a fact, nor the end")

    def end(self) -> Iterator[str]:
        """What is not as it was signed, now that all was read."""
        if not self.ended:
            yield "the file ends too soon, its last line is missing"
        if _json(self.seal) != _json(self.says["seal"]):
            yield "the newest seal is not the one that was made for this export"
        if self.count["seals"] < self.known["number"]:
            yield f"seal {self.known['number']} of the file before is missing"
        for name, (_, last) in self.parts.items():
            if self.now[name] != last:
                yield f"{name} ends at version {self.now[name][0]}, not at {last[0]}"
        yield from self._cut(*self.says["between"])

    def _cut(self, one: int, other: int) -> Iterator[str]:
        """Its two seals say which streams have facts between them, and which."""
        first, last = self.ends[one], self.ends[other]
        if first is None or last is None or not (self.says["until"] or last == self.heads):
            yield "it does not stand between the seals that it names"
            return
        for name in last | self.parts:
            ends = first.get(name, START), last.get(name, START)
            if self.parts.get(name, (ends[0], ends[0])) != ends:
                yield f"{name} is not told as its seals say"

    def _signed(self, kind: str, line: Line) -> Line:
        body, signature = _base64(line["body"]), _base64(line["signature"])
        PublicKey.from_public_bytes(self.key).verify(signature, f"{kind}\n".encode() + body)
        said: Line = _DECODER.decode(body.decode())
        right = said["format"] == kind and _json(said) == _json(line["says"])
        _demand(right, "what it says is not what was signed")
        return said

    def _seal(self, line: Line) -> None:
        _demand(line.keys() == SIGNED, "the seal is another one")
        said, before, last = self._signed(SEAL, line), self.seal, self.heads
        number, digest = said["number"], hashlib.sha256(_base64(line["body"])).hexdigest()
        self.heads, self.seal = dict(_heads(said["heads"])), {"number": number, "sha256": digest}
        total = sum(version for version, _ in self.heads.values())
        ours = {"tenant": self.says["tenant"], "previous": before["sha256"], "events": total}
        right = _json(said | ours | {"number": before["number"] + 1}) == _json(said)
        _demand(right, f"seal {number} does not follow the one before it, or miscounts")
        for name, head in last.items():
            now = self.heads.get(name, START)
            kept = now == head or now[0] > head[0]
            _demand(kept, f"seal {number} contradicts the one before it about {name}")
        same = number != self.known["number"] or self.seal == self.known
        _demand(same, f"seal {number} is not the one of the file before")
        self.ends |= {number: self.heads} if number in self.ends else {}
        for name, (version, link) in self.heads.items():
            (first, _), (end, _) = self.parts.get(name, (START, START))
            if first <= version <= end and name in self.parts:
                same = self.signed[name].setdefault(version, link) == link
                _demand(same, f"seal {number} says that version {version} of {name} was another")

    def _fact(self, line: Line) -> None:
        _demand(COLUMNS.keys() <= line.keys() <= KNOWN, "columns are missing, or too many")
        _demand({bool, float}.isdisjoint(map(type, line.values())), "a column is of another type")
        parts = [encode(line[column]) for column, encode in COLUMNS.items()]
        digest = hashlib.sha256(b"".join(len(e).to_bytes(4, "big") + e for e in parts)).digest()
        link, position = bytes.fromhex(line["hash"]), line["position"]
        name, version = f"{line['kind']} {line['stream_id']}", line["version"]
        ours = name in self.parts and line["tenant_id"] == self.says["tenant"]
        _demand(ours, f"a fact of {name}, which is not part of this export")
        where, before = f"version {version} of {name}", self.now[name]
        self.now[name] = version, link
        _demand(position > self.position, f"{where} stands after a later position")
        self.position = position
        _demand(version == before[0] + 1, f"{where} comes after version {before[0]}")
        right = hashlib.sha256(before[1] + position.to_bytes(8, "big") + digest).hexdigest()
        _demand(right == line["hash"], f"{where} was changed: its link does not hold")
        _demand(self.signed[name].get(version, link) == link, f"{where} is not what was signed")
        told = _json(_DECODER.decode(_base64(line["payload"]).decode()))
        _demand(told == _json(line["event"]), f"{where} is told otherwise than it is stored")


def _once(pairs: list[tuple[str, Any]]) -> Line:
    """Of a name that comes twice a person may read one value and a machine the other."""
    _demand(len(dict(pairs)) == len(pairs), "a name comes twice")
    return dict(pairs)


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


_DECODER = json.JSONDecoder(object_pairs_hook=_once)
_KINDS: Line = {"id": _uuid, "text": str.encode, "time": _moment, "bytes": _base64}
_KINDS |= {size: partial(int.to_bytes, length=int(size), byteorder="big") for size in "24"}
COLUMNS = {name: _KINDS[kind] for name, kind in (each.split(":") for each in LINKED.split())}
KNOWN = COLUMNS.keys() | {"line", "position", "hash", "event", "sentence", "actor", "target"}
KNOWN |= {"ip", "agent", "changes", "causes"}


def _heads(value: list[Any]) -> Iterator[tuple[Any, ...]]:
    """(name, head …) of each; they are in order and none comes twice."""
    names = [(kind, stream_id) for kind, stream_id, *_ in value]
    _demand(names == sorted(set(names)), "streams are not in order")
    for kind, stream_id, *rest in value:
        yield (f"{kind} {stream_id}", *zip(rest[::2], map(bytes.fromhex, rest[1::2]), strict=True))


def _demand(right: object, otherwise: str) -> None:
    if not right:
        raise ValueError(otherwise)


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
