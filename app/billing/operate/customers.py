"""Companies and their plans, for those who run the servers: those whose payment failed first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from msgspec import Meta
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    Text,
    Uuid,
    and_,
    column,
    func,
    literal_column,
    select,
    table,
    true,
    tuple_,
)

from app.billing.read import CUSTOMER, CUSTOMERS, SUBSCRIPTIONS, held_of
from app.read_models import Database
from domain.access import Everyone
from domain.entitlement import Held
from domain.fact import fact
from domain.ids import id_in
from domain.standing import GRACE

LAST = "\U0010ffff"
"""No letter stands behind it."""

_labels = table(
    "labels", *(column(each, Uuid) for each in ("tenant_id", "id")), column("name", Text)
)
_NEVER = literal_column("'infinity'::timestamptz", DateTime(timezone=True))
_TROUBLE = func.coalesce(SUBSCRIPTIONS.c.grace_until, _NEVER)
_COMPANY = SUBSCRIPTIONS.c.tenant_id
_COMPANIES = SUBSCRIPTIONS.outerjoin(
    _labels, and_(_labels.c.tenant_id == _COMPANY, _labels.c.id == _COMPANY)
)


class Key(NamedTuple):
    """After which company a page begins: `grace` is the end of its waiting for a payment."""

    grace: Annotated[datetime, Meta(tz=True)] | None
    tenant: UUID


@fact
class CustomerRow:
    """`company` is its name, `customer` what the provider calls it; `since`: when it came."""

    tenant_id: UUID
    company: str
    customer: str | None
    held: Held
    since: datetime

    @property
    def trouble(self) -> datetime | None:
        """Since when a payment is awaited that failed."""
        until = self.held.standing.grace_until
        return until - GRACE if until else None

    @property
    def key(self) -> Key:
        """For the page after it."""
        return Key(self.held.standing.grace_until, self.tenant_id)


async def customers(
    database: Database, scope: Everyone, search: str | None, after: Key | None, limit: int
) -> Sequence[CustomerRow]:
    """Those that a search means, from after this key on."""
    columns = select(SUBSCRIPTIONS, _labels.c.name.label("company"), CUSTOMER.c.customer)
    query = _found(columns.select_from(_COMPANIES.outerjoin(CUSTOMER, true())), search)
    if after is not None:
        grace = _NEVER if after.grace is None else after.grace
        query = query.where(tuple_(_TROUBLE, _COMPANY) > tuple_(grace, after.tenant))
    query = query.order_by(_TROUBLE, _COMPANY).limit(limit)
    async with database.reading(scope) as connection:
        return [_row(row) for row in (await connection.execute(query)).mappings()]


async def count_customers(
    database: Database, scope: Everyone, search: str | None, most: int
) -> int:
    """How many they are; `most` + 1 means more than that."""
    companies = select(_COMPANY).select_from(_COMPANIES)
    few = _found(companies, search).limit(most + 1).subquery()
    async with database.reading(scope) as connection:
        found: int = (await connection.execute(select(func.count()).select_from(few))).scalar_one()
    return found


def _found(query: Select[Any], search: str | None) -> Select[Any]:
    return query.where(_meant(search)) if search else query


def _meant(search: str) -> ColumnElement[bool]:
    """A company's id, that of a customer which it is or was, a subscription's; else how a name
    begins, in small letters."""
    if (ident := id_in(search)) is not None:
        return SUBSCRIPTIONS.c.tenant_id == ident
    if search.startswith("cus_"):
        return _COMPANY.in_(select(CUSTOMERS.c.tenant_id).where(CUSTOMERS.c.customer == search))
    if search.startswith("sub_"):
        return SUBSCRIPTIONS.c.subscription == search
    folded, begin = func.lower(_labels.c.name), search.lower()
    return and_(folded.op("~>=~")(begin), folded.op("~<~")(f"{begin}{LAST}"))


def _row(row: Any) -> CustomerRow:  # noqa: ANN401 - a row's columns by name
    return CustomerRow(
        tenant_id=row["tenant_id"],
        company=row["company"] or "",
        customer=row["customer"],
        held=held_of(row),
        since=row["since"],
    )
