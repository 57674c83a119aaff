"""What went wrong at Start, in her language, with what to do: the neighbours speak Russian."""

from collections.abc import Mapping

from app.errors import problem_of
from app.stock.connect import WrongSeller
from app.stock.read import ShopRow
from app.web.console import Visitor
from domain.both import Both
from domain.errors import Conflict, Outside, Refused
from domain.health import OF_TOKEN
from domain.limits import OVER_PLAN
from domain.table.refusals import REFUSALS, refusal


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


_NEW = _(
    "Make a new one in your cabinet: Settings → API access, with Content, Analytics, Statistics, "
    "Marketplace and Supplies, read-only."
)
BY_CAUSE: Mapping[str, str] = {
    "token_dead": _("This token does not work: it has expired, was withdrawn or is not whole."),
    "no_scope": _("This token does not open products or stock, so the sheet would stay empty."),
    OVER_PLAN: _(
        "There are more products than the plan holds, so the sync has stopped. The sheet keeps its "
        "former numbers and all its rows. It goes on after a change of plan, or with fewer "
        "products."
    ),
    "no_funds": _(
        "Wildberries refuses: our own balance in its catalogue of services is empty. We top it up; "
        "try again later."
    ),
    "method_off": _("Wildberries has switched this off for now. Nothing to do: try again later."),
    "no_quota": _("Wildberries takes no more requests for now. Wait a minute and try again."),
    "outage": _("Wildberries does not answer at the moment. Wait a minute and try again."),
    "malformed": _("Wildberries answered with something else than it promises. Try again later."),
}
ANOTHER = _(
    "This token belongs to another seller than this shop. Choose “New shop” above to connect it as "
    "a shop of its own."
)
PAUSED = _("Until then the schedule is paused: no update is begun.")


def refused(no: Refused | Outside | Conflict, visitor: Visitor) -> str:
    """A refusal of ours, or of a neighbour in its own words: they know most."""
    if isinstance(no, WrongSeller):
        return visitor.say(ANOTHER)
    return visitor.heard(problem_of(no).detail)


def broken(shop: ShopRow, visitor: Visitor, address: str | Both) -> str:
    """Why its sync cannot go on, by the stable word for it; nothing for no word of ours."""
    cause = shop.broken
    if cause and cause in REFUSALS:
        return visitor.heard(refusal(cause, address=address))
    if not cause or cause not in BY_CAUSE:
        return ""
    told = [BY_CAUSE[cause], *([_NEW] if cause in OF_TOKEN else [])]
    return " ".join(visitor.say(each) for each in (*told, *([PAUSED] if shop.token_dead else [])))
