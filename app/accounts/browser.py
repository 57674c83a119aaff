"""A browser's session: a cookie that says nothing, checked against the database on every request.

It is `bs_<person, 32 hex>_<secret, 43 characters>`, of which only the SHA-256 is kept; the person
says where to look, and proves nothing. It ends after fourteen idle days, after thirty in any case,
at the sign-out, and when its person leaves the company or is erased.
"""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Request

from app.accounts.accounts import Accounts
from app.accounts.sessions import LIFE, Session, digest, origin_of
from app.web.console import Signed, cookie_of
from app.web.door import door_of
from domain.access import Role, TenantScope
from domain.events import Rows
from domain.ids import uuid7

NAME = "session"
IDLE = timedelta(days=14)
TOUCH = timedelta(hours=1)
"""How far `seen_at` may lag behind: a page is not worth a write."""

FORMAT = re.compile(r"bs_([0-9a-f]{32})_[A-Za-z0-9_-]{43}")

_BEGIN = """
INSERT INTO sessions
  (tenant_id, session_id, company_id, started_at, expires_at, token_hash, seen_at)
VALUES ($1, $2, $3, $4, $5, $6, $4)
"""
_LIVE = """
SELECT s.session_id, s.company_id, s.seen_at, p.staff FROM sessions s
JOIN people p ON p.tenant_id = s.tenant_id AND p.user_id = s.tenant_id
WHERE s.tenant_id = $1 AND s.token_hash = $2
  AND s.ended_at IS NULL AND s.expires_at > $3 AND s.seen_at > $4
"""
_PLACE = """
SELECT m.role, coalesce(l.name, '') AS name FROM members m
LEFT JOIN labels l ON l.tenant_id = m.tenant_id AND l.id = m.tenant_id
WHERE m.tenant_id = $1 AND m.user_id = $2
"""
_SEEN = "UPDATE sessions SET seen_at = $3 WHERE tenant_id = $1 AND session_id = $2"


def begin(person: UUID, company: UUID, at: datetime) -> tuple[Session, Rows]:
    """A new session, and the row that makes it so. Its token is new each time: what a browser had
    before the sign-in, or was made to have, is worth nothing after it."""
    token = f"bs_{person.hex}_{secrets.token_urlsafe(32)}"
    session = Session(person=person, company=company, id=uuid7(at), token=token)
    return session, [(_BEGIN, (person, session.id, company, at, at + LIFE, digest(token)))]


async def signed_in(accounts: Accounts, request: Request[Any, Any, Any]) -> Signed | None:
    """Whose session the request's cookie names. A bearer token is not looked at: a browser never
    sends one by itself, and a program has no cookie."""
    token = cookie_of(request, NAME)
    known = FORMAT.fullmatch(token)
    if known is None:
        return None
    person, now = UUID(known[1]), accounts.clock()
    async with accounts.people.driver() as driver:
        row = await driver.fetchrow(_LIVE, person, digest(token), now, now - IDLE)
        place = row and await driver.fetchrow(_PLACE, row["company_id"], person)
        if place is None:
            return None
        if now - row["seen_at"] > TOUCH:
            await driver.execute(_SEEN, person, row["session_id"], now)
    return Signed(
        scope=TenantScope(tenant=row["company_id"], person=person, role=Role(place["role"])),
        origin=origin_of(door_of(request), person),
        session=row["session_id"],
        company=place["name"],
        staff=row["staff"],
    )
