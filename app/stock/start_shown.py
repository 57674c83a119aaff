"""The page Start as it is shown: after a look, in its stream, and again with what was refused."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias
from uuid import UUID

from litestar import Request, Response

from app.errors import problem_of
from app.pace import Pace
from app.stock import start_schedule as plans
from app.stock.connect import Connect
from app.stock.handover import Handover
from app.stock.last_runs import Remarks
from app.stock.read import shops
from app.stock.start_insight import Insights, insight, kind
from app.stock.start_steps import Seen, chosen, is_going, parts, percent, steps, written
from app.stock.start_words import broken, refused
from app.web.console import Form, Visitor, html, render
from domain import shop
from domain.access import Role, TenantScope
from domain.errors import Conflict, Outside, Refused
from domain.fact import fact
from domain.ids import id_in
from domain.schedule_words import in_words
from domain.secrecy import Keys, Limiter
from domain.table.link import SHEET

Newest: TypeAlias = Callable[[TenantScope, UUID], Awaitable[Seen | None]]
"""The newest run of a shop."""


@fact
class Start:
    """What the page needs of the rest. `slow`: Wildberries gives Base tokens little, for the
    operator has no service secret."""

    connect: Connect
    pace: Pace
    handover: Handover
    keys: Keys
    limiter: Limiter
    insights: Insights
    newest: Newest
    remarks: Remarks
    slow: bool


@fact
class Trouble:
    """What was refused, beside the field it belongs to; `kept` is shown again, never a token."""

    said: Mapping[str, str]
    status: int
    kept: Mapping[str, str]


async def shown(
    start: Start, visitor: Visitor, wanted: str | None, trouble: Trouble | None = None
) -> str:
    """The page, with the shop of its address."""
    return render("stock/start.html", visitor, **await _values(start, visitor, wanted, trouble))


async def followed(
    start: Start, visitor: Visitor, request: Request[Any, Any, Any]
) -> Mapping[str, object]:
    """The same for its stream."""
    return await _values(start, visitor, request.query_params.get("shop"))


async def _values(
    start: Start, visitor: Visitor, wanted: str | None, trouble: Trouble | None = None
) -> Mapping[str, object]:
    database = start.connect.database
    mine = await shops(database, visitor.scope)
    row = chosen(mine, wanted)
    filled = await written(database, visitor.scope, row) if row else None
    run = await start.newest(visitor.scope, row.shop_id) if row and row.spreadsheet_id else None
    account = start.insights.of(row.token_id) if row else None
    found = steps(row, filled)
    going = is_going(run, found)
    return {
        "shops": mine,
        "shop": row,
        "steps": found,
        "run": run,
        "remark": (await start.remarks(visitor.scope, [run], visitor))[run.run_id] if run else "",
        "going": going,
        "follows": going and trouble is None,
        "percent": percent(run) if run else 0,
        "parts": parts(run) if run else (),
        "insight": insight(account, visitor, slow=start.slow) if account else None,
        "kind": kind(row.token_kind, visitor) if row else "",
        "broken": broken(row, visitor, start.connect.writers.named(row)) if row else "",
        "address": start.connect.writers.address(row) if row else "",
        "robot": start.connect.writers.robot(row) if row else "",
        "signs_in": start.handover.sign_in.on,
        "link": SHEET.format(row.spreadsheet_id) if row and row.spreadsheet_id else "",
        "ready": plans.ready(row) if row else None,
        "schedule": in_words(row.schedule, visitor.language) if row else "",
        "plans": plans,
        "said": defaultdict(str, trouble.said if trouble else {}),
        "kept": defaultdict(str, trouble.kept if trouble else {}),
        "edits": visitor.may(Role.ADMIN),
        "syncs": visitor.may(Role.MEMBER),
    }


async def again(
    start: Start, visitor: Visitor, form: Form, no: Refused | Outside | Conflict, field: str
) -> Response[str]:
    """The page with what was wrong. A shop that is not hers is none: that is another page."""
    if isinstance(no, shop.UnknownShop):
        raise no
    named = no.field if isinstance(no, Refused) and no.field else field
    named = field if named == "shopId" else named
    words = refused(no, visitor)
    trouble = Trouble(
        said={named: words},
        status=problem_of(no).status,
        kept={"url": form.text("url")[:2_000]},
    )
    wanted = form.text("shop") or "new"
    return html(await shown(start, visitor, wanted, trouble), trouble.status)


def shop_of(form: Form) -> UUID:
    """Which shop a form is about. Raises UnknownShop."""
    found = id_in(form.text("shop"))
    if found is None:
        raise shop.UnknownShop
    return found


def of(shop_id: UUID) -> str:
    """Start with this shop."""
    return f"/start?shop={shop_id}"
