"""Where a person lets a program into her Google account, or does not, and takes it back again."""

from dataclasses import dataclass
from html import escape
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from litestar import MediaType, Request, Response, Router, get, post
from litestar.response import Redirect

from sandbox.google.accounts import Client, Code
from sandbox.google.drive import Drive
from sandbox.google.page.frame import document
from sandbox.google.page.routes import POLICY, form_of
from sandbox.google.page.words import words

AUTHORIZE: Final = "/o/oauth2/v2/auth"
_LIFETIME: Final = 600.0
_HERE: Final = ("127.0.0.1", "localhost", "::1")
_KEPT: Final = ("client_id", "redirect_uri", "state", "code_challenge", "asked")


class Unfit(Exception):
    """What Google tells the person instead of sending her back: its own words."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a program asks for: with which scopes, and where she is to be sent with the answer."""

    client: Client
    redirect_uri: str
    state: str
    challenge: str
    scopes: tuple[str, ...]

    def back(self, **answer: str) -> Redirect:
        """To the program, with the answer and its own state."""
        told = {**answer, **({"state": self.state} if self.state else {})}
        mark = "&" if urlsplit(self.redirect_uri).query else "?"
        return Redirect(f"{self.redirect_uri}{mark}{urlencode(told)}", status_code=303)


def consent_router(drive: Drive) -> Router:
    """The page of Google's that asks her, and the one where she sees whom she has let in."""

    @get(AUTHORIZE, media_type=MediaType.HTML)
    async def ask(request: Request[Any, Any, Any]) -> Response[str]:
        try:
            wish = _wish(drive, dict(request.query_params))
        except Unfit as no:
            return Response(_refusal(drive, str(no)), status_code=400)
        origin = urlsplit(wish.redirect_uri)
        # A form may lead only where the policy says, also by a redirect.
        allowed = f"form-action 'self' {origin.scheme}://{origin.netloc}"
        policy = POLICY["Content-Security-Policy"].replace("form-action 'self'", allowed)
        return Response(_page(drive, wish), headers={"Content-Security-Policy": policy})

    @post(AUTHORIZE, media_type=MediaType.HTML)
    async def answered(request: Request[Any, Any, Any]) -> Response[Any]:
        form = await form_of(request)
        # A box for each scope, as Google has them: an unticked one is not sent.
        ticked = {str(each) for each in (await request.form()).getall("scope", [])}
        usual = {"response_type": "code", "code_challenge_method": "S256"}
        try:
            wish = _wish(drive, {**form, **usual, "scope": form.get("asked", "")})
        except Unfit as no:
            return Response(_refusal(drive, str(no)), status_code=400)
        if form.get("act") != "allow" or not ticked.intersection(wish.scopes):
            return wish.back(error="access_denied")
        scope = " ".join(each for each in wish.scopes if each in ticked)
        given = Code(
            form.get("email", drive.person).lower(),
            wish.client.client_id,
            scope,
            wish.redirect_uri,
            wish.challenge,
            drive.tokens.timer() + _LIFETIME,
        )
        return wish.back(code=drive.accounts.grant(given), scope=scope)

    @get("/connections", media_type=MediaType.HTML)
    async def connections() -> str:
        return _connections(drive)

    @post("/connections")
    async def withdrawn(request: Request[Any, Any, Any]) -> Redirect:
        drive.accounts.withdraw((await form_of(request)).get("consent", ""))
        return Redirect("/connections", status_code=303)

    handlers: list[Any] = [ask, answered, connections, withdrawn]
    return Router("/", route_handlers=handlers, include_in_schema=False, response_headers=POLICY)


def _wish(drive: Drive, asked: dict[str, str]) -> Wish:
    """Raises Unfit for what Google would not show its question for."""
    client = drive.accounts.clients.get(asked.get("client_id", ""))
    if client is None:
        raise Unfit("Error 401: invalid_client. The OAuth client was not found.")
    back = asked.get("redirect_uri", "")
    if urlsplit(back).hostname not in _HERE:
        raise Unfit("Error 400: redirect_uri_mismatch")
    if asked.get("response_type") != "code" or not asked.get("scope"):
        raise Unfit("Error 400: invalid_request. Required parameter is missing.")
    if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
        raise Unfit("Error 400: invalid_request. The sandbox wants PKCE with S256.")
    return Wish(
        client,
        back,
        asked.get("state", ""),
        asked["code_challenge"],
        tuple(asked["scope"].split()),
    )


def _page(drive: Drive, wish: Wish) -> str:
    say = words(drive.locale)
    kept = (
        wish.client.client_id,
        wish.redirect_uri,
        wish.state,
        wish.challenge,
        " ".join(wish.scopes),
    )
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in zip(_KEPT, kept, strict=True)
    )
    boxes = "".join(
        f'<p><label><input type="checkbox" name="scope" value="{escape(each)}" checked> '
        f"{escape(say['consent_scope'].format(scope=each))}</label></p>"
        for each in wish.scopes
    )
    title = say["consent"].format(name=wish.client.name)
    form = (
        f'<form method="post" action="{AUTHORIZE}">{hidden}<p><label>{say["consent_as"]} '
        f'<input type="email" name="email" value="{escape(drive.person)}" required></label></p>'
        f'{boxes}<p class="row"><button class="btn primary" name="act" value="allow">'
        f'{say["allow"]}</button><button class="btn" name="act" value="deny" formnovalidate>'
        f"{say['deny']}</button></p></form>"
    )
    return document(title, f"<h1>{escape(title)}</h1>{form}", say, "")


def _connections(drive: Drive) -> str:
    say = words(drive.locale)
    clients = drive.accounts.clients
    items = "".join(
        f'<li><form method="post" action="/connections" class="row"><span>'
        f"{escape(clients[each.client_id].name)} <small>{escape(each.email)} · "
        f'{escape(each.scope)}</small></span><input type="hidden" name="consent" '
        f'value="{each.id}"><button class="btn">{say["withdraw"]}</button></form></li>'
        for each in drive.accounts.consents.values()
    )
    listed = f'<ul class="shares">{items}</ul>' if items else f"<p>{say['no_connections']}</p>"
    return document(say["connections"], f"<h1>{say['connections']}</h1>{listed}", say, "")


def _refusal(drive: Drive, sentence: str) -> str:
    say = words(drive.locale)
    return document(say["wrong"], f'<p class="note" role="alert">{escape(sentence)}</p>', say, "")
