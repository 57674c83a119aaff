"""Exports of the audit log: recorded, sealed, then streamed page by page in constant memory.

The fact that somebody took an export is recorded first, so the export tells of itself; then a fresh
seal fixes where it ends, however slowly it is read.
"""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from app.asker import Asker
from app.audit.export.as_csv import Csv
from app.audit.export.as_json import FORMAT, JsonLines, parts
from app.audit.export.asked import Wish
from app.audit.export.facts import Decode, tell
from app.audit.export.form import Form, Statement
from app.audit.export.proven import SEALS, proven
from app.audit.export.read import Cut, between, pages, seals, whole
from app.audit.seal import Seal, Sealing, canonical, moment, signed
from app.handle import Handle
from app.read_models import Database
from domain import tenant
from domain.access import TenantScope
from domain.fact import fact
from domain.ports import Clock

MEDIA_TYPES = {"jsonl": "application/jsonl; charset=utf-8", "csv": "text/csv"}


@fact
class Export:
    """One that was begun: what is in it will not change any more."""

    scope: TenantScope
    wish: Wish
    at: datetime
    statement: Statement

    @property
    def filename(self) -> str:
        """With the tenant and the day."""
        return f"audit-{self.scope.tenant}-{self.at:%Y-%m-%d}.{self.wish.format}"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.wish.format]


@fact
class Exports:
    """Everything that making one takes."""

    database: Database
    handle: Handle
    sealing: Sealing
    clock: Clock
    decode: Decode

    async def record(self, asker: Asker, wish: Wish) -> None:
        """Raises UnknownTenant."""
        command = tenant.ExportAudit(format=wish.format, since=wish.since, until=wish.until)
        await asker.tell(self.handle, command)

    async def begin(self, scope: TenantScope, wish: Wish) -> Export:
        """Seal, and sign what will be in it."""
        seal = await self.sealing(scope.tenant)
        at = self.clock()
        cut = await self._cut(scope, wish, seal)
        body = canonical(_says(scope.tenant, wish, at, seal, cut))
        signer = self.sealing.signer
        statement = Statement(
            body=body,
            signature=signer.sign(signed(FORMAT, body)),
            public=signer.public,
            cut=cut,
            number=seal.number,
            seal=seal.signature,
        )
        return Export(scope=scope, wish=wish, at=at, statement=statement)

    async def _cut(self, scope: TenantScope, wish: Wish, seal: Seal) -> Cut:
        """A CSV proves nothing: it keeps to the times that were asked for."""
        database = self.database
        if wish.since is wish.until is None:
            return await whole(database, scope, seal)
        exact = await between(database, scope, seal.heads, wish.since, wish.until)
        if wish.format == "csv":
            return exact
        return await proven(database, scope, seal, exact, wish)

    async def stream(self, export: Export) -> AsyncIterator[bytes]:
        """The bytes of the file. Nothing is held between two pieces, so whoever stops listening
        leaves nothing open."""
        scope, statement, language = export.scope, export.statement, export.wish.language
        form: Form = Csv(language) if export.wish.format == "csv" else JsonLines()
        yield form.begin(statement)
        number = 0
        while rows := await seals(self.database, scope, number, SEALS, statement.number):
            yield form.seals(rows)
            number = rows[-1].number
        async for page in pages(self.database, scope, statement.cut):
            yield form.facts(await tell(self.database, scope, self.decode, language, page))
        yield form.end(statement)


def _says(tenant_id: UUID, wish: Wish, at: datetime, seal: Seal, cut: Cut) -> dict[str, object]:
    return {
        "format": FORMAT,
        "tenant": str(tenant_id),
        "since": wish.since and moment(wish.since),
        "until": wish.until and moment(wish.until),
        "made_at": moment(at),
        "language": wish.language,
        "seal": {"number": seal.number, "sha256": hashlib.sha256(seal.body).hexdigest()},
        "between": cut.between,
        "streams": parts(cut),
    }
