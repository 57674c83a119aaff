"""What the companies and shops of runs are called, and where a shop's sheet is."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Text, Uuid, column, select, table

from app.read_models import Database
from app.runs.read import RunRow
from domain.access import Scope
from domain.table.link import SHEET

_labels = table(
    "labels", *(column(each, Uuid) for each in ("tenant_id", "id")), column("name", Text)
)
_shops = table(
    "shops",
    *(column(each, Uuid) for each in ("tenant_id", "shop_id")),
    column("spreadsheet_id", Text),
)


async def names_of(database: Database, scope: Scope, runs: Sequence[RunRow]) -> Mapping[UUID, str]:
    """By id of a company or shop; one without a name is missing."""
    companies = {each.tenant_id for each in runs}
    ids = companies | {each.shop_id for each in runs if each.shop_id}
    named = _labels.c.tenant_id.in_(companies), _labels.c.id.in_(ids)
    async with database.reading(scope) as connection:
        rows = await connection.execute(select(_labels.c.id, _labels.c.name).where(*named))
        return {ident: name for ident, name in rows if name}


async def sheet_of(database: Database, scope: Scope, run: RunRow) -> str:
    """Where the sheet of the run's shop opens; nothing for a shop without one."""
    this = _shops.c.tenant_id == run.tenant_id, _shops.c.shop_id == run.shop_id
    async with database.reading(scope) as connection:
        found = await connection.execute(select(_shops.c.spreadsheet_id).where(*this))
        spreadsheet_id = found.scalar()
    return SHEET.format(spreadsheet_id) if spreadsheet_id else ""
