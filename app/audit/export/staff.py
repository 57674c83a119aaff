"""Exports from the command line, by who runs the servers: on record, with the reason."""

import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

from app.asker import Asker
from app.audit.export import Exports
from app.audit.export.asked import Wish
from domain import tenant
from domain.access import Role, TenantScope
from domain.errors import Invalid
from domain.events import Origin

LONGEST_REASON = 200
PRIVATE = 0o600


async def export_for_staff(
    exports: Exports, company: UUID, reason: str, wish: Wish, to: str | None
) -> None:
    """To a file that is there whole or not at all, or to the standard output.

    Raises UnknownTenant, or Invalid for a reason that says nothing or names somebody.
    """
    scope = TenantScope(tenant=company, person=uuid4(), role=Role.OWNER)
    origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:audit export")
    asker = Asker(scope=scope, origin=origin)
    await asker.tell(exports.handle, tenant.ReadAsStaff(reason=_reason(reason)))
    await exports.record(asker, wish)
    pieces = exports.stream(await exports.begin(scope, wish))
    if to in (None, "-"):
        async for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    else:
        await _written(pieces, Path(to))


async def _written(pieces: AsyncIterator[bytes], to: Path) -> None:
    unfinished = to.with_name(f"{to.name}.part")
    try:
        unfinished.touch(PRIVATE)
        with unfinished.open("wb") as file:
            async for piece in pieces:
                file.write(piece)
        unfinished.replace(to)
    finally:
        unfinished.unlink(missing_ok=True)


def _reason(text: str) -> str:
    """It stays in a fact for ever, where no person may be named."""
    reason = " ".join(text.split())
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        message = f"Give a reason of 1 to {LONGEST_REASON} characters, such as a ticket's number."
        raise Invalid(message, field="--reason")
    if re.search(r"\S@\S", reason):
        message = "The reason stays for ever: name a ticket there, never a person or her address."
        raise Invalid(message, field="--reason")
    return reason
