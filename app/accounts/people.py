"""Who a person is: rows that can be deleted, never copied into facts, runs or logs."""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from domain.errors import Invalid, ensure_all
from domain.events import Rows
from domain.fact import fact

EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]+\.[^@\s\x00-\x1f\x7f.]+")
LONGEST_EMAIL = 254
"""RFC 5321, 4.5.3.1.3, less the angle brackets."""
LONGEST_NAME = 200
TURNS = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
"""Unicode Standard Annex 9, 2: what embeds and overrides directions."""

LOGIN = "INSERT INTO logins (email_key, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"
PERSON = """
INSERT INTO people (tenant_id, user_id, email, full_name, password_hash, registered_at)
VALUES ($1, $1, $2, $3, $4, $5)
"""
LABEL = "INSERT INTO labels (tenant_id, id, name) VALUES ($1, $2, $3)"


@fact
class Newcomer:
    """Somebody who registers, as she will be kept."""

    email: str
    full_name: str
    company_name: str

    def __repr__(self) -> str:
        return "Newcomer(***)"


def checked(
    email: str, full_name: str, company_name: str | None, *others: Callable[[], object]
) -> Newcomer:
    """Raises Invalid, naming every field that is wrong; `others` are checked with them."""
    ensure_all(
        lambda: email_of(email),
        *others,
        lambda: name_of(full_name, "full_name"),
        lambda: company_name is None or name_of(company_name, "company_name"),
    )
    return Newcomer(
        email=email_of(email),
        full_name=name_of(full_name, "full_name"),
        company_name=name_of(full_name if company_name is None else company_name, "company_name"),
    )


def registering(
    person: UUID, newcomer: Newcomer, email_key: bytes, password_hash: str, at: datetime
) -> Rows:
    """The address comes first: it is the row that may be there already."""
    return [
        (LOGIN, (email_key, person)),
        (PERSON, (person, newcomer.email, newcomer.full_name, password_hash, at)),
    ]


def email_of(text: str) -> str:
    """As it is kept. Raises Invalid."""
    email = unicodedata.normalize("NFKC", text).strip()
    steered = not email.isprintable() or any(map(_steers, email))
    if len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email) or steered:
        raise Invalid("Enter an e-mail address such as anna@example.com.", field="email")
    return email


def name_of(text: str, field: str) -> str:
    """As it is kept. Raises Invalid."""
    name = unicodedata.normalize("NFC", text).strip()
    if len(name) > LONGEST_NAME or not any(map(_is_seen, name)):
        raise Invalid(f"Enter a name of 1 to {LONGEST_NAME} characters.", field=field)
    if any(map(_steers, name)):
        raise Invalid("A name has no control characters and no line breaks.", field=field)
    return name


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter)[0] not in "CZ"


def _steers(letter: str) -> bool:
    """Is it half a letter, does it break lines, or turn around what follows? Joiners, as in emoji,
    do not."""
    breaks = unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}
    return breaks or unicodedata.bidirectional(letter) in TURNS
