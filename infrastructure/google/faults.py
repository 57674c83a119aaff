"""What Google's refusals mean to her, and which of them leave us not knowing what happened."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from gspread.exceptions import APIError

from domain.both import Both
from domain.breaker import turn
from domain.errors import Outside, Rejected, Unavailable
from domain.fact import fact
from domain.ports import Opened
from domain.snapshot import MOSCOW
from domain.table.refusals import refusal

PAUSE = 60.0
"""Seconds after a 429 that names none: quotas are refilled each minute (usage limits)."""

CLIENT = ("invalid_client", "deleted_client", "unauthorized_client")
"""What the token endpoint says where the product itself is not known to it (RFC 6749, 5.2)."""
REAUTHENTICATE = "Reauthentication"
"""How google-auth words `invalid_rapt`: her administrator wants people to sign in anew."""

_SAID = 200


class Unanswered(Exception):
    """The call was sent, and whether it took effect nobody knows. Its text is a stable word."""


@fact
class Voice:
    """Whose refusal it is. `instead`: causes that mean another one with this principal."""

    address: str | Both
    instead: Mapping[str, str] = field(default_factory=dict)

    def rejected(self, cause: str, **values: object) -> Rejected:
        """A person has to do something."""
        cause = self.instead.get(cause, cause)
        about = values.get("need")
        about = about if isinstance(about, Both) else None
        return Rejected(self._say(cause, **values), cause=cause, about=about)

    def unavailable(self, cause: str, until: datetime | None = None) -> Unavailable:
        """Time has to pass."""
        at = f"{until.astimezone(MOSCOW):%H:%M}" if until else ""
        return Unavailable(self._say(cause, at=at), cause=cause, until=until)

    def away(self, opened: Opened) -> Unavailable:
        """Google answers nobody."""
        until = turn(opened)
        since, at = (f"{each.astimezone(MOSCOW):%H:%M}" for each in (opened.since, until))
        sentence = self._say("google_away", since=since, what=opened.cause, at=at)
        return Unavailable(sentence, cause="google_unavailable", until=until)

    def _say(self, cause: str, **values: object) -> str:
        return refusal(cause, address=self.address, **values)


def fault(error: Exception, voice: Voice, now: datetime) -> Outside | Unanswered:
    """The error in our words. Unanswered: no answer, or one that says nothing of the outcome."""
    match error:
        case APIError():
            return _answered(error.response, voice, now)
        case requests.ConnectTimeout() | TransportError():
            return voice.unavailable("google_unavailable")  # it never left
        case RefreshError():
            return _not_let_in(error, voice)
        case GoogleAuthError():
            return voice.rejected("google_credentials")
        case _:
            return Unanswered(type(error).__name__)


def retry_after(response: requests.Response) -> float:
    """Seconds that Google asks to wait."""
    named = response.headers.get("Retry-After", "")
    return float(named) if named.isdecimal() else PAUSE


def empty_bucket(response: requests.Response) -> str:
    """`quota_limit` of the ErrorInfo in a 429: …PerUser or …PerProject."""
    details = (each.get("metadata", {}) for each in _details(response))
    return next((str(d["quota_limit"]) for d in details if d.get("quota_limit")), "")


def _not_let_in(error: RefreshError, voice: Voice) -> Outside:
    """The token endpoint refused: us, or the product itself. What is not in its own words came from
    somewhere between."""
    told = error.args[1] if len(error.args) > 1 else {}
    code = told.get("error") if isinstance(told, dict) else None
    if error.retryable or not (code or REAUTHENTICATE in str(error)):
        return voice.unavailable("google_unavailable")
    return voice.rejected("google_client_refused" if code in CLIENT else "google_credentials")


def _answered(response: requests.Response, voice: Voice, now: datetime) -> Outside | Unanswered:
    status = response.status_code
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return voice.unavailable("google_quota", now + timedelta(seconds=retry_after(response)))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unanswered(f"HTTP {status}")
    said = str(_error(response).get("message", ""))
    return voice.rejected(_cause(response, said), range=said[:_SAID], said=said[:_SAID])


def _cause(response: requests.Response, said: str) -> str:
    lowered = said.casefold()
    if "storageQuotaExceeded" in _reasons(response):
        return "storage_quota"
    if "protected" in lowered:
        return "sheet_protected"
    if "limit of" in lowered and ("cells" in lowered or "columns" in lowered):
        return "sheet_full"
    if _reasons(response) & {"SERVICE_DISABLED", "accessNotConfigured"}:
        return "google_api_off"
    return _BY_STATUS.get(response.status_code, "google_refused")


_BY_STATUS: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "google_credentials",
    HTTPStatus.FORBIDDEN: "sheet_unshared",
    HTTPStatus.NOT_FOUND: "sheet_deleted",
}


def _reasons(response: requests.Response) -> set[str]:
    """Sheets names them in `details`, Drive in `errors`."""
    errors = _error(response).get("errors", [])
    listed = (each for each in (*errors, *_details(response)) if isinstance(each, dict))
    return {str(each.get("reason", "")) for each in listed}


def _details(response: requests.Response) -> Iterator[dict[str, Any]]:
    return (each for each in _error(response).get("details", []) if isinstance(each, dict))


def _error(response: requests.Response) -> dict[str, Any]:
    try:
        error = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return error if isinstance(error, dict) else {}
