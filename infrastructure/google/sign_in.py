"""Google's sign-in for people: where she is sent, and what her code is exchanged for.

"Using OAuth 2.0 for Web Server Applications": a code comes by her browser and is worth nothing
without the product's secret and the verifier (RFC 7636); a consent lasts until she takes it back.
"""

import base64
import hashlib
from urllib.parse import urlencode

import aiohttp
import msgspec

from domain.errors import Malformed, Outside, Rejected, Unavailable
from domain.principals import NOT_GIVEN, SIGN_IN, WITHOUT_FILES
from domain.secrecy import Secret
from domain.table.refusals import refusal
from infrastructure.google.faults import CLIENT
from infrastructure.google.principal import FILES, Client

AUTHORIZE = "/o/oauth2/v2/auth"
TIMEOUT = aiohttp.ClientTimeout(total=30)
LARGEST = 64 * 1024
BAD = 400


class Granted(msgspec.Struct):
    """What the token endpoint answers, as far as it is kept."""

    refresh_token: str = ""
    scope: str = ""
    error: str = ""


class GoogleSignIn:
    """Implements `domain.principals.SignIn`. `back`: where Google sends her afterwards."""

    on = True

    def __init__(
        self, session: aiohttp.ClientSession, client: Client, accounts: str, back: str
    ) -> None:
        self._session = session
        self._client = client
        self._accounts = accounts
        self._back = back

    def address(self, state: str, verifier: str) -> str:
        """See the port. Google gives what lasts only to who asks for it and is asked each time."""
        asked = {
            "client_id": self._client.client_id,
            "redirect_uri": self._back,
            "response_type": "code",
            "scope": FILES,
            "access_type": "offline",
            "prompt": "consent",
            "state": state,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._accounts}{AUTHORIZE}?{urlencode(asked)}"

    async def consent(self, code: Secret, verifier: str) -> Secret:
        """See the port."""
        form = {
            "grant_type": "authorization_code",
            "code": code.reveal(),
            "code_verifier": verifier,
            "client_id": self._client.client_id,
            "client_secret": self._client.secret.reveal(),
            "redirect_uri": self._back,
        }
        status, granted = await self._ask(form)
        if status >= BAD:
            raise _refused(granted.error)
        if FILES not in granted.scope.split():
            raise _rejected(WITHOUT_FILES)
        if not granted.refresh_token:
            raise _malformed()
        return Secret(granted.refresh_token)

    async def _ask(self, form: dict[str, str]) -> tuple[int, Granted]:
        """Raises Unavailable, Malformed; nothing of the form stands in either."""
        try:
            async with self._session.post(
                self._client.token_uri, data=form, timeout=TIMEOUT, allow_redirects=False
            ) as answer:
                status, body = answer.status, await answer.content.read(LARGEST)
        except (aiohttp.ClientError, TimeoutError):
            raise _unavailable() from None
        if status >= 500 or status == 429:  # noqa: PLR2004 - HTTP's own
            raise _unavailable()
        try:
            return status, msgspec.json.decode(body, type=Granted)
        except (msgspec.DecodeError, msgspec.ValidationError):
            raise _malformed() from None


class NoSignIn:
    """Implements the port where the operator registered no client."""

    on = False

    def address(self, state: str, verifier: str) -> str:
        """Raises Rejected."""
        del state, verifier
        raise _rejected("google_client_refused")

    async def consent(self, code: Secret, verifier: str) -> Secret:
        """Raises Rejected."""
        del code, verifier
        raise _rejected("google_client_refused")


def challenge(verifier: str) -> str:
    """S256 of RFC 7636, 4.2."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _refused(error: str) -> Outside:
    return _rejected("google_client_refused" if error in CLIENT else NOT_GIVEN)


def _rejected(cause: str) -> Rejected:
    said = str(SIGN_IN[cause].both()) if cause in SIGN_IN else refusal(cause)
    return Rejected(said, cause=cause)


def _unavailable() -> Unavailable:
    cause = "google_unavailable"
    return Unavailable(refusal(cause), cause=cause)


def _malformed() -> Malformed:
    cause = "google_malformed"
    return Malformed(refusal(cause), cause=cause)
