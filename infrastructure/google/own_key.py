"""A service account's key that a seller pasted: what is wrong with each field, and what to keep.

Whatever stands in it was written by a stranger. So nothing is asked of an address that it names:
the token endpoint is Google's, or the one that the operator set in its place.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from domain.both import Both, together
from domain.errors import Invalid
from infrastructure.google.credentials import Account

LONGEST = 8_192
"""Letters; Google's are about 2,400."""
LONGEST_PEM = 4_096
"""An RSA key of 4,096 bits has 3,272; a longer one would keep us busy for long."""
BITS = 2_048
UNIVERSE = "googleapis.com"
ADDRESS = re.compile(r"[a-z0-9][a-z0-9.-]{0,126}@([a-z0-9.-]{1,120}\.)gserviceaccount\.com")
IN_PROJECT = ".iam.gserviceaccount.com"
FIELD = "key"

_NO_JSON = Both(
    ru="Это не JSON-ключ сервисного аккаунта: вставьте весь файл, от { до }",
    en="This is not the JSON key of a service account: paste the whole file, from { to }",
)
_TYPE = Both(
    ru='Поле type: нужно "service_account". Ключ OAuth или API сюда не подходит',
    en='Field type: must be "service_account". An OAuth client or an API key will not do',
)
_EMAIL = Both(
    ru="Поле client_email: это не адрес сервисного аккаунта (…gserviceaccount.com)",
    en="Field client_email: this is not the address of a service account (…gserviceaccount.com)",
)
_PRIVATE = Both(
    ru="Поле private_key: не читается. Скопируйте файл целиком, не меняя в нём ничего",
    en="Field private_key: it cannot be read. Copy the whole file and change nothing in it",
)
_TOKEN = Both(
    ru="Поле token_uri: подходит только адрес Google, {}",
    en="Field token_uri: only Google's own address will do, {}",
)
_UNIVERSE = Both(
    ru="Поле universe_domain: подходит только googleapis.com",
    en="Field universe_domain: only googleapis.com will do",
)


def own_key(text: str, token_uris: Sequence[str]) -> Account:
    """`token_uris`: what may stand there, the usual one first. Raises Invalid: all that is wrong at
    once, and nothing of what was pasted."""
    key = _json(text)
    if wrong := list(_wrong(key, token_uris)):
        raise Invalid(together(map(str, wrong)), field=FIELD)
    return kept_key(key)


def kept_key(key: Mapping[str, Any]) -> Account:
    """What is needed of it."""
    address = str(key["client_email"])
    needed = ("type", "private_key", "client_email", "token_uri")
    return Account(
        key={name: str(key[name]) for name in needed},
        address=address,
        project=project_of(address),
    )


def project_of(address: str) -> str:
    """The project is read off the address, which Google proves at the first sign-in: whatever else
    the file calls so, it may be somebody else's."""
    project = address.rpartition("@")[2].removesuffix(IN_PROJECT)
    return project if address.endswith(IN_PROJECT) else address


def _json(text: str) -> Mapping[str, Any]:
    try:
        key = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        key = None
    if not isinstance(key, dict):
        raise Invalid(str(_NO_JSON), field=FIELD)
    return key


def _wrong(key: Mapping[str, Any], token_uris: Sequence[str]) -> Iterator[Both]:
    if key.get("type") != "service_account":
        yield _TYPE
    if not ADDRESS.fullmatch(_text(key, "client_email")):
        yield _EMAIL
    if not _is_private_key(_text(key, "private_key")):
        yield _PRIVATE
    if _text(key, "token_uri") not in token_uris:
        known = token_uris[0]
        yield Both(ru=_TOKEN.ru.format(known), en=_TOKEN.en.format(known))
    if key.get("universe_domain", UNIVERSE) != UNIVERSE:
        yield _UNIVERSE


def _text(key: Mapping[str, Any], name: str) -> str:
    value = key.get(name)
    return value if isinstance(value, str) else ""


def _is_private_key(pem: str) -> bool:
    if len(pem) > LONGEST_PEM or not pem.isascii():
        return False
    try:
        read = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return isinstance(read, RSAPrivateKey) and read.key_size >= BITS
