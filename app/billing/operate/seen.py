"""What the operator's pages of payments show."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.billing.operate.asking import FIELDS, wanted_of
from app.billing.operate.customers import Key, customers
from app.billing.operate.office import At, Office, ident
from app.billing.operate.words import KINDS, REASONS, STATES, differences
from app.billing.reconcile import Drift
from app.graphql.connection import cursor, key_of, text
from app.staff import CONSOLE, everyone, inside
from app.web.console import Visitor
from app.web.console.links import links
from domain.access import Everyone
from domain.entitlement import access
from domain.errors import Invalid, Outside
from domain.inbox_port import COUNTED, EventKey, State, Wanted
from domain.plan import Plan
from domain.tenant import UnknownTenant

PAGE = 50
PATH, INBOX, DRIFT = "/operate/billing", "/operate/billing/inbox", "/operate/billing/drift"


async def looking(office: Office, visitor: Visitor) -> Everyone:
    """All companies, on record."""
    return await everyone(office.handle, visitor.asker, visitor.now.date(), CONSOLE)


async def customers_values(
    office: Office, visitor: Visitor, search: str, after: str
) -> Mapping[str, object]:
    """Companies, and what of the messages is not done."""
    scope, said, sought = await looking(office, visitor), "", None
    try:
        sought = text(search, "q")
    except Invalid:
        said = visitor.say("Search for at most 200 letters and figures.")
    last = key_of(after, Key) if after else None
    rows = await customers(office.database, scope, sought, last, PAGE + 1)
    link = links(PATH, {"q": search})
    return {
        "rows": [(row, access(row.held, visitor.now)) for row in rows[:PAGE]],
        "q": search,
        "said": said,
        "begun": bool(after),
        "first": link(),
        "next": link(after=cursor(*rows[PAGE - 1].key)) if len(rows) > PAGE else "",
        "backlog": await office.backlog(),
        "counted": COUNTED,
        "reasons": REASONS,
    }


async def company_values(office: Office, visitor: Visitor, company: UUID) -> Mapping[str, object]:
    """One company, and what can be granted to it; that she looked is on record there. Raises
    UnknownTenant."""
    scope = await looking(office, visitor)
    await inside(office.handle, visitor.asker, visitor.now.date(), company, CONSOLE)
    found = await customers(office.database, scope, str(company), None, 1)
    if not found:
        raise UnknownTenant
    return {
        "row": found[0],
        "name": found[0].company or str(company),
        "billed": found[0].held.standing.billed,
        "force": access(found[0].held, visitor.now),
        "plans": [each for each in Plan if each is not Plan.FREE],
        "reasons": REASONS,
        "wrong": {},
        "typed": {},
    }


async def inbox_values(
    office: Office, visitor: Visitor, typed: Mapping[str, str], after: str
) -> Mapping[str, Any]:
    """`wrong`: with which field, in words; then nothing is looked for."""
    scope, rows, wrong, wanted = await looking(office, visitor), [], {}, Wanted()
    try:
        wanted = wanted_of(typed, visitor.zone)
        last = key_of(after, At) if after else None
        rows = [*await office.messages(scope, wanted, PAGE + 1, last)]
    except Invalid as no:
        if no.field not in FIELDS:
            raise
        wrong = {no.field: visitor.heard(str(no))}
    link = links(INBOX, typed)
    return {
        "rows": [(row, ident(row.key)) for row in rows[:PAGE]],
        "typed": typed,
        "chosen": any(typed.values()),
        "wrong": dict.fromkeys(FIELDS, "") | wrong,
        "begun": bool(after),
        "first": link(),
        "next": link(after=cursor(*rows[PAGE - 1].place)) if len(rows) > PAGE else "",
        "failed": links(INBOX, {})(state=State.FAILED),
        "states": STATES,
        "replays": wanted.since is not None and bool(rows),
    }


async def message_values(
    office: Office, visitor: Visitor, key: EventKey, body: str | None = None
) -> Mapping[str, object]:
    """One message; what it says where it was opened."""
    row = await office.message(await looking(office, visitor), key)
    return {
        "row": row,
        "id": ident(key),
        "state": STATES[row.state],
        "again": row.state not in NEVER,
        "body": pretty(body) if body is not None else None,
        "wrong": "",
        "reason": "",
    }


NEVER = frozenset({State.OTHER_MODE, State.OTHER_ACCOUNT})
"""What cannot be worked on: what is not of ours."""


async def drift_values(office: Office, visitor: Visitor) -> Mapping[str, object]:
    """Where Stripe and we differ at this moment; `away`: why that is not known."""
    await looking(office, visitor)
    try:
        found = await office.differs()
    except Outside as no:
        return _drift(visitor, (), away=visitor.heard(str(no)))
    return _drift(visitor, found)


async def mended_values(office: Office, visitor: Visitor) -> Mapping[str, object]:
    """The same, where each such company is now looked at anew. Raises Unavailable."""
    await looking(office, visitor)
    found = await office.mend(visitor.asker)
    return _drift(visitor, found, asked=sum(each.to_look_at is not None for each in found))


def _drift(
    visitor: Visitor, found: Sequence[Drift], *, away: str = "", asked: int | None = None
) -> Mapping[str, object]:
    return {
        "rows": [(each, differences(each, visitor)) for each in found],
        "kinds": KINDS,
        "away": away,
        "asked": asked,
    }


def pretty(body: str) -> str:
    """JSON with a line for each value; what is none as it is."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return body
