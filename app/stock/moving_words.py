"""Why a figure of what moves is blank, and what to do about it, in a sentence."""

from collections.abc import Mapping

from app.stock.moving import SHORT, STALE, UNREAD
from app.web.languages import translated
from domain.flow import Flow


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


TOO_SLOW = "too_slow"
"""A cause of ours: a report that took longer than its day."""
REASONS: Mapping[str, str] = {
    UNREAD: _("Not read yet: it is read once a day, soon after the first update."),
    STALE: _("It could not be read for more than two days. The runs of the shop say why."),
    SHORT: _("Too few days are known yet: it takes three weeks until most orders are settled."),
    TOO_SLOW: _(
        "Its pages did not come within a day: the token's limit is two an hour. A service token's "
        "is three a minute."
    ),
    "no_funds": _("Wildberries lets nobody in: the service's balance in its catalogue is empty."),
    "method_off": _("Wildberries has switched this report off. It is asked for again every day."),
}
LACKING: Mapping[Flow, str] = {
    Flow.SUPPLIES: _(
        "The token lacks the category “Supplies”. Give the shop one that has it, and what is on "
        "the way is counted the same day."
    ),
    Flow.CABINET: _(
        "The token lacks the category “Analytics”. Give the shop one that has it, and our figures "
        "are checked against the cabinet the same day."
    ),
    Flow.FEED: _(
        "The token lacks the category “Analytics”. Give the shop one that has it, and it is read "
        "the same day."
    ),
}
UNTOLD = _("Wildberries did not let it be read. It is asked for again every day.")


def reason(flow: Flow, cause: str, language: str) -> str:
    """Of this source, with the cure."""
    return translated(message(flow, cause), language)


def message(flow: Flow, cause: str) -> str:
    """The same as the catalogue has it."""
    return LACKING[flow] if cause == "no_scope" else REASONS.get(cause, UNTOLD)
