"""Where the console's forms about runs go. Each leads back to the page it stands on."""

from typing import Any
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from app import staff
from app.asker import Asker
from app.runs.acts import Acts
from app.web.console import Form, Visitor, action, see_other
from domain.access import Role
from domain.errors import Forbidden, Invalid
from domain.fleet import FLEET
from domain.ids import id_in
from domain.run_acts import Act, NothingPicked, UnknownRun
from domain.shop import UnknownShop
from domain.tenant import UnknownTenant


class UnknownDeed(Invalid):
    """This button is not known here. Open the page again and repeat what you did."""


@action("/runs/{run_id:uuid}/cancel", Role.MEMBER, elsewhere=True)
async def cancel(
    run_id: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    acts: NamedDependency[Acts],
    form: NamedDependency[Form],
) -> Response[Any]:
    await acts.cancel(await _asker(acts, visitor, form), run_id)
    return see_other(visitor.back)


@action("/runs/{run_id:uuid}/retry", Role.MEMBER, elsewhere=True)
async def retry(
    run_id: FromPath[UUID],
    visitor: NamedDependency[Visitor],
    acts: NamedDependency[Acts],
    form: NamedDependency[Form],
) -> Response[Any]:
    """A finished run's own page would show nothing new: the new run's does."""
    acted = await acts.retry(await _asker(acts, visitor, form), run_id)
    return see_other(visitor.back.replace(f"/runs/{run_id}", f"/runs/{acted.run_id}"))


@action("/runs/bulk", Role.MEMBER, elsewhere=True)
async def bulk(
    visitor: NamedDependency[Visitor],
    acts: NamedDependency[Acts],
    form: NamedDependency[Form],
) -> Response[Any]:
    """`all`: those that the query means, and not only the ones that were picked."""
    asker = await _asker(acts, visitor, form, everywhere=visitor.staff)
    act = _act(form.text("do"))
    if form.text("all"):
        if not form.text("q").strip():
            raise NothingPicked
        await acts.bulk(asker, act, form.text("q"), zone=visitor.zone)
    else:
        picked = [_id(each, UnknownRun) for each in form.every("run")]
        await acts.bulk(asker, act, None, picked)
    return see_other(visitor.back)


@action("/holds", Role.ADMIN, elsewhere=True)
async def hold(
    visitor: NamedDependency[Visitor],
    acts: NamedDependency[Acts],
    form: NamedDependency[Form],
) -> Response[Any]:
    asker = await _asker(acts, visitor, form, everywhere=bool(form.text("fleet")))
    kind, shop = form.text("kind") or None, form.text("shop")
    shop_id = _id(shop, UnknownShop) if shop else None
    match form.text("do"):
        case "hold":
            await acts.hold(asker, kind, shop_id)
        case "release":
            await acts.release(asker, kind, shop_id)
        case _:
            raise UnknownDeed
    return see_other(visitor.back)


def pages(acts: Acts) -> Router:
    """All of them, ready to be mounted in the console."""
    return Router(
        "/",
        route_handlers=[cancel, retry, bulk, hold],
        dependencies={"acts": Provide(lambda: acts, sync_to_thread=False)},
    )


async def _asker(acts: Acts, visitor: Visitor, form: Form, *, everywhere: bool = False) -> Asker:
    """In whose name: her own, or the staff's in the form's company or, if it says so, in all."""
    told = form.text("tenant")
    company = _id(told, UnknownTenant) if told else visitor.scope.tenant
    if everywhere and not told:
        if not visitor.staff:
            raise Forbidden
        company = FLEET
    return await staff.acting(acts.handle, visitor, company)


def _act(text: str) -> Act:
    """Raises UnknownDeed."""
    try:
        return Act(text)
    except ValueError as wrong:
        raise UnknownDeed from wrong


def _id(text: str, unknown: type[Exception]) -> UUID:
    """Raises what says that there is no such thing."""
    found = id_in(text)
    if found is None:
        raise unknown
    return found
