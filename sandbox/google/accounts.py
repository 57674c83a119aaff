"""Who may sign in: service accounts with real RSA keys, and ordinary Google users."""

import secrets
from dataclasses import dataclass, field
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
        key = serialization.load_pem_private_key(self.private_key.encode(), None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError("service account keys are RSA keys")
        return key.public_key()


@dataclass(slots=True)
class Accounts:
    """All principals of the sandbox; `closed` ones are refused everywhere."""

    services: dict[str, ServiceAccount] = field(default_factory=dict)
    refresh_tokens: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)

    def service(self, name: str = "stock-tracker", project: str = "sandbox") -> ServiceAccount:
        """The service account of that name, made at the first call."""
        email = f"{name}@{project}.iam.gserviceaccount.com"
        if email not in self.services:
            self.services[email] = ServiceAccount(email, project, secrets.token_hex(20), _new_key())
        return self.services[email]

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


def _new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
