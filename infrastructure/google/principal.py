"""In whose name calls are made: how she signs them, whose quota they spend, what a refusal means.

A refusal of Google's means another thing of each kind of principal, and has another cure.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from threading import Lock
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from google.auth.transport import Request
from google.oauth2 import credentials as oauth2
from google.oauth2 import service_account

from domain.fact import fact
from domain.secrecy import Secret
from infrastructure.google.credentials import Account, credentials

FILES = "https://www.googleapis.com/auth/drive.file"
"""Files that we make, and no other of hers."""

_GONE = "robot_gone"
LEFT: Final = MappingProxyType({"sheet_unshared": _GONE, "sheet_deleted": _GONE})
"""Of an account that stands in for one that has left the pool."""
OWN: Final = MappingProxyType(
    {"google_credentials": "own_key_refused", "google_api_off": "own_api_off"}
)
"""Of a service account of hers: what else would be for us to mend is for her."""
BY_CONSENT: Final = MappingProxyType(
    {
        "google_credentials": "consent_revoked",
        "sheet_unshared": "own_sheet_gone",
        "sheet_deleted": "own_sheet_gone",
    }
)
"""Of her own account: nobody can share a file with it that the product did not make."""


@fact
class Client:
    """The product itself, as it was registered at Google for people's consents."""

    client_id: str
    secret: Secret
    token_uri: str

    @property
    def project(self) -> str:
        """The number of its project, with which every client's id begins."""
        return self.client_id.partition("-")[0]


@fact
class Principal:
    """`address` is what a file is shared with, if it can be; `name` and `project` whose buckets
    are spent; `instead`: causes that mean another one with this principal."""

    address: str
    name: str
    project: str
    sign: Callable[[], Any]
    instead: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Principal({self.name})"


class Person(oauth2.Credentials):
    """Signs with what her consent is worth for an hour, and renews it once, however many calls
    wait."""

    def __init__(self, client: Client, consent: Secret) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            None,
            refresh_token=consent.reveal(),
            token_uri=client.token_uri,
            client_id=client.client_id,
            client_secret=client.secret.reveal(),
            scopes=[FILES],
        )
        self._renewal = Lock()

    def before_request(
        self, request: Request, method: str, url: str, headers: dict[str, str]
    ) -> None:
        """See `credentials.Robot`."""
        del method, url
        with self._renewal:
            if not self.valid:
                self.refresh(request)  # type: ignore[no-untyped-call]
        self.apply(headers)  # type: ignore[no-untyped-call]


def robot(account: Account, instead: Mapping[str, str] | None = None) -> Principal:
    """A service account: ours, or hers."""

    def sign() -> service_account.Credentials:
        return credentials(account)

    return Principal(
        address=account.address,
        name=account.address,
        project=account.project,
        sign=sign,
        instead=instead or {},
    )


def person(client: Client, consent_id: UUID, consent: Secret) -> Principal:
    """She herself."""
    return Principal(
        address="",
        name=counted(consent_id),
        project=client.project,
        sign=lambda: Person(client, consent),
        instead=BY_CONSENT,
    )


def counted(consent_id: UUID) -> str:
    """Her address stays unknown to us: her calls are counted by her consent."""
    return f"consent:{consent_id}"
