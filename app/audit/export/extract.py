"""What filters pick from the log, or what begins with the newest: in the pages of the API.

It proves nothing: of a fact that is not there nobody can say whether it was there before.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

from app.audit.entries import Wanted, page
from app.audit.export.read import PAGE, StoredFact
from app.audit.filters import AuditFilter
from app.read_models import Database
from domain.access import TenantScope
from domain.fact import fact
from domain.table.words import Words

FORMAT = "stock-tracker.audit-extract/1"
"""Of the file."""
PROVES_NOTHING = Words(
    ru="Это выборка, она ничего не доказывает. Проверить можно выгрузку format=jsonl, в которой "
    "выбрано только время, и старые записи стоят первыми",
    en="This is an extract, which proves nothing. What can be verified is an export with "
    "format=jsonl that is narrowed by time alone, the oldest first",
)


@fact
class Extract:
    """`asked`: the filters as they were given. What stands above `high` was recorded later."""

    wanted: Wanted
    asked: Mapping[str, object]
    high: int


def is_extract(wanted: Wanted) -> bool:
    """Narrowed by more than time, or not in the order in which facts are chained."""
    return not wanted.oldest_first or any(one is not None for one in _narrowing(wanted).values())


def chosen(asked: AuditFilter, wanted: Wanted) -> str | None:
    """The filters besides time, for the record. Actions as they were asked for; targets by their
    ids, for a name must be deletable."""
    told = {**_narrowing(wanted), "action": asked.action}
    parts = (f"{name}={_listed(one)}" for name, one in told.items() if one is not None)
    return " ".join(parts) or None


async def picked(
    database: Database, scope: TenantScope, extract: Extract
) -> AsyncIterator[list[StoredFact]]:
    """About a thousand facts at a time. No transaction outlives a page."""
    wanted = extract.wanted
    while rows := await page(database, scope, wanted, PAGE, StoredFact):
        yield [row for row in rows if row.position <= extract.high]
        if len(rows) < PAGE:  # what is recorded meanwhile must not keep it going
            return
        wanted = replace(wanted, after=(rows[-1].at, rows[-1].position))


def _narrowing(wanted: Wanted) -> Mapping[str, object]:
    return {
        "actor": wanted.actor,
        "action": wanted.actions,
        "target": wanted.targets,
        "source": wanted.source,
        "correlation": wanted.correlation,
    }


def _listed(one: object) -> str:
    return (",".join(map(str, one)) or "none") if isinstance(one, list | tuple) else str(one)
