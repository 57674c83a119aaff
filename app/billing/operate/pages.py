"""Payments on pages for those who run the servers: who pays, what Stripe sent, where it differs."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, QueryParameter

from app.billing.desk import Desk
from app.billing.operate.asking import FIELDS, day_of, wanted_of
from app.billing.operate.office import Office, key_in
from app.billing.operate.seen import (
    DRIFT,
    INBOX,
    PATH,
    company_values,
    customers_values,
    drift_values,
    inbox_values,
    looking,
    mended_values,
    message_values,
)
from app.staff import inside, reason_of
from app.web.console import Form, Visitor, action, html, page, render, see_other
from app.web.console.links import links
from domain.access import Role
from domain.errors import Invalid
from domain.plan import Plan


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


NO_PLAN = _("Choose one of the plans.")
COMPANY = f"{PATH}/companies/{{tenant_id:uuid}}"


@page(PATH, staff=True)
async def look_at_customers(
    visitor: NamedDependency[Visitor],
    office: NamedDependency[Office],
    q: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Response[str]:
    values = await customers_values(office, visitor, q, after)
    return html(render("billing/customers.html", visitor, **values), 422 if values["said"] else 200)


@page(COMPANY, staff=True)
async def look_at_company(
    visitor: NamedDependency[Visitor],
    office: NamedDependency[Office],
    tenant_id: FromPath[UUID],
) -> str:
    values = await company_values(office, visitor, tenant_id)
    return render("billing/company.html", visitor, **values)


@action(f"{COMPANY}/grant", Role.VIEWER, staff=True)
async def grant(
    visitor: NamedDependency[Visitor],
    office: NamedDependency[Office],
    desk: NamedDependency[Desk],
    form: NamedDependency[Form],
    tenant_id: FromPath[UUID],
) -> Response[Any]:
    """The day that is chosen is included."""
    try:
        reason = reason_of(form.text("reason"), "reason")
        plan = _plan(form.text("plan"))
        until = day_of(form.text("until"), visitor.zone, "until") + timedelta(days=1)
        there = await inside(office.handle, visitor.asker, visitor.now.date(), tenant_id, reason)
        await desk.grant(there, plan, until, reason)
    except Invalid as wrong:
        return await _refused(office, visitor, tenant_id, form, wrong)
    return see_other(f"{PATH}/companies/{tenant_id}")


@action(f"{COMPANY}/withdraw", Role.VIEWER, staff=True)
async def withdraw(
    visitor: NamedDependency[Visitor],
    office: NamedDependency[Office],
    desk: NamedDependency[Desk],
    form: NamedDependency[Form],
    tenant_id: FromPath[UUID],
) -> Response[Any]:
    try:
        reason = reason_of(form.text("why"), "why")
        there = await inside(office.handle, visitor.asker, visitor.now.date(), tenant_id, reason)
        await desk.withdraw(there, reason)
    except Invalid as wrong:
        return await _refused(office, visitor, tenant_id, form, wrong)
    return see_other(f"{PATH}/companies/{tenant_id}")


@page(INBOX, staff=True)
async def look_at_inbox(  # noqa: PLR0913, PLR0917 - the parameters of the address
    visitor: NamedDependency[Visitor],
    office: NamedDependency[Office],
    stands: Annotated[str, QueryParameter(name="state")] = "",  # the framework has another `state`
    type: FromQuery[str] = "",  # noqa: A002 - its name in the address
    customer: FromQuery[str] = "",
    since: FromQuery[str] = "",
    until: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Response[str]:
    typed = dict(zip(FIELDS, (stands, type, customer, since, until), strict=True))
    if customer.startswith("evt_"):
        return await _named(office, visitor, typed)
    return await _inbox(office, visitor, typed, after)


@page(f"{INBOX}/{{message:str}}", staff=True)
async def look_at_message(
    visitor: NamedDependency[Visitor], office: NamedDependency[Office], message: FromPath[str]
) -> str:
    values = await message_values(office, visitor, key_in(message))
    return render("billing/message.html", visitor, **values)


@action(f"{INBOX}/open", Role.VIEWER, staff=True)
async def open_message(
    visitor: NamedDependency[Visitor], office: NamedDependency[Office], form: NamedDependency[Form]
) -> Response[str]:
    """A form, because it is on record for which reason somebody reads what a customer did."""
    key = key_in(form.text("message"))
    try:
        reason = reason_of(form.text("reason"), "reason")
    except Invalid as wrong:
        values = await message_values(office, visitor, key)
        told = {"wrong": visitor.heard(str(wrong)), "reason": form.text("reason")}
        return html(render("billing/message.html", visitor, **{**values, **told}), 422)
    row = await office.message(await looking(office, visitor), key)
    body = await office.opened(visitor.asker, row, reason)
    values = await message_values(office, visitor, key, body)
    return html(render("billing/message.html", visitor, **values))


@action(f"{INBOX}/retry", Role.VIEWER, staff=True)
async def retry(
    visitor: NamedDependency[Visitor], office: NamedDependency[Office], form: NamedDependency[Form]
) -> Response[Any]:
    """Those that were picked; back to where that was."""
    await looking(office, visitor)
    picked = form.every("message")
    await office.retry([key_in(each) for each in picked])
    typed = {name: form.text(name) for name in FIELDS}
    return see_other(links(INBOX, typed)() if len(picked) != 1 else f"{INBOX}/{picked[0]}")


@action(f"{INBOX}/replay", Role.VIEWER, staff=True)
async def replay(
    visitor: NamedDependency[Visitor], office: NamedDependency[Office], form: NamedDependency[Form]
) -> Response[Any]:
    await looking(office, visitor)
    typed = {name: form.text(name) for name in FIELDS}
    await office.replay(wanted_of(typed, visitor.zone))
    return see_other(links(INBOX, typed)())


@page(DRIFT, staff=True)
async def look_at_drift(visitor: NamedDependency[Visitor], office: NamedDependency[Office]) -> str:
    return render("billing/drift.html", visitor, **await drift_values(office, visitor))


@action(DRIFT, Role.VIEWER, staff=True)
async def mend(visitor: NamedDependency[Visitor], office: NamedDependency[Office]) -> Response[str]:
    """The page itself, of the same reading: an address that says how many were asked for could be
    made up."""
    values = await mended_values(office, visitor)
    return html(render("billing/drift.html", visitor, **values))


def pages(office: Office, desk: Desk) -> Router:
    """All of them, ready to be mounted in the console."""
    return Router(
        "/",
        route_handlers=[
            *(look_at_customers, look_at_company, grant, withdraw),
            *(look_at_inbox, look_at_message, open_message, retry, replay),
            *(look_at_drift, mend),
        ],
        dependencies={
            "office": Provide(lambda: office, sync_to_thread=False),
            "desk": Provide(lambda: desk, sync_to_thread=False),
        },
    )


async def _inbox(
    office: Office, visitor: Visitor, typed: Mapping[str, str], after: str = ""
) -> Response[str]:
    values = await inbox_values(office, visitor, typed, after)
    wrong = any(values["wrong"].values())
    return html(render("billing/inbox.html", visitor, **values), 422 if wrong else 200)


async def _named(office: Office, visitor: Visitor, typed: Mapping[str, str]) -> Response[Any]:
    """An event's own id, as Stripe's dashboard shows it, leads to it."""
    scope = await looking(office, visitor)
    for mode in ("live", "test"):
        name = f"{mode}:{typed['customer'].strip()}"
        if await office.inbox.message(scope, key_in(name)) is not None:
            return see_other(f"{INBOX}/{name}")
    return await _inbox(office, visitor, typed)


async def _refused(
    office: Office, visitor: Visitor, company: UUID, form: Form, wrong: Invalid
) -> Response[str]:
    values = await company_values(office, visitor, company)
    told = {
        "wrong": {wrong.field or "": visitor.heard(str(wrong))},
        "typed": {name: form.text(name) for name in ("plan", "until", "reason", "why")},
    }
    return html(render("billing/company.html", visitor, **{**values, **told}), 422)


def _plan(text: str) -> Plan:
    try:
        return Plan(text)
    except ValueError:
        raise Invalid(NO_PLAN, field="plan") from None
