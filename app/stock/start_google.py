"""«Войти через Google»: the way there, the way back, and what is said when it led nowhere.

Both are looks, not forms: our policy lets no form lead elsewhere (CSP, form-action), and Google
sends her back by an address. What protects the way back is its state: see `google_state`.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from app.stock.connect import TurnedDown
from app.stock.google_state import BACK, Journey, used
from app.stock.start_shown import Start, Trouble, of
from app.web.console import Visitor, page, see_other
from domain.access import Role
from domain.ids import id_in
from domain.principals import SIGN_IN
from domain.secrecy import NotSignedIn, Secret
from domain.shop import UnknownShop
from domain.table.refusals import REFUSALS
from domain.table.words import Words


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


LONGEST_CODE = 2_048
DENIED, ASTRAY = "denied", "astray"
SAID: Mapping[str, str] = {
    DENIED: _("You did not let us in at Google, so nothing was changed."),
    ASTRAY: _(
        "This sign-in with Google is no longer valid: it was begun elsewhere, or long ago, or is "
        "over. Begin it here once more."
    ),
}
OTHERS: Mapping[str, Words] = {
    each: REFUSALS[each]
    for each in ("google_client_refused", "google_unavailable", "google_malformed")
}


@page("/google/sign-in", Role.ADMIN)
async def sign_in(
    visitor: NamedDependency[Visitor],
    start: NamedDependency[Start],
    shop: FromQuery[str | None] = None,
) -> Response[Any]:
    """To Google, with a state of her own session."""
    shop_id = id_in(shop or "")
    if shop_id is None or not start.handover.sign_in.on:
        raise UnknownShop
    await start.handover.row(visitor.asker, shop_id)
    journey = _journey(start, visitor)
    state = journey.state(shop_id, visitor.now)
    there = start.handover.sign_in.address(state, journey.verifier(state))
    return Response(b"", status_code=HTTPStatus.SEE_OTHER, headers={"Location": there})


@page(BACK, Role.ADMIN)
async def come_back(
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    start: NamedDependency[Start],
) -> Response[Any]:
    """What Google sends along is believed for a state of ours, once."""
    sent = request.query_params
    journey, told, code = _journey(start, visitor), sent.get("state", ""), sent.get("code", "")
    shop_id = journey.shop(told, visitor.now)
    if shop_id is None or await used(start.limiter, told):
        return see_other(f"/start?google={ASTRAY}")
    if "error" in sent or not code or len(code) > LONGEST_CODE:
        return see_other(f"{of(shop_id)}&google={DENIED if 'error' in sent else ASTRAY}")
    try:
        await start.handover.consent(visitor.asker, shop_id, Secret(code), journey.verifier(told))
    except TurnedDown as no:
        return see_other(f"{of(shop_id)}&google={no.code.lower()}")
    return see_other(f"{of(shop_id)}#google")


def told(word: str | None, visitor: Visitor) -> Trouble | None:
    """What a look at Start says of the sign-in that led there; nothing for no word of ours."""
    if word is None:
        return None
    if word in SAID:
        said = visitor.say(SAID[word])
    elif words := SIGN_IN.get(word) or OTHERS.get(word):
        said = visitor.heard(str(words.both()))
    else:
        return None
    return Trouble(said={"google": said}, status=HTTPStatus.OK, kept={})


def _journey(start: Start, visitor: Visitor) -> Journey:
    if visitor.signed is None:
        raise NotSignedIn
    return Journey(keys=start.keys, session=visitor.signed.session)


HANDLERS: Sequence[HTTPRouteHandler] = (sign_in, come_back)
