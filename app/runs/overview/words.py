"""Why a shop is late, in a sentence: for the operator, and for the seller with what to do."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Literal, TypeAlias

from markupsafe import Markup, escape

from app.runs.causes import WHY
from app.runs.listed import timed
from app.runs.overview.shops import ShopSeen
from app.runs.words import HELD, Held, why_held
from app.web.console import Visitor
from domain import lateness
from domain.fact import fact
from domain.lateness import Move
from domain.limits import OVER_PLAN, PLAN_INTERVAL
from domain.schedule import Schedule

Reddens: TypeAlias = Callable[[Schedule, datetime], datetime]
"""When a sheet that was written at a moment turns red by itself, by its schedule."""


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


MOVERS: Mapping[Move, str] = {
    Move.SELLER: _("Seller"),
    Move.MARKETPLACE: _("Marketplace"),
    Move.GOOGLE: _("Google"),
    Move.US: _("Us"),
}
NEXT_STEP: Mapping[Move, str] = {
    Move.SELLER: _("only she can do the next step"),
    Move.MARKETPLACE: _("Wildberries has to answer; we try again by ourselves"),
    Move.GOOGLE: _("Google has to answer; we try again by ourselves"),
    Move.US: _("our fault or our machine; this is your list"),
}
_OUR_FAULT = _("Something is wrong on our side, and it is for us to mend.")
TOLD_HER: Mapping[str, str] = {
    **WHY,
    **dict.fromkeys(
        (
            *("no_funds", "google_credentials", "google_api_off", "storage_quota", "our_outage"),
            "google_client_refused",
            *(lateness.NO_WORKER, lateness.UNASKED, lateness.FAULT, lateness.FAILED),
        ),
        _OUR_FAULT,
    ),
    "no_quota": _("Wildberries takes no more requests for your shop for now."),
    "robot_gone": _("The address that the sheet is shared with is no longer used."),
    **dict.fromkeys(
        ("own_key_refused", "own_api_off"), _("Google does not let the shop's own account write.")
    ),
    lateness.UNDER_WAY: _("It is being updated right now."),
    lateness.QUEUED: _("The sync is in the queue; nothing else is in its way."),
    lateness.CANCELLED: _("The sync was cancelled; the next one begins by schedule."),
    lateness.LOST: _("The sync broke off on our side; it goes on by itself."),
}
"""What is said to the seller where the move is not hers: of our machine she need not know."""
TO_DO: Mapping[str, str] = {
    "token_dead": _(
        "Your Wildberries token no longer works. Issue a new one in your cabinet, under Settings → "
        "API access, and paste it in. Until then the schedule is paused."
    ),
    "no_scope": _("Your token lacks a right. Issue one with all categories and paste it in."),
    lateness.NOT_CONNECTED: _("Connect a Google Sheet: then it is filled by your hour."),
    OVER_PLAN: _(
        "You have more products than your plan holds. Change the plan: the sheet keeps its former "
        "numbers until then, and all its rows."
    ),
    PLAN_INTERVAL: _("Your schedule is faster than your plan allows. Change one of them."),
    "sheet_unshared": _("Your sheet is not shared with us any more. Share it again, as Editor."),
    "sheet_deleted": _("Your sheet was deleted. Take it out of the bin, or connect another one."),
    "sheet_protected": _("A range that we write to is protected. Add our address as an editor."),
    "sheet_full": _("Your spreadsheet is full. Delete empty rows and columns in other tabs."),
    "sheet_key_deleted": _(
        "The column of article numbers was deleted. Undo it, or delete the tab: it is built anew."
    ),
    "robot_gone": _(
        "The address that your sheet is shared with is no longer used. Share it with the new one, "
        "as Editor: the page of the shop has it."
    ),
    "consent_revoked": _("Google no longer lets us write in your name. Sign in with Google again."),
    "own_sheet_gone": _(
        "The sheet in your Drive was deleted. Take it out of the bin, or make a new one."
    ),
    "own_key_refused": _(
        "Google refuses the key of your service account. Make a new key and paste it in."
    ),
    "own_api_off": _(
        "The Google Sheets API is switched off in your Google project. Enable it there."
    ),
}
"""What is said to the seller where the move is hers, but for a hold; where it is not, `TOLD_HER`,
and that she need do nothing."""


def because(shops: Sequence[ShopSeen], visitor: Visitor) -> Markup:
    """Why shops of one cause are late. Of one and the same hold its own words are said."""
    first = shops[0]
    same = first.hold is not None and {each.hold for each in shops} == {first.hold}
    if same and first.why.cause in {lateness.HELD, lateness.PAUSED}:
        return held(first, visitor)
    return escape(visitor.heard(WHY[first.why.cause]))


def held(shop: ShopSeen, visitor: Visitor, said: Held = HELD) -> Markup:
    """What keeps its runs from beginning, if something does; it need not be late for that."""
    if shop.hold is None:
        return Markup()
    return why_held(shop.hold, visitor.language, partial(timed, visitor), said)


@fact
class Told:
    """How the seller knows that she is late: her sheet says so in red since `at`, or a mail of
    `at`, or her console since `at`; or nothing has told her, and the sheet will at `at`."""

    by: Literal["sheet", "mail", "console", "nothing"]
    at: datetime | None


def told(shop: ShopSeen, now: datetime, reddens: Reddens) -> Told:
    """The sheet turns red by a formula of its own, needing no call of ours; one that was deleted,
    or never filled, tells nothing. What broke it, her first page and Start say at once; where the
    move is hers otherwise, they say so from its hour on. That her sheet is late for another reason
    a mail tells her, if she wants any, before it turns red."""
    red, mailed = _red(shop, reddens), shop.mailed_at
    if mailed is not None and (red is None or mailed < red):
        return Told(by="mail", at=mailed)
    if red is not None and red <= now:
        return Told(by="sheet", at=red)
    if shop.stopped is not None:
        return Told(by="console", at=shop.broken_since or shop.since)
    if shop.why.move is Move.SELLER:
        return Told(by="console", at=shop.since)
    return Told(by="nothing", at=red)


def _red(shop: ShopSeen, reddens: Reddens) -> datetime | None:
    if shop.schedule is None or shop.written_at is None or shop.broken == "sheet_deleted":
        return None
    try:
        return reddens(shop.schedule, shop.written_at)
    except StopIteration:
        return None
