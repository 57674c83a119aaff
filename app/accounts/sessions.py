"""Sessions: one per sign-in, kept alive by refresh tokens that are good for one use each.

A refresh token is `rt_<person, 32 hex>_<secret, 43 characters>`; only its SHA-256 is kept. One that
comes a second time ends the session for whoever holds a token of it: one of the two is a thief.
(Ten seconds of grace for two tabs were refused: browsers have sessions of their own.)
"""

import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.accounts.accounts import Accounts
from app.web.door import Door
from domain.events import Origin, Rows
from domain.fact import fact
from domain.ids import uuid7
from domain.secrecy import NotSignedIn

LIFE = timedelta(days=30)
"""Then one signs in again, however busy the session was."""

FORMAT = re.compile(r"rt_([0-9a-f]{32})_[A-Za-z0-9_-]{43}")

BEGIN = """
INSERT INTO sessions (tenant_id, session_id, company_id, started_at, expires_at)
VALUES ($1, $2, $3, $4, $5)
"""
END = """
UPDATE sessions SET ended_at = $3 WHERE tenant_id = $1 AND session_id = $2 AND ended_at IS NULL
"""
ISSUE = """
INSERT INTO refresh_tokens (tenant_id, token_hash, session_id, issued_at) VALUES ($1, $2, $3, $4)
"""
# A request may lead to several commands; its origin is the same each time.
ORIGIN = """
INSERT INTO origins (tenant_id, correlation_id, ip, agent, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, correlation_id) DO UPDATE SET at = origins.at
"""
_USE = """
UPDATE refresh_tokens t SET used_at = $3 FROM sessions s
WHERE t.tenant_id = $1 AND t.token_hash = $2 AND t.used_at IS NULL
  AND s.tenant_id = t.tenant_id AND s.session_id = t.session_id
  AND s.ended_at IS NULL AND s.expires_at > $3
RETURNING s.session_id, s.company_id
"""
_LOOK = """
SELECT s.session_id, s.ended_at IS NULL AND s.expires_at > $3 AS alive
FROM refresh_tokens t JOIN sessions s USING (tenant_id, session_id)
WHERE t.tenant_id = $1 AND t.token_hash = $2
"""


class SessionEnded(NotSignedIn):
    """This session has ended. Sign in again."""


class Stolen(Exception):
    """A refresh token came back after it was used: somebody else holds it too."""

    def __init__(self, session: UUID) -> None:
        self.session = session


@fact
class Session:
    """A live one, and the token that keeps it alive: a refresh token, or a browser's cookie."""

    person: UUID
    company: UUID
    id: UUID
    token: str

    def __repr__(self) -> str:
        return f"Session({self.id})"


def begin(person: UUID, company: UUID, at: datetime) -> tuple[Session, Rows]:
    """A new session, and the rows that make it so."""
    token = _fresh(person)
    session = Session(person=person, company=company, id=uuid7(at), token=token)
    return session, [
        (BEGIN, (person, session.id, company, at, at + LIFE)),
        (ISSUE, (person, digest(token), session.id, at)),
    ]


def end(person: UUID, session: UUID, at: datetime) -> Rows:
    """Nobody gets in with it any more, from the next request on."""
    return [(END, (person, session, at))]


async def renew(accounts: Accounts, token: str) -> Session:
    """Swap a refresh token for its successor. Raises NotSignedIn, SessionEnded or Stolen."""
    known = FORMAT.fullmatch(token)
    if not known:
        raise NotSignedIn
    person, now = UUID(known[1]), accounts.clock()
    after = _fresh(person)
    async with accounts.people.writing() as driver:
        row = await driver.fetchrow(_USE, person, digest(token), now)
        if row is None:
            raise _useless(await driver.fetchrow(_LOOK, person, digest(token), now))
        await driver.execute(ISSUE, person, digest(after), row["session_id"], now)
    return Session(person=person, company=row["company_id"], id=row["session_id"], token=after)


def _useless(row: Mapping[str, Any] | None) -> Exception:
    """Why a token cannot be used: nobody's, its session's end, or a theft."""
    if row is None:
        return NotSignedIn()
    return Stolen(row["session_id"]) if row["alive"] else SessionEnded()


def _fresh(person: UUID) -> str:
    return f"rt_{person.hex}_{secrets.token_urlsafe(32)}"


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def origin_of(door: Door, person: UUID) -> Origin:
    """How facts name this request."""
    cause = f"request:{door.correlation}"
    return Origin(source="user", actor=person, correlation=door.correlation, causation=cause)


def origins(door: Door, at: datetime, *tenants: UUID) -> Rows:
    """Where a request came from, kept beside the facts and deletable, for each tenant concerned."""
    return [(ORIGIN, (each, door.correlation, door.ip, door.agent, at)) for each in tenants]
