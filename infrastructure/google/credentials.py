"""The service account: a key as Google hands it out, in a file or as text."""

import json
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from threading import Lock
from typing import Any

from google.auth.transport import Request
from google.oauth2 import service_account

from domain.errors import Invalid
from domain.fact import fact

# Enough to edit what is shared with us; Drive would show us every file's name besides.
SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)

Key = Mapping[str, Any]


@fact
class Account:
    """Who we are at Google. `address` is what a file is shared with."""

    key: Key
    address: str
    project: str

    def __repr__(self) -> str:
        return f"Account({self.address})"


def account(source: Key | str | Path, token_uri: str | None = None) -> Account:
    """From the key itself, its JSON text, or the path of its file.

    `token_uri` replaces the address of the token endpoint. Raises Invalid: what is given is no key.
    """
    key = _key(source)
    missing = [name for name in ("client_email", "private_key", "token_uri") if not key.get(name)]
    if token_uri and missing == ["token_uri"]:
        missing = []
    if missing:
        raise _invalid(f"в нём нет {', '.join(missing)}")
    address = str(key["client_email"])
    project = str(key.get("project_id") or address.rpartition("@")[2])
    return Account(
        key={**key, "token_uri": token_uri or key["token_uri"]}, address=address, project=project
    )


class Robot(service_account.Credentials):
    """Asks the token endpoint and nobody else.

    google-auth would also ask iamcredentials.googleapis.com, in threads of its own, in which
    regions the account may work; Sheets has one endpoint for all of them.
    """

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - google-auth's own
        super().__init__(*args, **options)  # type: ignore[no-untyped-call]
        self._renewal = Lock()

    def before_request(
        self, request: Request, method: str, url: str, headers: MutableMapping[str, str]
    ) -> None:
        """Sign, with a fresh token if there is none: once, however many calls wait for it."""
        del method, url
        with self._renewal:
            if not self.valid:
                self.refresh(request)  # type: ignore[no-untyped-call]
        self.apply(headers)  # type: ignore[no-untyped-call]


def credentials(of: Account) -> Robot:
    """Signs for tokens. Raises Invalid if the private key is no key."""
    try:
        robot: Robot = Robot.from_service_account_info(  # type: ignore[no-untyped-call]
            dict(of.key), scopes=SCOPES
        )
    except ValueError as error:
        raise _invalid("private_key не читается") from error
    return robot


def _key(source: Key | str | Path) -> Key:
    if isinstance(source, Mapping):
        return source
    text = str(source).strip()
    try:
        if not text.startswith("{"):
            text = Path(text).read_text()
        key = json.loads(text)
    except (OSError, ValueError) as error:
        raise _invalid("файла нет, или в нём не JSON") from error
    if not isinstance(key, dict):
        raise _invalid("это не объект JSON")
    return key


def _invalid(reason: str) -> Invalid:
    message = (
        f"Ключ сервисного аккаунта Google не подходит: {reason}. Скачайте ключ в формате JSON "
        "в консоли Google Cloud (IAM → Service accounts → Keys) и укажите путь к нему."
    )
    return Invalid(message, field="GOOGLE_SERVICE_ACCOUNT_KEY_PATH")
