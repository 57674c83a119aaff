"""What stopped a run or made a shop late, in words, by the stable word that the ledger keeps."""

from collections.abc import Mapping

from app.web.languages import translated
from domain import lateness
from domain.limits import OVER_PLAN, PLAN_INTERVAL


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


WHY: Mapping[str, str] = {
    "token_dead": _("The token no longer works; only the owner can issue a new one."),
    "no_scope": _("The token lacks a right; a new one with all categories is needed."),
    "no_funds": _("Wildberries refuses: the service's balance in its catalogue is empty."),
    lateness.NOT_CONNECTED: _("No sheet is connected, so there is nowhere to write to."),
    **dict.fromkeys((lateness.HELD, lateness.PAUSED), _("Their syncs are on hold.")),
    OVER_PLAN: _("There are more products than the plan holds; the former numbers stay."),
    PLAN_INTERVAL: _("The schedule is faster than the plan allows, so the sync waits."),
    "sheet_unshared": _("The sheet is not shared with us any more."),
    "sheet_deleted": _("The sheet was deleted, or lies in the bin of Google Drive."),
    "sheet_protected": _("A range that we write to is protected in the sheet."),
    "sheet_full": _("The spreadsheet is full: it holds no more cells."),
    "sheet_key_deleted": _("The column of article numbers was deleted; rows cannot be found."),
    "robot_gone": _(
        "The service account that the sheet is shared with has left GOOGLE_SERVICE_ACCOUNT."
    ),
    "consent_revoked": _("Its owner has to sign in with Google again: her consent is over."),
    "own_sheet_gone": _("The sheet in its owner's Drive was deleted, or is out of reach."),
    "own_key_refused": _("Google refuses the key of the seller's own service account."),
    "own_api_off": _("The Google Sheets API is switched off in the seller's own project."),
    "outage": _("Wildberries does not answer."),
    "no_quota": _("Wildberries takes no more requests for this seller for now."),
    "method_off": _("Wildberries has switched off a report; it is looked for every hour."),
    "malformed": _("Wildberries answers otherwise than it promises."),
    "held_back": _("The new numbers look wrong; the former ones stay, and they are read again."),
    "google_unavailable": _("Google Sheets does not answer."),
    "google_quota": _("Google's limit of requests is used up for now."),
    "google_malformed": _("Google answers otherwise than it promises."),
    "google_refused": _("Google refuses to write, and does not say why."),
    "google_credentials": _("Google refuses the key of our service account: issue a new one."),
    "google_api_off": _("The Google Sheets API is switched off in our project."),
    "google_client_refused": _(
        "Google does not know our OAuth client: check GOOGLE_OAUTH_CLIENT_ID and its secret."
    ),
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
LOST_OFTEN = _("Its worker was lost again and again.")
"""Of a run that was given up for it; nobody goes on with that one."""


def cause(word: str, language: str) -> str:
    """As a heading says it, without its full stop; nothing for the name of an error of our code."""
    message = LOST_OFTEN if word == lateness.LOST else WHY.get(word)
    return translated(message, language).removesuffix(".") if message else ""
