"""Start's other ways to a sheet: a service account of hers, a file in her Drive, back to us."""

from collections.abc import Sequence
from typing import Any

from litestar import Response
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from app.stock.start_shown import Start, again, of, shop_of
from app.web.console import Form, Visitor, action, see_other
from domain.access import Role
from domain.errors import Conflict, Outside, Refused
from domain.secrecy import Secret


@action("/start/key", Role.ADMIN)
async def give_key(
    visitor: NamedDependency[Visitor],
    start: NamedDependency[Start],
    form: NamedDependency[Form],
) -> Response[Any]:
    """A service account of hers writes; what was wrong with its key is said, never the key."""
    try:
        shop_id, key = shop_of(form), Secret(form.text("key"))
        await start.handover.key(visitor.asker, shop_id, key)
    except (Refused, Outside, Conflict) as no:
        return await again(start, visitor, form, no, "key")
    return see_other(f"{of(shop_id)}#own-key")


@action("/start/robot", Role.ADMIN)
async def return_to_robot(
    visitor: NamedDependency[Visitor],
    start: NamedDependency[Start],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Our own account writes again, and hers is forgotten."""
    try:
        shop_id = shop_of(form)
        await start.handover.robot(visitor.asker, shop_id)
    except (Refused, Outside, Conflict) as no:
        return await again(start, visitor, form, no, "robot")
    return see_other(of(shop_id))


@action("/start/file", Role.ADMIN)
async def make_sheet(
    visitor: NamedDependency[Visitor],
    start: NamedDependency[Start],
    form: NamedDependency[Form],
) -> Response[Any]:
    """A new sheet in her own Drive."""
    try:
        shop_id = shop_of(form)
        await start.handover.make(visitor.asker, shop_id)
    except (Refused, Outside, Conflict) as no:
        return await again(start, visitor, form, no, "google")
    return see_other(of(shop_id))


HANDLERS: Sequence[HTTPRouteHandler] = (give_key, return_to_robot, make_sheet)
