"""Error bodies as Wildberries sends them: five dialects, by who refuses.

The gateway speaks problem+json (responses 401, 402, 403, 429 of the OpenAPI), analytics its
ErrorObject, content an errorText, statistics ``errors`` in two shapes, marketplace a code, supplies
an ErrorObject with its status.
"""

from datetime import UTC, datetime
from http import HTTPStatus
from uuid import uuid4

from sandbox.wildberries.answer import PROBLEM, Answer, Refused, json

GATEWAY = "s2s-api-auth-catalog"
NO_SECRET = "base token without secret is not allowed for this path"  # noqa: S105 -- a sentence
NO_BASE = "base token is not allowed for this path"
NO_SCOPE = "token scope not allowed"
DISABLED = (
    "This method is temporarily disabled. Link: https://dev.wildberries.ru/release-notes?id=570"
)
NO_FUNDS = (
    "wb solution for business has insufficient funds on its balance. please top up the balance "
    "in the company's personal account https://dev.wildberries.ru/company"
)


def gateway(status: int, detail: str, now: float, title: str | None = None) -> Answer:
    """The gateway's problem+json; ``now`` is epoch seconds."""
    phrase = HTTPStatus(status).phrase
    body = {
        "title": title or phrase.lower(),
        "detail": detail,
        "code": detail if status == HTTPStatus.FORBIDDEN else f"07e4668e-{uuid4().hex[:12]}",
        "requestId": uuid4().hex,
        "origin": GATEWAY,
        "status": status,
        "statusText": phrase,
        "timestamp": datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return json(status, body, PROBLEM)


def no_funds() -> Answer:
    """402: only for services of the catalogue whose balance is empty."""
    return json(402, {"title": "payment required", "detail": NO_FUNDS}, PROBLEM)


def disabled(origin: str = "analytic-open-api") -> Answer:
    """404 of a method Wildberries has switched off for a while."""
    body = {
        "status": 404,
        "statusText": "Not Found",
        "title": "Not Found",
        "detail": DISABLED,
        "requestId": uuid4().hex,
        "origin": origin,
    }
    return json(404, body, PROBLEM)


def analytics(detail: str, title: str = "Invalid request body") -> Refused:
    """400 of the stocks reports."""
    return Refused(json(400, _named(title, detail, "analytic-open-api")))


def reports(status: int, detail: str) -> Refused:
    """400 and 404 of warehouse_remains."""
    media = PROBLEM if status == HTTPStatus.NOT_FOUND else "application/json"
    title = HTTPStatus(status).phrase
    return Refused(json(status, _named(title, detail, "api-statistics"), media))


def content(text: str) -> Refused:
    """400 of the cards list."""
    body: dict[str, object] = {
        "data": None,
        "error": True,
        "errorText": text,
        "additionalErrors": {},
    }
    return Refused(json(400, body))


def statistics(errors: str | list[str]) -> Refused:
    """400 of supplier/orders: a list for a missing field, a text for a wrong one."""
    return Refused(json(400, {"errors": errors}))


def marketplace(status: int, code: str, message: str = "") -> Refused:
    """4XX of seller warehouses and their stocks."""
    return Refused(json(status, {"code": code, "message": message}))


def supplies(status: int, title: str, detail: str) -> Refused:
    """400 and 404 of supplies to WB's warehouses."""
    named = _named(title, detail, "supply-api")
    return Refused(json(status, {"status": status, **named}))


def _named(title: str, detail: str, origin: str) -> dict[str, str]:
    return {"title": title, "detail": detail, "requestId": str(uuid4()), "origin": origin}
