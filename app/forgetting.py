"""Secrets that nothing of a company names any more: they go with the fact that replaced them."""

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any
from uuid import UUID

from app.handle import RowsOf
from domain import tenant
from domain.events import Rows

# One that is gone already is no reason to refuse: hence the SELECT, which always finds its row.
FORGET = """
WITH gone AS (DELETE FROM secrets WHERE tenant_id = $1 AND secret_id = $2) SELECT 1
"""


def forgetting(company: UUID, *sealed: tuple[str, Sequence[Any]]) -> RowsOf:
    """What was sealed for the change goes with it, and what nothing names any more is dropped."""

    def rows(before: tenant.Tenant, events: Sequence[tenant.Event]) -> Rows:
        return [*sealed, *_forgotten(company, before, events)]

    return rows


def _forgotten(
    company: UUID, before: tenant.Tenant, events: Sequence[tenant.Event]
) -> Iterator[tuple[str, Sequence[Any]]]:
    after = reduce(tenant.evolve, events, before)
    for secret_id in sorted(_secrets(before) - _secrets(after)):
        yield FORGET, (company, secret_id)


def _secrets(of: tenant.Tenant) -> frozenset[UUID]:
    return frozenset[UUID]().union(*(each.secrets for each in of.shops.values()))
