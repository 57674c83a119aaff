"""Why a shop is late, in a sentence: for the operator, and for the seller with what to do."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Literal, TypeAlias

from markupsafe import Markup, escape

from app.runs.listed import timed
from app.runs.overview.shops import ShopSeen
from app.runs.words import why_held
from app.web.console import Visitor
from domain import lateness
from domain.fact import fact
from domain.lateness import Move
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
WHY: Mapping[str, str] = {
    "token_dead": _("The token no longer works; only the owner can issue a new one."),
    "no_scope": _("The token lacks a right; a new one with all categories is needed."),
    "no_funds": _("Wildberries refuses: the service's balance in its catalogue is empty."),
    lateness.NOT_CONNECTED: _("No sheet is connected, so there is nowhere to write to."),
    **dict.fromkeys((lateness.HELD, lateness.PAUSED), _("Their syncs are on hold.")),
    "sheet_unshared": _("The sheet is not shared with us any more."),
    "sheet_deleted": _("The sheet was deleted, or lies in the bin of Google Drive."),
    "sheet_protected": _("A range that we write to is protected in the sheet."),
    "sheet_full": _("The spreadsheet is full: it holds no more cells."),
    "sheet_key_deleted": _("The column of article numbers was deleted; rows cannot be found."),
    "outage": _("Wildberries does not answer."),
    "no_quota": _("Wildberries takes no more requests for this seller for now."),
    "method_off": _("Wildberries has switched off a report; it is looked for every hour."),
    "malformed": _("Wildberries answers otherwise than it promises."),
    "held_back": _("The new numbers contradict each other; the former ones stay."),
    "google_unavailable": _("Google Sheets does not answer."),
    "google_quota": _("Google's limit of requests is used up for now."),
    "google_malformed": _("Google answers otherwise than it promises."),
    "google_refused": _("Google refuses to write, and does not say why."),
    "google_credentials": _("Google refuses the key of our service account: issue a new one."),
    "google_api_off": _("The Google Sheets API is switched off in our project."),
    "storage_quota": _("Our service account has no storage in Google Drive."),
    "our_outage": _("The database or Redis did not answer."),
    lateness.UNDER_WAY: _("It runs at this moment."),
    lateness.QUEUED: _("It stands in the queue; nothing else is in its way."),
    lateness.NO_WORKER: _("No worker is alive; nothing runs until one starts."),
    lateness.CANCELLED: _("The sync was cancelled; the next hour asks for one again."),
    lateness.LOST: _("Its worker was lost; another one goes on."),
    lateness.UNASKED: _("Its hour came, and nobody asked for a run: no worker looks at the clock."),
    lateness.FAULT: _("A fault in our code; the run says where."),
    lateness.FAILED: _("It failed and does not say why."),
}
"""By every cause there is; of several shops they are said as of one."""

TO_DO: Mapping[str, str] = {
    "token_dead": _(
        "Your Wildberries token no longer works. Issue a new one in your cabinet, under Settings → "
        "API access, and paste it in. Until then the schedule is paused."
    ),
    "no_scope": _("Your token lacks a right. Issue one with all categories and paste it in."),
    lateness.NOT_CONNECTED: _("Connect a Google Sheet: then it is filled by your hour."),
    "sheet_unshared": _("Your sheet is not shared with us any more. Share it again, as Editor."),
    "sheet_deleted": _("Your sheet was deleted. Take it out of the bin, or connect another one."),
    "sheet_protected": _("A range that we write to is protected. Add our address as an editor."),
    "sheet_full": _("Your spreadsheet is full. Delete empty rows and columns in other tabs."),
    "sheet_key_deleted": _(
        "The column of article numbers was deleted. Undo it, or delete the tab: it is built anew."
    ),
}
"""What is said to the seller where the move is hers, but for a hold; where it is not, `WHY`, and
that she need do nothing."""


def because(shops: Sequence[ShopSeen], visitor: Visitor) -> Markup:
    """Why shops of one cause are late. Of one and the same hold its own words are said."""
    first = shops[0]
    same = first.hold is not None and {each.hold for each in shops} == {first.hold}
    if same and first.why.cause in {lateness.HELD, lateness.PAUSED}:
        return held(first, visitor)
    return escape(visitor.heard(WHY[first.why.cause]))


def held(shop: ShopSeen, visitor: Visitor) -> Markup:
    """What keeps its runs from beginning, if something does; it need not be late for that."""
    if shop.hold is None:
        return Markup()
    return why_held(shop.hold, visitor.language, partial(timed, visitor))


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
