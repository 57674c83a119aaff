"""The table from the command line, by who runs the servers: on record, as every look."""

from uuid import uuid4

from app.asker import Asker
from app.handle import Handle
from app.new_file import new_file
from app.staff import reason_of
from app.stock.read import ShopRow
from app.stock.report import Reports
from app.stock.report.wish import Wish
from domain import tenant
from domain.access import TenantScope
from domain.events import Origin

REASON = "command line"
"""Of a look for which none was given."""


async def report_for_staff(  # noqa: PLR0913, PLR0917 - whose, what, why and where to
    reports: Reports,
    handle: Handle,
    scope: TenantScope,
    shop: ShopRow,
    wish: Wish,
    reason: str,
    to: str | None,
) -> None:
    """To a file that is there whole or not at all, or to the standard output.

    Raises what `Reports.meant` raises; Refused for a file that is there; Invalid for a reason that
    says nothing or names somebody.
    """
    why = reason_of(reason, "--reason")
    origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:report")
    with new_file(to) as file:
        _, kept = await reports.meant(scope, shop.shop_id, wish)
        made = await reports.begin(scope, shop, kept, wish)
        await Asker(scope=scope, origin=origin).tell(handle, tenant.ReadAsStaff(reason=why))
        async for piece in reports.stream(made):
            file.write(piece)
        file.flush()
