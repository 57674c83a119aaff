"""Because a client that handles Google's refusals must meet them here in Google's own shape."""

from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]

_STATUS: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
_WORDS: Final = {
    401: "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
    "cookie or other valid authentication credential. See "
    "https://developers.google.com/identity/sign-in/web/devconsole-project.",
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
}


class Refusal(Exception):
    """An answer other than 200: the HTTP code and the body Google gives with it."""

    def __init__(self, code: int, message: str = "", details: list[Json] | None = None) -> None:
        super().__init__(message or _WORDS[code])
        self.code = code
        self.details = details

    def body(self) -> Json:
        """The google.rpc.Status body of the Sheets API."""
        error: Json = {"code": self.code, "message": str(self), "status": _STATUS[self.code]}
        if self.details:
            error["details"] = self.details
        return {"error": error}


class DriveRefusal(Refusal):
    """The older error shape of the Drive API: a list of errors with a domain and a reason."""

    def __init__(self, code: int, reason: str, message: str, domain: str = "global") -> None:
        super().__init__(code, message)
        self.reason = reason
        self.domain = domain

    def body(self) -> Json:
        error = {"message": str(self), "domain": self.domain, "reason": self.reason}
        return {"error": {"code": self.code, "message": str(self), "errors": [error]}}


class OAuthRefusal(Refusal):
    """The error shape of the token endpoint (RFC 6749, section 5.2)."""

    def __init__(self, error: str, description: str, code: int = 400) -> None:
        super().__init__(code, description)
        self.error = error

    def body(self) -> Json:
        return {"error": self.error, "error_description": str(self)}


def invalid(message: str) -> Refusal:
    """A 400 INVALID_ARGUMENT with the given sentence."""
    return Refusal(400, message)
