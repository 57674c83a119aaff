"""GET /audit/export, /audit/seals and /audit/key: the proof, in the tenant's own hands."""

import base64
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Request, Router, get
from litestar.datastructures import ResponseHeader
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.params import QueryParameter
from litestar.response import Stream

from app.asker import Asker
from app.audit.export import MEDIA_TYPES, Exports
from app.audit.export.asked import ASKED, FORMATS, wish
from app.audit.export.form import key
from app.audit.export.read import StoredSeal, seals
from app.audit.filters import SOURCES
from app.audit.seal import said
from app.audit.taking import Taking
from app.web.caller import Identify
from app.web.problem import problems
from app.web.query import WrongQuery, ensure_known
from domain.access import Role

MOST, USUAL = 100, 50


class SealBody(msgspec.Struct, frozen=True, kw_only=True):
    """`body` and `signature` in base64. The Ed25519 signature is over `stock-tracker.seal/1`, a
    line feed, and the bytes of the body, which is JSON: the heads of all streams at that moment.
    `at` is said in the body; null if somebody broke that."""

    number: int
    at: datetime | None
    body: str
    signature: str


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """`public`: 32 bytes in base64. `fingerprint`: their SHA-256, to be compared by people."""

    algorithm: str
    public: str
    fingerprint: str


_ONE_OF = f"{' or '.join(FORMATS)}; JSON Lines, the default, can be verified offline."
_ACTOR = "Done by this person: her id."
_ACTION = (
    "One of these, with a comma between: tenant.sheet_connected; with a star at the end all that "
    "begin so: tenant.*"
)
_TARGET = (
    "About this: an id; or how the name of a shop, a colleague or the company begins, or nearly "
    "is; or how a seller's or a spreadsheet's id begins."
)
_SOURCE = f"Through this door: {', '.join(SOURCES)}."
_CORRELATION = "All that followed from one request: its id."
_ORDER = (
    "oldest, the default, or newest first. Narrowed by more than time, or with the newest first, "
    "an export is an extract, which proves nothing."
)
_SINCE = "Facts recorded from here on: a day, which begins at midnight in Moscow, or a time."
_UNTIL = "Facts recorded before: a day or a time, the same way."
_LANGUAGE = "ru, the default, or en: what the sentences are said in."
_AFTER = "The number of the last seal of the page before."
_FIRST = f"1 to {MOST}; {USUAL} if left out."

REFUSALS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS,
)
FILE = ResponseSpec(
    bytes, media_type=MEDIA_TYPES["jsonl"], description="The file", generate_examples=False
)


def router(take: Taking, identify: Identify) -> Router:
    """The three of them, ready to be mounted."""
    exports = take.exports
    return Router(
        path="/audit",
        route_handlers=[
            _export(take, identify),
            _seals(exports, identify),
            _key(exports),
        ],
        response_headers=[
            ResponseHeader(name="Cache-Control", value="no-store"),
            ResponseHeader(name="X-Content-Type-Options", value="nosniff"),
        ],
        tags=["Audit log"],
    )


def _export(take: Taking, identify: Identify) -> HTTPRouteHandler:
    @get(
        "/export",
        summary="Take the audit log along, whole, a range or an extract; for admins and owners",
        opt={"scope": "tenant"},
        responses={int(HTTPStatus.OK): FILE, **problems(*REFUSALS)},
    )
    async def export(  # noqa: PLR0913, PLR0917 - the parameters of the address
        request: Request[Any, Any, Any],
        form: Annotated[str | None, QueryParameter(name="format", description=_ONE_OF)] = None,
        since: Annotated[str | None, QueryParameter(description=_SINCE)] = None,
        until: Annotated[str | None, QueryParameter(description=_UNTIL)] = None,
        language: Annotated[str | None, QueryParameter(description=_LANGUAGE)] = None,
        actor: Annotated[str | None, QueryParameter(description=_ACTOR)] = None,
        action: Annotated[str | None, QueryParameter(description=_ACTION)] = None,
        target: Annotated[str | None, QueryParameter(description=_TARGET)] = None,
        source: Annotated[str | None, QueryParameter(description=_SOURCE)] = None,
        correlation: Annotated[str | None, QueryParameter(description=_CORRELATION)] = None,
        order: Annotated[str | None, QueryParameter(description=_ORDER)] = None,
    ) -> Stream:
        caller = await identify(request)
        caller.scope.demand(Role.ADMIN)
        ensure_known(request, ASKED)
        given = (form, since, until, language, actor, action, target, source, correlation, order)
        wished = wish(dict(zip(ASKED, given, strict=True)))
        return await take(Asker(scope=caller.scope, origin=caller.origin), caller.door, wished)

    return export


def _seals(exports: Exports, identify: Identify) -> HTTPRouteHandler:
    @get(
        "/seals",
        summary="The seals of the company's history, oldest first, up to 100 a page",
        opt={"scope": "tenant"},
        responses=problems(HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED),
    )
    async def listed(
        request: Request[Any, Any, Any],
        after: Annotated[str | None, QueryParameter(description=_AFTER)] = None,
        first: Annotated[str | None, QueryParameter(description=_FIRST)] = None,
    ) -> list[SealBody]:
        caller = await identify(request)
        ensure_known(request, ("after", "first"))
        beyond, most = _number("after", after, 0, 0), _number("first", first, USUAL, 1, MOST)
        return _shown(await seals(exports.database, caller.scope, beyond, most))

    return listed


def _key(exports: Exports) -> HTTPRouteHandler:
    @get("/key", summary="The key that seals and exports are signed with", opt={"scope": "public"})
    async def public_key() -> Key:
        return Key(**key(exports.sealing.signer.public))

    return public_key


def _number(field: str, text: str | None, usual: int, least: int, most: int = 2**31 - 1) -> int:
    """Raises WrongQuery."""
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        raise WrongQuery(f"`{field}` must be a whole number.", field=field)
    if not least <= int(text) <= most:
        raise WrongQuery(f"`{field}` must be {least} to {most}.", field=field)
    return int(text)


def _shown(rows: Sequence[StoredSeal]) -> list[SealBody]:
    return [
        SealBody(
            number=row.number,
            at=told.at if (told := said(row.body)) else None,
            body=base64.b64encode(row.body).decode(),
            signature=base64.b64encode(row.signature).decode(),
        )
        for row in rows
    ]
