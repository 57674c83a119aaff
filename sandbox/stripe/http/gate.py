"""One call from its bytes to its answer: key, version, trouble, idempotency, work."""

from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import MediaType, Request, Response

from sandbox.stripe.book import Book, Kept
from sandbox.stripe.errors import Json, Problem, missing
from sandbox.stripe.form import Form, parsed
from sandbox.stripe.http.endpoints import answering
from sandbox.stripe.http.expanding import expanded
from sandbox.stripe.shapes import API_VERSION
from sandbox.stripe.store import Cause, new_id
from sandbox.stripe.webhooks.thin import snapshot_id, thin

Asked = Request[Any, Any, Any]


async def serve(book: Book, request: Asked, path: str) -> Response[bytes]:
    """Whatever Stripe would answer."""
    cause = Cause(new_id("req"), request.headers.get("idempotency-key"))
    named = f"{request.method} {path}"
    fault = book.faults.take(named)
    try:
        _let_in(book, request)
        if fault and not fault.lost:
            await fault.strike()
        kept = _once(book, cause, named, await _form(request))
        if fault and fault.lost:
            await fault.strike()
    except Problem as no:
        kept = Kept(named, no.status, msgspec.Raw(msgspec.json.encode(no.body)))
    book.courier.nudge()
    book.calls[f"{named.split('/', maxsplit=1)[0]} {kept.status}"] += 1
    headers = {"Request-Id": cause.id or "", "Stripe-Version": API_VERSION}
    if cause.idempotency_key:
        headers["Idempotency-Key"] = cause.idempotency_key
    if kept.replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(
        bytes(kept.body), status_code=kept.status, media_type=MediaType.JSON, headers=headers
    )


def serve_thin(book: Book, request: Asked, ident: str) -> Response[bytes]:
    """An event, as whoever got its thin notification asks for it."""
    try:
        _let_in(book, request)
        found = book.events.get(snapshot_id(ident))
        if found is None:
            raise missing("event", ident)
        status, told = 200, thin(found)
    except Problem as no:
        status, told = no.status, no.body
    body = msgspec.json.encode(told)
    return Response(body, status_code=status, media_type=MediaType.JSON)


def _let_in(book: Book, request: Asked) -> None:
    key = request.headers.get("authorization", "").removeprefix("Bearer ")
    if key != book.secret_key:
        said = f"Invalid API Key provided: {key[:8]}****" if key else _NO_KEY
        raise Problem(said, status=401)
    version = request.headers.get("stripe-version", API_VERSION)
    if version != API_VERSION:
        raise Problem(f"Invalid Stripe API version: {version}. The sandbox has {API_VERSION}.")


_NO_KEY = (
    "You did not provide an API key. You need to provide your API key in the Authorization "
    "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
)


async def _form(request: Asked) -> Json:
    query = request.scope.get("query_string", b"").decode(errors="replace")
    body = (await request.body()).decode(errors="replace") if request.method == "POST" else ""
    return parsed(parse_qsl(f"{query}&{body}", keep_blank_values=True))


def _once(book: Book, cause: Cause, named: str, values: Json) -> Kept:
    """The work, or what it gave when it was asked for before under the same key."""
    key = cause.idempotency_key if named.startswith("POST") else None
    asked = f"{named} {msgspec.json.encode(values, order='sorted').decode()}"
    if key and (before := book.answers.get(key)):
        if before.asked != asked:
            raise Problem(
                "Keys for idempotent requests can only be used with the same parameters they "
                f"were first used with. Try using a key other than '{key}'.",
                kind="idempotency_error",
            )
        return msgspec.structs.replace(before, replayed=True)
    kept = _worked(book, cause, named, values, asked)
    if key:
        book.answers[key] = kept
    return kept


def _worked(book: Book, cause: Cause, named: str, values: Json, asked: str) -> Kept:
    book.settle()
    method, path = named.split(" ")
    endpoint, ident = answering(method, path)
    form = Form(values).only(["expand", *endpoint.known.split()])
    book.cause = cause
    try:
        answer = endpoint.work(book, form, ident)
        book.settle()
        whole = expanded(book, answer, form.texts("expand"))
    except Problem as no:
        if no.status != 402:  # noqa: PLR2004 -- a declined card is an answer, and is kept
            raise
        return Kept(asked, no.status, msgspec.Raw(msgspec.json.encode(no.body)))
    finally:
        book.cause = Cause()
    return Kept(asked, 200, msgspec.Raw(msgspec.json.encode(whole)))
