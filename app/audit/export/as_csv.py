"""An export for people: CSV (RFC 4180) that opens in a spreadsheet and can do nothing there.

It proves nothing: for that there are JSON Lines. Its last row names their seal, or says that it is
an extract.
"""

import base64
import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from app.audit.causes import Cause
from app.audit.changes import Change
from app.audit.export.extract import PROVES_NOTHING, Extract
from app.audit.export.facts import Told
from app.audit.export.form import Statement, key
from app.audit.export.read import StoredSeal
from domain.table.text import MARK, safe
from domain.table.words import Words

COLUMNS: Sequence[tuple[str, Words]] = (
    ("time", Words(ru="Время (UTC)", en="Time (UTC)")),
    ("actor", Words(ru="Кто", en="Actor")),
    ("action", Words(ru="Действие", en="Action")),
    ("target", Words(ru="Над чем", en="Target")),
    ("sentence", Words(ru="Что произошло", en="What happened")),
    ("changes", Words(ru="Что изменилось", en="Changes")),
    ("causes", Words(ru="Причины", en="Chain of causes")),
    ("source", Words(ru="Откуда", en="Source")),
    ("ip", Words(ru="IP-адрес", en="IP address")),
    ("agent", Words(ru="Программа", en="Agent")),
    ("position", Words(ru="Позиция", en="Position")),
    ("event_id", Words(ru="ID события", en="Event id")),
    ("actor_id", Words(ru="ID автора", en="Actor id")),
    ("target_id", Words(ru="ID объекта", en="Target id")),
    ("kind", Words(ru="Поток", en="Stream")),
    ("stream_id", Words(ru="ID потока", en="Stream id")),
    ("version", Words(ru="Версия", en="Version")),
    ("correlation_id", Words(ru="ID запроса", en="Correlation id")),
    ("causation", Words(ru="Причина", en="Cause")),
    ("hash", Words(ru="Хеш", en="Hash")),
)
NOTHING = "—"
"""What was not there before, or is no longer."""
SEALED = Words(
    ru="Печать № {number}: подпись {signature}, отпечаток ключа {fingerprint}",
    en="Seal {number}: signature {signature}, key fingerprint {fingerprint}",
)


class Csv:
    """Implements `Form`."""

    def __init__(self, content: Statement | Extract, language: str) -> None:
        self._content, self._language = content, language

    def begin(self) -> bytes:
        """The names of the columns."""
        return (MARK + _rows([[words.say(self._language) for _, words in COLUMNS]])).encode()

    def seals(self, rows: Sequence[StoredSeal]) -> bytes:  # noqa: ARG002 - the port's
        """None: the last row names the newest one."""
        return b""

    def facts(self, page: Sequence[Told]) -> bytes:
        """A row for each."""
        return _rows(map(_cells, page)).encode()

    def end(self) -> bytes:
        """The row that leads to the proof."""
        said = self._proof()
        return _rows([["" if name != "sentence" else said for name, _ in COLUMNS]]).encode()

    def _proof(self) -> str:
        content = self._content
        if isinstance(content, Extract):
            return PROVES_NOTHING.say(self._language)
        return SEALED.say(
            self._language,
            number=content.number,
            signature=base64.b64encode(content.seal).decode(),
            fingerprint=key(content.public)["fingerprint"],
        )


def _cells(told: Told) -> list[str]:
    row = told.row
    cells = (
        _moment(row.at),
        told.actor,
        row.name,
        told.target,
        told.sentence,
        "\n".join(map(_change, told.changes)),
        "\n".join(map(_cause, told.causes)),
        row.source,
        told.ip,
        told.agent,
        row.position,
        row.event_id,
        row.actor_id,
        told.target_id,
        row.kind,
        row.stream_id,
        row.version,
        row.correlation_id,
        row.causation,
        row.hash.hex(),
    )
    return ["" if cell is None else str(cell) for cell in cells]


def _change(change: Change) -> str:
    was, become = (NOTHING if each is None else each for each in (change.before, change.after))
    return f"{change.field}: {was} → {become}"


def _cause(cause: Cause) -> str:
    return cause.sentence if cause.at is None else f"{_moment(cause.at)} {cause.sentence}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _rows(rows: Iterable[Sequence[str]]) -> str:
    """Every cell in quotes: a comma, a quote or a line break in it stays inside."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return written.getvalue()
