"""Who may sign in: service accounts with real RSA keys, and ordinary Google users."""

import secrets
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.google.errors import Json

_KEY_BITS: Final = 2048
_CERTS: Final = "https://www.googleapis.com/oauth2/v1/certs"


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A robot of a project; its private key is known because the sandbox made it."""

    email: str
    project: str
    key_id: str
    private_key: str

    def key(self, base_url: str) -> Json:
        """The key file as the Google console gives it, with token_uri at this sandbox."""
        return {
            "type": "service_account",
            "project_id": self.project,
            "private_key_id": self.key_id,
            "private_key": self.private_key,
            "client_email": self.email,
            "client_id": str(int(self.key_id[:12], 16)),
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": base_url.rstrip("/") + "/token",
            "auth_provider_x509_cert_url": _CERTS,
            "universe_domain": "googleapis.com",
        }

    @property
    def public_key(self) -> rsa.RSAPublicKey:
        return _public(self.private_key)


@dataclass(frozen=True, slots=True)
class Client:
    """A program that people may sign in to. Its id begins with the number of its project."""

    client_id: str
    secret: str
    name: str

    @property
    def project(self) -> str:
        return self.client_id.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person lets a program do, until she takes it back."""

    id: str
    email: str
    client_id: str
    scope: str


@dataclass(frozen=True, slots=True)
class Code:
    """A consent on its way: good once, for the same program, address and verifier (RFC 7636)."""

    email: str
    client_id: str
    scope: str
    redirect_uri: str
    challenge: str
    expires: float


@dataclass(slots=True)
class Accounts:
    """All principals of the sandbox; `closed` ones are refused everywhere."""

    services: dict[str, ServiceAccount] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    consents: dict[str, Consent] = field(default_factory=dict)
    granted: dict[str, Code] = field(default_factory=dict)
    refresh_tokens: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)

    def service(self, name: str = "stock-tracker", project: str = "sandbox") -> ServiceAccount:
        """The service account of that name, made at the first call."""
        email = f"{name}@{project}.iam.gserviceaccount.com"
        if email not in self.services:
            self.services[email] = ServiceAccount(email, project, secrets.token_hex(20), _new_key())
        return self.services[email]

    def client(self, name: str = "Stock Tracker") -> Client:
        """The program of that name, registered at the first call."""
        known = next((each for each in self.clients.values() if each.name == name), None)
        if known is None:
            number = secrets.randbelow(9 * 10**11) + 10**11
            ident = f"{number}-{secrets.token_hex(16)}.apps.googleusercontent.com"
            known = Client(ident, "GOCSPX-" + secrets.token_urlsafe(21), name)
            self.clients[ident] = known
        return known

    def grant(self, given: Code) -> str:
        """A code for what she has allowed."""
        code = "4/" + secrets.token_urlsafe(24)
        self.granted[code] = given
        return code

    def consent(self, given: Code) -> tuple[str, Consent]:
        """A refresh token for what she has allowed."""
        token = "1//" + secrets.token_urlsafe(32)
        made = Consent(secrets.token_hex(8), given.email, given.client_id, given.scope)
        self.consents[token] = made
        return token, made

    def withdraw(self, consent_id: str) -> None:
        """She takes a consent back: its refresh token and all access tokens are worth nothing."""
        kept = {token: one for token, one in self.consents.items() if one.id != consent_id}
        self.consents = kept

    def refresh_token(self, email: str) -> str:
        """A refresh token of an ordinary user, as after her consent."""
        token = "1//" + secrets.token_urlsafe(32)
        self.refresh_tokens[token] = email
        return token

    def code(self, email: str) -> str:
        """An authorization code of an ordinary user, good for one exchange."""
        code = "4/" + secrets.token_urlsafe(24)
        self.codes[code] = email
        return code

    def project_of(self, email: str) -> str:
        return known.project if (known := self.services.get(email)) else "user-project"


def is_service(email: str) -> bool:
    return email.endswith(".iam.gserviceaccount.com")


@cache
def _public(private_key: str) -> rsa.RSAPublicKey:
    """Read once: to prove that the numbers make a key takes longer than all else in a sign-in."""
    key = serialization.load_pem_private_key(private_key.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("service account keys are RSA keys")
    return key.public_key()


def _new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
