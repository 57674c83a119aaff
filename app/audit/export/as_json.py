"""An export for machines: JSON Lines that `verifier.py` can check to the last column.

A header with the signed statement of what is exported, all seals, the facts, and a line that counts
them. The seals come first, so that one pass over the file can hold each fact against them.

An extract has no seals, and a format of its own that the verifier knows for what it is.
"""

from collections.abc import Sequence

import msgspec

from app.audit.export import extract
from app.audit.export.extract import PROVES_NOTHING, Extract
from app.audit.export.facts import Told, readable
from app.audit.export.form import Statement, key
from app.audit.export.read import Cut, StoredSeal
from app.audit.seal import moment

FORMAT = "stock-tracker.audit-export/1"
"""Of the file, and of the statement in its first line."""


class JsonLines:
    """Implements `Form`."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._facts = 0
        self._seals = 0

    def begin(self) -> bytes:
        """The header."""
        statement = self._statement
        about = {"line": "header", "format": FORMAT, "key": key(statement.public)}
        return _line({**about, **_signed(statement.body, statement.signature)})

    def seals(self, rows: Sequence[StoredSeal]) -> bytes:
        """Each as it was signed."""
        self._seals += len(rows)
        lines = ({"line": "seal", **_signed(row.body, row.signature)} for row in rows)
        return b"".join(map(_line, lines))

    def facts(self, page: Sequence[Told]) -> bytes:
        """Every stored column, and beside them what people read."""
        self._facts += len(page)
        return b"".join(_line(_fact(told)) for told in page)

    def end(self) -> bytes:
        """The line that counts."""
        streams = len(self._statement.cut.parts)
        count = {"facts": self._facts, "seals": self._seals, "streams": streams}
        return _line({"line": "trailer", **count})


class JsonExtract:
    """Implements `Form`."""

    def __init__(self, content: Extract, language: str) -> None:
        self._content, self._language = content, language
        self._facts = 0

    def begin(self) -> bytes:
        """What was asked."""
        warning = PROVES_NOTHING.say(self._language)
        about = {"line": "header", "format": extract.FORMAT, "proves": f"{warning}."}
        return _line({**about, **self._content.asked})

    def seals(self, rows: Sequence[StoredSeal]) -> bytes:  # noqa: ARG002 - the port's
        """None."""
        return b""

    def facts(self, page: Sequence[Told]) -> bytes:
        """As in what can be proven."""
        self._facts += len(page)
        return b"".join(_line(_fact(told)) for told in page)

    def end(self) -> bytes:
        """The line that counts: without it the file is cut off."""
        return _line({"line": "trailer", "facts": self._facts})


def parts(cut: Cut) -> list[list[str | int]]:
    """The anchors: per stream the version and link before its first fact, and those of its last."""
    rows: list[list[str | int]] = [
        [
            each.kind,
            str(each.stream_id),
            each.first.version,
            each.first.hash.hex(),
            each.last.version,
            each.last.hash.hex(),
        ]
        for each in cut.parts.values()
    ]
    return sorted(rows)


def _fact(told: Told) -> dict[str, object]:
    row = told.row
    return {
        "line": "fact",
        "position": row.position,
        "at": moment(row.at),
        "sentence": told.sentence,
        "actor": told.actor,
        "target": told.target,
        "ip": told.ip,
        "agent": told.agent,
        "changes": [
            {"field": each.field, "before": each.before, "after": each.after}
            for each in told.changes
        ],
        "causes": [
            {
                "kind": each.kind,
                "id": each.id,
                "at": each.at and moment(each.at),
                "sentence": each.sentence,
            }
            for each in told.causes
        ],
        "name": row.name,
        "event": told.payload,
        "tenant_id": row.tenant_id,
        "kind": row.kind,
        "stream_id": row.stream_id,
        "version": row.version,
        "event_id": row.event_id,
        "schema_version": row.schema_version,
        "source": row.source,
        "actor_id": row.actor_id,
        "correlation_id": row.correlation_id,
        "causation": row.causation,
        "command_id": row.command_id,
        "payload": row.payload,
        "hash": row.hash.hex(),
    }


def _signed(body: bytes, signature: bytes) -> dict[str, object]:
    return {"says": readable(body), "body": body, "signature": signature}


def _line(line: dict[str, object]) -> bytes:
    """Bytes are written in base64."""
    return msgspec.json.encode(line) + b"\n"
