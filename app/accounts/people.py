"""Who a person is: rows that can be deleted, never copied into facts, runs or logs."""

import re
import unicodedata
from datetime import datetime
from uuid import UUID

from domain.errors import Invalid
from domain.events import Rows
from domain.fact import fact

EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]+\.[^@\s\x00-\x1f\x7f.]+")
LONGEST_EMAIL = 254
"""RFC 5321, 4.5.3.1.3, less the angle brackets."""
LONGEST_NAME = 200

LOGIN = "INSERT INTO logins (email_key, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"
PERSON = """
INSERT INTO people (tenant_id, user_id, email, full_name, password_hash, registered_at, language)
VALUES ($1, $1, $2, $3, $4, $5, $6)
"""
LABEL = "INSERT INTO labels (tenant_id, id, name) VALUES ($1, $2, $3)"


@fact
class Newcomer:
    """Somebody who registers, as she will be kept. `language`: in which she is written to."""

    email: str
    full_name: str
    company_name: str
    language: str = "ru"

    def __repr__(self) -> str:
        return "Newcomer(***)"


def checked(email: str, full_name: str, company_name: str | None) -> Newcomer:
    """Raises Invalid, naming the field."""
    return Newcomer(
        email=email_of(email),
        full_name=name_of(full_name, "full_name"),
        company_name=name_of(full_name if company_name is None else company_name, "company_name"),
    )


def registering(
    person: UUID, newcomer: Newcomer, email_key: bytes, password_hash: str, at: datetime
) -> Rows:
    """The address comes first: it is the row that may be there already."""
    who = (person, newcomer.email, newcomer.full_name)
    return [
        (LOGIN, (email_key, person)),
        (PERSON, (*who, password_hash, at, newcomer.language)),
    ]


def email_of(text: str) -> str:
    """As it is kept. Raises Invalid."""
    email = unicodedata.normalize("NFKC", text).strip()
    if len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email):
        raise Invalid("Enter an e-mail address such as anna@example.com.", field="email")
    return email


def name_of(text: str, field: str) -> str:
    """As it is kept. Raises Invalid."""
    name = unicodedata.normalize("NFC", text).strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(f"Enter a name of 1 to {LONGEST_NAME} characters.", field=field)
    if any(unicodedata.category(each) == "Cc" for each in name):
        raise Invalid("A name has no control characters and no line breaks.", field=field)
    return name
