"""The Drive as one JSON file, so a second run goes on with the same sheets and edits."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

import msgspec

from sandbox.google.accounts import Accounts, Client, Consent, ServiceAccount
from sandbox.google.errors import Json
from sandbox.google.files import File, Permission, Setting
from sandbox.google.model.book import Book
from sandbox.google.model.rules import Filter, Named, Protection, Rule, Tag
from sandbox.google.model.runs import Runs
from sandbox.google.model.sheet import Sheet, Size
from sandbox.google.model.spans import Span
from sandbox.google.model.values import Formula, Row
from sandbox.google.tokens import Tokens

_VERSION = 1


class Kept(Protocol):
    """The parts of a Drive that outlive the process."""

    setting: Setting
    accounts: Accounts
    tokens: Tokens
    files: dict[str, File]


def dumped(drive: Kept) -> bytes:
    """Files, shares, accounts and the secret of the access tokens as JSON."""
    accounts = drive.accounts
    return msgspec.json.encode(
        {
            "version": _VERSION,
            "secret": drive.tokens.secret,
            "services": list(accounts.services.values()),
            "refresh_tokens": accounts.refresh_tokens,
            "clients": list(accounts.clients.values()),
            "consents": accounts.consents,
            "closed": sorted(accounts.closed),
            "files": [_file(file) for file in drive.files.values()],
        },
        enc_hook=lambda formula: {"=": formula.text},
    )


def restored(drive: Kept, raw: bytes) -> None:
    """Put what `dumped` gave into a drive; ValueError for another version."""
    state = msgspec.json.decode(raw)
    if state["version"] != _VERSION:
        raise ValueError(f"sandbox state has version {state['version']}, wanted {_VERSION}")
    drive.tokens.secret = state["secret"]
    services = (ServiceAccount(**one) for one in state["services"])
    drive.accounts.services = {account.email: account for account in services}
    drive.accounts.refresh_tokens = state["refresh_tokens"]
    clients = (Client(**one) for one in state.get("clients", []))
    drive.accounts.clients = {client.client_id: client for client in clients}
    consents = state.get("consents", {}).items()
    drive.accounts.consents = {token: Consent(**one) for token, one in consents}
    drive.accounts.closed = set(state["closed"])
    files = (_read_file(one, drive.setting) for one in state["files"])
    drive.files = {file.id: file for file in files}


def _file(file: File) -> Json:
    book = file.book
    plain = {"id": book.id, "title": book.title, "owner": book.owner}
    return {
        **plain,
        "locale": book.locale,
        "zone": book.zone,
        "last_id": book.last_id,
        "tags": list(book.tags.values()),
        "named": list(book.named.values()),
        "created": file.created,
        "modified": file.modified,
        "permissions": file.permissions,
        "made_by": file.made_by,
        "sheets": [_sheet(sheet) for sheet in book.sheets],
    }


def _sheet(sheet: Sheet) -> Json:
    plain = {name: getattr(sheet, name) for name in _PLAIN}
    return {
        **plain,
        "rows": [[_cell(value) for value in row] for row in sheet.rows]
        if sheet.formula_rows
        else sheet.rows,
        "formats": [_runs(runs) for runs in sheet.formats],
        "sizes": {axis: _runs(runs) for axis, runs in sheet.sizes.items()},
        "notes": [[*at, note] for at, note in sheet.notes.items()],
        "merges": sheet.merges,
        "protections": sheet.protections,
        "rules": sheet.rules,
        "filter": sheet.filter,
    }


_PLAIN = (
    "id",
    "title",
    "hidden",
    "height",
    "columns",
    "frozen_rows",
    "frozen_columns",
    "gridlines_hidden",
    "tab_color",
)


def _cell(value: object) -> object:
    return {"=": value.text} if isinstance(value, Formula) else value


def _runs(runs: Runs[Any]) -> list[Any]:
    return list(runs.cut(0, runs.size))


def _read_file(state: Json, setting: Setting) -> File:
    book = Book(state["id"], state["title"], state["owner"])
    book.locale, book.zone, book.last_id = state["locale"], state["zone"], state["last_id"]
    book.tags = {one["id"]: Tag(**one) for one in state["tags"]}
    book.named = {one["id"]: Named(**{**one, "span": Span(*one["span"])}) for one in state["named"]}
    book.sheets = [_read_sheet(one) for one in state["sheets"]]
    created, modified = (datetime.fromisoformat(state[at]) for at in ("created", "modified"))
    shares = [Permission(**one) for one in state["permissions"]]
    return File(setting, book, created, modified, shares, state.get("made_by", ""))


def _read_sheet(state: Json) -> Sheet:
    sheet = Sheet(state["id"], state["title"], state["height"], state["columns"])
    for name in _PLAIN:
        setattr(sheet, name, state[name])
    for at, row in enumerate(state["rows"]):
        sheet.put_row(at, _read_row(row))
    sheet.formats = [Runs(map(tuple, runs)) for runs in state["formats"]]
    sheet.sizes = {
        axis: Runs((length, Size(*size)) for length, size in runs)
        for axis, runs in state["sizes"].items()
    }
    sheet.notes = {(row, column): note for row, column, note in state["notes"]}
    sheet.merges = _spans(state["merges"])
    sheet.protections = [_read_protection(one) for one in state["protections"]]
    sheet.rules = [Rule(tuple(_spans(one["spans"])), one["body"]) for one in state["rules"]]
    sheet.filter = _read_filter(state["filter"]) if state["filter"] else None
    return sheet


def _read_row(row: list[Any]) -> Row:
    return tuple(Formula(value["="]) if isinstance(value, dict) else value for value in row)


def _read_protection(state: Json) -> Protection:
    span, free = Span(*state["span"]), tuple(_spans(state["free"]))
    return Protection(**{**state, "span": span, "free": free, "editors": tuple(state["editors"])})


def _read_filter(state: Json) -> Filter:
    criteria = {int(column): rule for column, rule in state["criteria"].items()}
    return Filter(Span(*state["span"]), criteria, tuple(state["sort"]))


def _spans(many: Iterable[list[int]]) -> list[Span]:
    return [Span(*one) for one in many]
