"""The OAuth 2 token endpoint and the access tokens it gives out."""

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt
from jwt.types import Options

from sandbox.google.accounts import Accounts, Consent
from sandbox.google.errors import Json, OAuthRefusal, Refusal

# "Using OAuth 2.0 for Server to Server Applications": an assertion and a token live an hour.
LIFETIME: Final = 3600
_AUDIENCE: Final = "https://oauth2.googleapis.com/token"
_ASSERTION: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SKEW: Final = 300


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls, of which project, with which scopes."""

    email: str
    project: str
    scopes: frozenset[str]
    client: str = ""

    @property
    def confined(self) -> bool:
        """To files that this program has made: all that `drive.file` opens."""
        return not self.may("spreadsheets", "spreadsheets.readonly", "drive", "drive.readonly")

    def may(self, *wanted: str) -> bool:
        return any(f"https://www.googleapis.com/auth/{scope}" in self.scopes for scope in wanted)


class Tokens:
    """Signs and reads access tokens; they outlive a restart because only the secret counts."""

    def __init__(self, accounts: Accounts, timer: Callable[[], float], secret: str = "") -> None:
        self.accounts = accounts
        self.timer = timer
        self.secret = secret or secrets.token_hex(32)

    def grant(self, form: Mapping[str, str], url: str) -> Json:
        """The answer of the token endpoint; a 400 or 401 in the shape of RFC 6749 otherwise."""
        kind = form.get("grant_type")
        if kind == _ASSERTION:
            email, scope = self._asserted(form.get("assertion", ""), url)
            return self._token(email, scope)
        if kind == "refresh_token" and form.get("refresh_token", "") in self.accounts.consents:
            return self._refreshed(form)
        if kind == "authorization_code" and form.get("code", "") in self.accounts.granted:
            return self._exchanged(form)
        if kind == "refresh_token":
            email = self._held(self.accounts.refresh_tokens.get(form.get("refresh_token", "")))
            return self._token(email, form.get("scope", _FULL))
        if kind == "authorization_code":
            email = self._held(self.accounts.codes.pop(form.get("code", ""), None))
            fresh = {"refresh_token": self.accounts.refresh_token(email)}
            return {**self._token(email, _FULL), **fresh}
        raise OAuthRefusal("unsupported_grant_type", f"Invalid grant_type: {kind}")

    def principal(self, authorization: str) -> Principal:
        """Who bears this header; 401 for a missing, forged, expired or closed one."""
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or not token.startswith("ya29."):
            raise Refusal(401)
        try:
            claims = jwt.decode(
                token[5:],
                self.secret,
                ["HS256"],
                options=_TIMELESS,
            )
        except jwt.InvalidTokenError:
            raise Refusal(401) from None
        if claims["exp"] <= self.timer() or claims["email"] in self.accounts.closed:
            raise Refusal(401)
        scopes = frozenset(claims["scope"].split())
        if consent_id := claims.get("consent"):
            consents = self.accounts.consents.values()
            held = next((one for one in consents if one.id == consent_id), None)
            if held is None:
                raise Refusal(401)
            project = self.accounts.clients[held.client_id].project
            return Principal(held.email, project, scopes, held.client_id)
        return Principal(claims["email"], self.accounts.project_of(claims["email"]), scopes)

    def issue(self, email: str, scope: str = "") -> str:
        """An access token without any grant, for tests that are not about signing in."""
        return str(self._token(email, scope or _FULL)["access_token"])

    def _exchanged(self, form: Mapping[str, str]) -> Json:
        """A code for a refresh token; whatever is wrong with it, it is used up."""
        given = self.accounts.granted.pop(form["code"])
        self._check_client(form, given.client_id)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proven = base64.urlsafe_b64encode(digest).decode().rstrip("=") == given.challenge
        if given.redirect_uri != form.get("redirect_uri"):
            raise OAuthRefusal("redirect_uri_mismatch", "Bad Request")
        if not proven or given.expires <= self.timer() or given.email in self.accounts.closed:
            raise OAuthRefusal("invalid_grant", "Bad Request")
        token, consent = self.accounts.consent(given)
        return {**self._consented(consent), "refresh_token": token}

    def _refreshed(self, form: Mapping[str, str]) -> Json:
        consent = self.accounts.consents[form["refresh_token"]]
        self._check_client(form, consent.client_id)
        return self._consented(consent)

    def _consented(self, consent: Consent) -> Json:
        return self._token(self._held(consent.email), consent.scope, consent=consent.id)

    def _check_client(self, form: Mapping[str, str], wanted: str) -> None:
        """RFC 6749, 5.2: the client's own fault is told apart from the grant's."""
        client = self.accounts.clients.get(form.get("client_id", ""))
        if client is None or client.secret != form.get("client_secret"):
            raise OAuthRefusal("invalid_client", "The OAuth client was not found.", 401)
        if client.client_id != wanted:
            raise OAuthRefusal("invalid_grant", "Bad Request")

    def _token(self, email: str, scope: str, **more: str) -> Json:
        if not scope:
            raise OAuthRefusal(
                "invalid_scope", "Invalid OAuth scope or ID token audience provided."
            )
        claims = {"email": email, "scope": scope, "exp": int(self.timer()) + LIFETIME, **more}
        token = "ya29." + jwt.encode({**claims, "n": secrets.token_hex(4)}, self.secret, "HS256")
        body = {"access_token": token, "expires_in": LIFETIME - 1, "token_type": "Bearer"}
        return {**body, "scope": scope}

    def _held(self, email: str | None) -> str:
        if email is None or email in self.accounts.closed:
            raise OAuthRefusal("invalid_grant", "Bad Request")
        return email

    def _asserted(self, assertion: str, url: str) -> tuple[str, str]:
        try:
            issuer = jwt.decode(assertion, options={"verify_signature": False}).get("iss", "")
        except jwt.InvalidTokenError:
            raise OAuthRefusal("invalid_grant", "Invalid JWT: malformed.") from None
        account = self.accounts.services.get(issuer)
        if account is None or issuer in self.accounts.closed:
            raise OAuthRefusal("invalid_grant", "Invalid grant: account not found")
        claims = _verified(assertion, account.public_key, (url, _AUDIENCE))
        self._check_times(claims)
        return issuer, str(claims.get("scope", ""))

    def _check_times(self, claims: Json) -> None:
        now, issued, expires = self.timer(), claims.get("iat", 0), claims.get("exp", 0)
        if not (issued - _SKEW <= now < expires and expires - issued <= LIFETIME):
            raise OAuthRefusal(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
                "timeframe. Check your iat and exp values in the JWT claim.",
            )


_FULL: Final = "https://www.googleapis.com/auth/spreadsheets https://www.googleapis.com/auth/drive"
# Times are compared with the sandbox's own timer, which a test may hold still.
_TIMELESS: Final[Options] = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}


def _verified(assertion: str, key: Any, audience: tuple[str, str]) -> Json:  # noqa: ANN401 - PyJWT's key type
    try:
        claims: Json = jwt.decode(
            assertion, key, ["RS256"], audience=list(audience), options=_TIMELESS
        )
    except jwt.InvalidAudienceError:
        raise OAuthRefusal("invalid_grant", "Invalid JWT: bad audience.") from None
    except jwt.InvalidTokenError:
        raise OAuthRefusal("invalid_grant", "Invalid JWT Signature.") from None
    return claims
