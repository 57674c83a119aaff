"""Exports of the audit log: recorded, sealed, then streamed page by page in constant memory.

The fact that somebody took an export is recorded first, so the export tells of itself; then a fresh
seal fixes where it ends, however slowly it is read. An extract has no seal, and ends where the log
did.
"""

import hashlib
from collections.abc import AsyncIterator, Collection
from datetime import datetime
from uuid import UUID

from app.asker import Asker
from app.audit.entries import Wanted
from app.audit.export.as_csv import Csv
from app.audit.export.as_json import FORMAT, JsonExtract, JsonLines, parts
from app.audit.export.asked import FILTERS, Wish
from app.audit.export.extract import Extract, chosen, is_extract, picked
from app.audit.export.facts import tell
from app.audit.export.form import Form, Statement
from app.audit.export.proven import SEALS, proven
from app.audit.export.read import Cut, between, newest, pages, seals, whole
from app.audit.filters import wanted_of
from app.audit.reader import Decode
from app.audit.seal import Seal, Sealing, canonical, moment, signed
from app.handle import Handle
from app.history import History
from app.read_models import Database
from app.web.query import WrongQuery
from domain import fleet, tenant
from domain.access import TenantScope
from domain.errors import Invalid
from domain.fact import fact
from domain.ports import Clock

MEDIA_TYPES = {"jsonl": "application/jsonl; charset=utf-8", "csv": "text/csv"}


@fact
class Export:
    """One that was begun: what is in it will not change any more."""

    scope: TenantScope
    wish: Wish
    at: datetime
    content: Statement | Extract

    @property
    def filename(self) -> str:
        """With the tenant and the day."""
        kind = "audit-extract" if isinstance(self.content, Extract) else "audit"
        return f"{kind}-{self.scope.tenant}-{self.at:%Y-%m-%d}.{self.wish.format}"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.wish.format]

    def form(self) -> Form:
        """A new one: it counts what it writes."""
        content, language = self.content, self.wish.language
        if self.wish.format == "csv":
            return Csv(content, language)
        if isinstance(content, Extract):
            return JsonExtract(content, language)
        return JsonLines(content)


@fact
class Exports:
    """Everything that making one takes. Implements `Reader`."""

    database: Database
    handle: Handle
    history: History
    sealing: Sealing
    clock: Clock
    decode: Decode
    actions: Collection[str]

    async def wanted(self, scope: TenantScope, wish: Wish) -> Wanted:
        """What a wish means in this company. Raises WrongQuery."""
        try:
            return await wanted_of(self, scope, wish.filter, wish.order, of="")
        except Invalid as wrong:
            raise WrongQuery(str(wrong), field=wrong.field) from wrong

    async def record(self, asker: Asker, wish: Wish, wanted: Wanted) -> None:
        """Raises UnknownTenant."""
        of = fleet if asker.scope.tenant == fleet.FLEET else tenant
        command = of.ExportAudit(
            format=wish.format,
            since=wanted.since,
            until=wanted.until,
            filter=chosen(wish.filter, wanted),
        )
        await asker.tell(self.handle, command)

    async def begin(self, scope: TenantScope, wish: Wish, wanted: Wanted) -> Export:
        """Fix what will be in it."""
        at = self.clock()
        if is_extract(wanted):
            high = await newest(self.database, scope)
            asked = _asked(scope.tenant, wish, wanted, at) | _narrowed(wish)
            content: Statement | Extract = Extract(wanted=wanted, asked=asked, high=high)
        else:
            content = await self._stated(scope, wish, wanted)
        return Export(scope=scope, wish=wish, at=at, content=content)

    async def _stated(self, scope: TenantScope, wish: Wish, wanted: Wanted) -> Statement:
        """Seal, and sign what will be in it."""
        seal = await self.sealing(scope.tenant)
        cut = await self._cut(scope, wish, wanted, seal)
        said = {
            **_asked(scope.tenant, wish, wanted, self.clock()),
            "format": FORMAT,
            "seal": {"number": seal.number, "sha256": hashlib.sha256(seal.body).hexdigest()},
            "between": cut.between,
            "streams": parts(cut),
        }
        body, signer = canonical(said), self.sealing.signer
        return Statement(
            body=body,
            signature=signer.sign(signed(FORMAT, body)),
            public=signer.public,
            cut=cut,
            number=seal.number,
            seal=seal.signature,
        )

    async def _cut(self, scope: TenantScope, wish: Wish, wanted: Wanted, seal: Seal) -> Cut:
        """A CSV proves nothing: it keeps to the times that were asked for."""
        database = self.database
        if wanted.since is wanted.until is None:
            return await whole(database, scope, seal)
        exact = await between(database, scope, seal.heads, wanted.since, wanted.until)
        if wish.format == "csv":
            return exact
        return await proven(database, scope, seal, exact, wanted)

    async def stream(self, export: Export) -> AsyncIterator[bytes]:
        """The bytes of the file. Nothing is held between two pieces, so whoever stops listening
        leaves nothing open."""
        database, scope, content, form = self.database, export.scope, export.content, export.form()
        yield form.begin()
        if isinstance(content, Statement):
            number = 0
            while rows := await seals(database, scope, number, SEALS, content.number):
                yield form.seals(rows)
                number = rows[-1].number
            found = pages(database, scope, content.cut)
        else:
            found = picked(database, scope, content)
        async for page in found:
            yield form.facts(await tell(self, scope, export.wish.language, page))
        yield form.end()


def _asked(tenant_id: UUID, wish: Wish, wanted: Wanted, at: datetime) -> dict[str, object]:
    return {
        "tenant": str(tenant_id),
        "since": wanted.since and moment(wanted.since),
        "until": wanted.until and moment(wanted.until),
        "made_at": moment(at),
        "language": wish.language,
    }


def _narrowed(wish: Wish) -> dict[str, object]:
    return {"order": wish.order.value, **{each: getattr(wish.filter, each) for each in FILTERS}}
