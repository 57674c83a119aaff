"""The plan of a company on a page of the console: what it has, uses, may have, and has paid."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app.billing.desk import PAGE, Desk, UnknownInvoice
from app.billing.shown import cancel_values, change_values, plan_values
from app.web.console import Form, Visitor, action, html, live, page, render, see_other
from domain.access import Role
from domain.errors import Invalid
from domain.plan import Plan


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


TEMPLATE = "billing/billing.html"
NO_PLAN = _("There is no such plan. Go back and choose one of those on the page.")


@page(PAGE)
async def look(
    visitor: NamedDependency[Visitor],
    desk: NamedDependency[Desk],
    checkout: FromQuery[str] = "",
    change: FromQuery[str] = "",
    cancel: FromQuery[str] = "",
) -> str:
    """`change` to another plan, or `cancel`: asks whether she means it."""
    if change:
        values = await change_values(desk, visitor, _plan(change))
        return render("billing/change.html", visitor, **values)
    if cancel:
        return render("billing/cancel.html", visitor, **await cancel_values(desk, visitor))
    return render(TEMPLATE, visitor, **await plan_values(desk, visitor, checkout))


@page(f"{PAGE}/invoices/{{invoice:str}}", Role.ADMIN)
async def invoice(
    visitor: NamedDependency[Visitor], desk: NamedDependency[Desk], invoice: FromPath[str]
) -> Redirect:
    """Stripe's page of it; its address is asked for anew each time, for it ends."""
    found = await desk.invoice(visitor.asker, invoice)
    address = found.page or found.file
    if address is None:
        raise UnknownInvoice
    return Redirect(address, status_code=303)


@action(f"{PAGE}/trial", Role.OWNER)
async def try_out(
    visitor: NamedDependency[Visitor], desk: NamedDependency[Desk]
) -> Response[bytes]:
    await desk.try_out(visitor.asker)
    return see_other(PAGE)


@action(f"{PAGE}/checkout", Role.OWNER)
async def buy(
    visitor: NamedDependency[Visitor], desk: NamedDependency[Desk], form: NamedDependency[Form]
) -> Response[str]:
    plan = _plan(form.text("plan"))
    return _leaving(visitor, await desk.checkout(visitor.asker, plan, visitor.language))


@action(f"{PAGE}/portal", Role.OWNER)
async def portal(visitor: NamedDependency[Visitor], desk: NamedDependency[Desk]) -> Response[str]:
    return _leaving(visitor, await desk.portal(visitor.asker, visitor.language))


@action(f"{PAGE}/change", Role.OWNER)
async def change(
    visitor: NamedDependency[Visitor], desk: NamedDependency[Desk], form: NamedDependency[Form]
) -> Response[bytes]:
    plan = _plan(form.text("plan"))
    await desk.change(visitor.asker, plan)
    return see_other(PAGE)


@action(f"{PAGE}/cancel", Role.OWNER)
async def cancel(visitor: NamedDependency[Visitor], desk: NamedDependency[Desk]) -> Response[bytes]:
    await desk.cancel(visitor.asker)
    return see_other(PAGE)


@action(f"{PAGE}/resume", Role.OWNER)
async def resume(visitor: NamedDependency[Visitor], desk: NamedDependency[Desk]) -> Response[bytes]:
    await desk.resume(visitor.asker)
    return see_other(PAGE)


def pages(desk: Desk) -> Router:
    """All of them, ready to be mounted in the console."""

    async def values(visitor: Visitor, request: Request[Any, Any, Any]) -> Mapping[str, object]:
        return await plan_values(desk, visitor, request.query_params.get("checkout", ""))

    return Router(
        "/",
        route_handlers=[
            *(look, live(PAGE, TEMPLATE, values), invoice),
            *(try_out, buy, portal, change, cancel, resume),
        ],
        dependencies={"desk": Provide(lambda: desk, sync_to_thread=False)},
    )


def _leaving(visitor: Visitor, address: str) -> Response[str]:
    """The policy lets a form lead nowhere else, not even by a redirect, and which host Stripe has
    its pages on is the account's choice. So a page of ours leads there."""
    return html(render("billing/leaving.html", visitor, address=address))


def _plan(text: str) -> Plan:
    try:
        return Plan(text)
    except ValueError:
        raise Invalid(NO_PLAN, field="plan") from None
