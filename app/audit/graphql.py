"""The audit log as callers read it."""

from dataclasses import replace

import strawberry

from app.audit import entries
from app.audit.entries import FactRow
from app.audit.facts import Opened, opened
from app.audit.filters import AuditFilter, AuditOrder, place, wanted_of
from app.audit.more import More
from app.audit.shown import AuditEntry, entry_of
from app.graphql.connection import COUNTED, Connection, Edge, connection, cursor, page_size
from app.graphql.context import Info
from app.graphql.fields import query
from app.graphql.language import Language
from domain.access import Role


@strawberry.type
class Query:
    @query(Role.VIEWER, "Facts of the company, by the time they were recorded; 1 to 100 a page.")
    async def audit_log(  # noqa: PLR0913, PLR0917 - the arguments of the field
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        language: Language | None = None,
        filter: AuditFilter | None = None,  # noqa: A002 - its name in the API
        order: AuditOrder = AuditOrder.NEWEST,
    ) -> Connection[AuditEntry]:
        size, context = page_size(first), info.context
        database, scope = context.ports.database, context.scope
        wanted = await wanted_of(context.ports, scope, filter or AuditFilter(), order)
        following = wanted if after is None else replace(wanted, after=place(after))
        rows = await entries.page(database, scope, following, size + 1, FactRow)
        facts = opened(rows, context.ports.decode)
        more = More(
            context.ports, scope, facts[:size], language.value if language else context.language
        )
        names = await more.names(set().union(*(each.ids() for each in facts)))

        async def count() -> int:
            return await entries.count(database, scope, wanted, COUNTED)

        def edge_of(each: Opened) -> Edge[AuditEntry]:
            here = cursor(each.row.at, each.row.position)
            return Edge(cursor=here, node=entry_of(each, names, more))

        return connection(facts, size, after, edge_of, count)
