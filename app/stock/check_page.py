"""The check of a shop against its cabinet: how much is the same, what differs, and why."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from app.stock.checked import BEFORE, Meant, by_reason, checks, last_check, lines, refused
from app.stock.connect import Connect
from app.stock.freshness import fresh
from app.stock.moving_words import reason as why
from app.stock.pages import scope_of, told
from app.stock.read import shop_by_id
from app.web.console import Visitor, page, render
from app.web.console.links import links
from domain.cabinet import Number
from domain.fact import fact
from domain.flow import Flow
from domain.reconciliation import Discrepancy, Reason
from domain.shop import UnknownShop
from domain.table.reasons import FIGURES, curable, cure, reason
from domain.table.words import day


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


SIZE = 40
DAYS = 14
"""Days whose counts are shown."""
LAST_NUMBER = 2**31 - 1
SHORT: Mapping[Reason, str] = {
    Reason.UNEXPLAINED: _("Without a reason"),
    Reason.LAG: _("Taken at different times"),
    Reason.CANCELLED: _("Cancelled orders"),
    Reason.UNPAID: _("Unpaid orders"),
    Reason.BOUNDARY: _("Edge of a day"),
    Reason.LATE_CHANGE: _("Changed after our read"),
    Reason.SCOPE: _("Beyond the token"),
    Reason.DELETED_CARD: _("Deleted cards"),
    Reason.ROUNDING: _("Rounding"),
    Reason.FOLLOWS: _("Follows from another"),
    Reason.NOT_COMPUTED: _("Not worked out there"),
    Reason.SHORT_REPORT: _("Report came short"),
    Reason.STALE: _("Our data are older"),
}
"""What a choice of lines is called."""


@fact
class Told:
    """A line in words."""

    nm_id: int
    sku: str
    figure: str
    ours: Number
    cabinet: Number
    difference: Number
    explained: bool
    why: str
    cure: str


@page("/shops/{shop_id:uuid}/check")
async def check(  # noqa: PLR0913, PLR0917 - the parameters of the address
    visitor: NamedDependency[Visitor],
    connect: NamedDependency[Connect],
    shop_id: FromPath[UUID],
    tenant: FromQuery[str | None] = None,
    reason: FromQuery[str | None] = None,
    after: FromQuery[str | None] = None,
) -> str:
    """`tenant`: the company, where the staff looks; `after`: the number of the last line seen."""
    values = await check_values(connect, visitor, shop_id, tenant or "", (reason, after))
    return render("stock/check.html", visitor, **values)


async def check_values(
    connect: Connect,
    visitor: Visitor,
    shop_id: UUID,
    company: str,
    asked: tuple[str | None, str | None],
) -> Mapping[str, object]:
    """Raises UnknownShop, UnknownTenant. A reason or a page that there is not is the first one."""
    database, scope = connect.database, await scope_of(connect, visitor, company)
    shop = await shop_by_id(database, scope, shop_id)
    if shop is None:
        raise UnknownShop
    seen = await fresh(database, scope, shop_id)
    found = await last_check(database, scope, shop_id)
    cause = await refused(database, scope, shop_id)
    chosen = Reason(asked[0]) if asked[0] in set(Reason) else None
    last = _number(asked[1])
    rows = await lines(database, scope, shop_id, Meant(reason=chosen), last, SIZE + 1)
    shown = rows[:SIZE]
    link = links(f"/shops/{shop_id}/check", {"tenant": company, "reason": chosen})
    own = scope.tenant == visitor.scope.tenant
    return {
        **told(connect, visitor, shop, seen, own=own),
        "checked": found,
        "refused": why(Flow.CABINET, cause, visitor.language) if cause else "",
        "reasons": await by_reason(database, scope, shop_id),
        "names": {each: visitor.say(words) for each, words in SHORT.items()},
        "chosen": chosen,
        "lines": _told([each for _line, each in shown], visitor.language),
        "earlier": [
            (day(each.day, visitor.language), each)
            for each in await checks(database, scope, shop_id, DAYS)
        ],
        "link": link,
        "after": last > BEFORE,
        "following": shown[-1][0] if len(rows) > SIZE else None,
    }


def _told(found: Sequence[Discrepancy], language: str) -> Sequence[Told]:
    return [
        Told(
            nm_id=each.nm_id,
            sku=each.sku,
            figure=FIGURES[each.figure].say(language),
            ours=each.ours,
            cabinet=each.cabinet,
            difference=each.difference,
            explained=each.explained,
            why=reason(each.reasons, language),
            cure=cure(each.reasons, language) if curable(each.reasons) else "",
        )
        for each in found
    ]


def _number(after: str | None) -> int:
    known = after is not None and after.isascii() and after.isdigit() and len(after) < 11  # noqa: PLR2004 - digits of the largest one
    return min(int(after or 0), LAST_NUMBER) if known else BEFORE
