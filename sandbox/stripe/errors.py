"""How Stripe says no: one sentence for a person, a code for a program, the parameter at fault."""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


class Problem(Exception):
    """An error as the SDK reads it. `kind` is Stripe's own class of errors."""

    def __init__(  # noqa: PLR0913 -- the members of Stripe's error object, by name
        self,
        message: str,
        *,
        status: int = 400,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
        decline_code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        told = {"code": code, "param": param, "decline_code": decline_code}
        given = {name: value for name, value in told.items() if value is not None}
        self.body: Json = {"error": {"type": kind, "message": message, **given}}


def missing(kind: str, ident: str, param: str = "id") -> Problem:
    """404 for what is not there; 400 is said where it was only named in a parameter."""
    status = 404 if param == "id" else 400
    return Problem(
        f"No such {kind}: '{ident}'", status=status, code="resource_missing", param=param
    )


def unknown(param: str) -> Problem:
    """A parameter that Stripe does not have, or that this sandbox does not understand."""
    said = f"Received unknown parameter: {param} (unknown to the sandbox, at least)"
    return Problem(said, code="parameter_unknown", param=param)


def needed(param: str) -> Problem:
    return Problem(f"Missing required param: {param}.", code="parameter_missing", param=param)


def wrong(param: str, sentence: str) -> Problem:
    return Problem(sentence, code="parameter_invalid", param=param)


def declined(decline_code: str = "generic_decline") -> Problem:
    """What a caller hears whose customer's card was refused."""
    return Problem(
        "Your card was declined.",
        status=402,
        code="card_declined",
        kind="card_error",
        decline_code=decline_code,
    )


def unauthenticated() -> Problem:
    """The card wants its owner, who is not here."""
    return Problem(
        "This payment requires additional user action before it can be completed successfully.",
        status=402,
        code="subscription_payment_intent_requires_action",
        kind="card_error",
    )
