"""What stands beside the facts of a page: what they changed, what led to them, where from."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.audit import causes, changes
from app.audit.causes import Cause
from app.audit.changes import Change
from app.audit.facts import Opened
from app.audit.once import Once
from app.audit.origins import OriginRow, origins_of
from app.audit.read import names_of
from app.audit.reader import Reader
from app.audit.sentences import Names
from domain.access import Role, TenantScope


class More:
    """Read once for all facts of a page, and only if somebody asks. By position, origins by
    correlation."""

    def __init__(
        self, reader: Reader, scope: TenantScope, facts: Sequence[Opened], language: str
    ) -> None:
        self._reader, self._scope, self._facts = reader, scope, facts
        self._language = language
        self.changes = Once(self._changes)
        self.causes = Once(self._causes)
        self.origins = Once(self._origins)

    async def _changes(self) -> Mapping[int, list[Change]]:
        rows = [each.row for each in self._facts]
        found = await changes.differences_of(self._reader, self._scope, rows)
        names = await self.names(changes.ids_in(found))
        return {
            position: [changes.change_of(each, names) for each in several]
            for position, several in found.items()
        }

    async def _causes(self) -> Mapping[int, list[Cause]]:
        chains = await causes.chains_of(self._reader, self._scope, self._facts)
        signers = {each.row.actor_id for each in self._facts if each.row.actor_id}
        names = await self.names(causes.ids_in(chains) | signers)
        return {
            each.row.position: causes.causes(each, chains[each.row.position], names)
            for each in self._facts
        }

    async def _origins(self) -> Mapping[UUID, OriginRow]:
        """Addresses are personal data: for those who answer for the company."""
        if self._scope.role not in (Role.OWNER, Role.ADMIN):
            return {}
        correlations = {each.row.correlation_id for each in self._facts}
        return await origins_of(self._reader.database, self._scope, correlations)

    async def names(self, wanted: set[UUID]) -> Names:
        """In the page's language."""
        known = await names_of(self._reader.database, self._scope, wanted)
        return Names(known=known, language=self._language)
