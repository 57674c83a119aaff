"""The audit log as a page: every change as a sentence, with what it changed and what led to it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery
from litestar.response import Stream

from app.asker import Asker
from app.audit import entries
from app.audit.asking import FIELDS, Asked, asked, following, typed, wanted
from app.audit.causes import Cause
from app.audit.changes import Change
from app.audit.entries import FactRow, actions_of
from app.audit.export.asked import wish
from app.audit.export.form import key
from app.audit.facts import Opened, opened
from app.audit.more import More
from app.audit.origins import OriginRow
from app.audit.page_read import colleagues, last_seal
from app.audit.page_words import ACTIONS, DOORS, VIEWS, part
from app.audit.read import names_of
from app.audit.reader import Reader
from app.audit.taking import Taking
from app.graphql.connection import COUNTED, cursor
from app.read_models import at_once
from app.staff import acting
from app.web.console import Form, Visitor, action, html, page, render
from app.web.console.links import links
from domain.access import Role, TenantScope
from domain.errors import Invalid
from domain.fact import fact
from domain.ids import id_in
from domain.schedule_words import place
from domain.tenant import UnknownTenant

SIZE = 30


@fact
class Entry:
    """A fact as the page tells it."""

    row: FactRow
    sentence: str
    changes: Sequence[Change]
    causes: Sequence[Cause]
    origin: OriginRow | None


@fact
class Day:
    """The facts of one day, where she is."""

    day: date
    entries: Sequence[Entry]


@fact
class Found:
    """A page of the log. `total`: of all pages, up to COUNTED; `following` begins the next."""

    days: Sequence[Day]
    shown: int
    total: int
    following: str


@page("/audit")
async def audit(  # noqa: PLR0913, PLR0917 - the parameters of the address
    visitor: NamedDependency[Visitor],
    take: NamedDependency[Taking],
    actor: FromQuery[str | None] = None,
    action: FromQuery[str | None] = None,
    target: FromQuery[str | None] = None,
    source: FromQuery[str | None] = None,
    since: FromQuery[str | None] = None,
    until: FromQuery[str | None] = None,
    correlation: FromQuery[str | None] = None,
    order: FromQuery[str | None] = None,
    after: FromQuery[str | None] = None,
    tenant: FromQuery[str | None] = None,
) -> Response[str]:
    given = dict(
        zip(FIELDS, (actor, action, target, source, since, until, correlation, order), strict=True)
    )
    asker = await _inside(take, visitor, tenant or "")
    values = await audit_values(take, visitor, asker, given, after or "")
    return html(render("audit/audit.html", visitor, **values), 200 if values["found"] else 422)


@action("/audit/take", Role.VIEWER, status_code=HTTPStatus.OK)
async def taken(
    visitor: NamedDependency[Visitor],
    take: NamedDependency[Taking],
    form: NamedDependency[Form],
) -> Stream:
    """The file of an export, recorded as one by the API is."""
    asker = await _inside(take, visitor, form.text("tenant"))
    question = asked({each: form.text(each) for each in FIELDS}, visitor.zone)
    told = question.told() | {"format": form.text("format"), "language": visitor.language}
    own = asker.scope.tenant == visitor.scope.tenant
    return await take(asker, visitor.door if own else None, wish(told))


def pages(take: Taking) -> Router:
    """Ready to be mounted in the console."""
    return Router(
        "/",
        route_handlers=[audit, taken],
        dependencies={"take": Provide(lambda: take, sync_to_thread=False)},
    )


async def audit_values(
    take: Taking, visitor: Visitor, asker: Asker, given: Mapping[str, str | None], after: str
) -> Mapping[str, Any]:
    """`said`: what was wrong with a field, by its name; then no fact is read."""
    scope, chosen = asker.scope, typed(given)
    found, said = None, {}
    async with at_once(take.exports.database, scope) as database:
        reader = replace(take.exports, database=database)
        try:
            found = await _found(reader, visitor, scope, asked(given, visitor.zone), after)
        except Invalid as wrong:
            if wrong.field not in FIELDS:
                raise
            said = {wrong.field: visitor.heard(str(wrong))}
        names = await names_of(database, scope, {scope.tenant})
        here = await actions_of(database, scope)
        people, seal = await colleagues(database, scope), await last_seal(database, scope)
    other = scope.tenant if scope.tenant != visitor.scope.tenant else None
    return {
        "found": found,
        "said": dict.fromkeys(FIELDS, "") | said,
        "chosen": chosen,
        "typed": dict.fromkeys(FIELDS, "") | chosen,
        "opened": any(each in chosen for each in FIELDS if each != "target")
        and chosen not in [fields for _, fields in VIEWS.values()],
        "company": names.get(scope.tenant, ""),
        "other": other,
        "people": [(str(each.id), each.name) for each in people],
        "actions": _chosen_from({each: ACTIONS.get(each, each) for each in here}, visitor),
        "named": ACTIONS,
        "doors": _chosen_from(DOORS, visitor),
        "views": VIEWS,
        "part": part,
        "seal": seal,
        "fingerprint": key(take.exports.sealing.signer.public)["fingerprint"],
        "link": links("/audit", {**chosen, "tenant": other or ""}),
        "fresh": links("/audit", {"tenant": other or ""}),
        "after": after,
        "counted": COUNTED,
        "takes": asker.scope.role in (Role.OWNER, Role.ADMIN),
        "zone": place(visitor.zone.key, visitor.language),
        "today": visitor.now.astimezone(visitor.zone).date(),
    }


async def _inside(take: Taking, visitor: Visitor, company: str) -> Asker:
    """In whose name: her own, or the staff's in this company. Raises UnknownTenant."""
    if not company:
        return visitor.asker
    wanted_company = id_in(company)
    if wanted_company is None:
        raise UnknownTenant
    return await acting(take.exports.handle, visitor, wanted_company)


async def _found(
    reader: Reader, visitor: Visitor, scope: TenantScope, question: Asked, after: str
) -> Found:
    """Raises Invalid."""
    first = await wanted(reader, scope, question)
    here = following(first, after)
    rows = await entries.page(reader.database, scope, here, SIZE + 1, FactRow)
    facts = opened(rows[:SIZE], reader.decode)
    return Found(
        days=_by_day(await _told(reader, scope, facts, visitor.language), visitor),
        shown=len(facts),
        total=await entries.count(reader.database, scope, first, COUNTED),
        following=cursor(facts[-1].row.at, facts[-1].row.position) if len(rows) > SIZE else "",
    )


async def _told(
    reader: Reader, scope: TenantScope, facts: Sequence[Opened], language: str
) -> list[Entry]:
    """What stands beside the facts is read once for all of them."""
    more = More(reader, scope, facts, language)
    names = await more.names(set().union(*(each.ids() for each in facts)))
    changes, causes, origins = await more.changes(), await more.causes(), await more.origins()
    return [
        Entry(
            row=each.row,
            sentence=each.say(names),
            changes=changes.get(each.row.position, ()),
            causes=causes[each.row.position],
            origin=origins.get(each.row.correlation_id),
        )
        for each in facts
    ]


def _by_day(told: Sequence[Entry], visitor: Visitor) -> list[Day]:
    days: dict[date, list[Entry]] = {}
    for each in told:
        days.setdefault(each.row.at.astimezone(visitor.zone).date(), []).append(each)
    return [Day(day=day, entries=here) for day, here in days.items()]


def _chosen_from(words: Mapping[str, str], visitor: Visitor) -> list[tuple[str, str]]:
    """(value, words), sorted as they are read."""
    return sorted(((name, visitor.heard(said)) for name, said in words.items()), key=lambda p: p[1])
