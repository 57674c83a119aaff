"""The pages over HTTP, under a policy that lets nothing in from elsewhere."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from litestar import MediaType, Request, Response, Router, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from litestar.response import Redirect

from sandbox.stripe.book import Book
from sandbox.stripe.errors import Json, Problem
from sandbox.stripe.life import checkout, people
from sandbox.stripe.page import acts
from sandbox.stripe.page.account import STEPS, account_page
from sandbox.stripe.page.checkout import checkout_page
from sandbox.stripe.page.frame import LOOK, Words, question, words
from sandbox.stripe.page.portal import invoice_page, portal_page

Asked = Request[Any, Any, Any]
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; form-action 'self'{more}; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Visit(NamedTuple):
    """A form that came, and the page it came from, which can say what went wrong."""

    path: str
    sent: dict[str, str]
    say: Words
    page: Callable[[str], str]


def page_router(book: Book) -> Router:
    """/checkout, /portal and /invoice, which are Stripe's, and /account, which is the sandbox's."""

    @get("/look.css", media_type=MediaType.CSS)
    async def look() -> str:
        return LOOK

    handlers: list[Any] = [look, *_checkout(book), *_portal(book), *_invoice(book)]
    handlers += _account(book)
    return Router("/", route_handlers=handlers, include_in_schema=False, response_headers=_SAFE)


def _checkout(book: Book) -> tuple[Any, ...]:
    @get("/checkout/{ident:str}")
    async def shown(request: Asked, ident: FromPath[str]) -> Response[str]:
        session = _found(book, "checkout.session", ident)
        return _page(checkout_page(book, session, _say(request, session)), session)

    @post("/checkout/{ident:str}")
    async def paid(request: Asked, ident: FromPath[str]) -> Response[Any]:
        sent, session = await _form(request), _found(book, "checkout.session", ident)
        say, email = _say(request, session), sent.get("email", "").strip() or None
        if "@" not in (checkout.address_of(book, session) or email or ""):
            return _page(checkout_page(book, session, say, say["email_needed"]), session, 402)
        if sent.get("act") == "pay" and sent.get("card") == "needs_action":
            return _page(question(request.url.path, _kept(sent), say), session)
        if sent.get("act") == "refuse":
            return _page(checkout_page(book, session, say, say["refused"]), session, 402)
        try:
            checkout.completed(book, session, acts.card_of(sent), email)
        except Problem as no:
            trouble = _trouble(no, say)
            return _page(checkout_page(book, session, say, trouble), session, 402)
        book.courier.nudge()
        return Redirect(checkout.landing(session), status_code=303)

    return shown, paid


def _portal(book: Book) -> tuple[Any, ...]:
    @get("/portal/{ident:str}")
    async def shown(request: Asked, ident: FromPath[str]) -> Response[str]:
        session = _found(book, "billing_portal.session", ident)
        return _page(portal_page(book, session, _say(request, session)))

    @post("/portal/{ident:str}")
    async def done(request: Asked, ident: FromPath[str]) -> Response[Any]:
        sent, session = await _form(request), _found(book, "billing_portal.session", ident)
        say = _say(request, session)
        customer = book.find("customer", session["customer"])

        def page(trouble: str) -> str:
            return portal_page(book, session, say, trouble)

        if "invoice" in sent:
            found = book.find("invoice", sent["invoice"])
            if found["customer"] != customer["id"]:
                raise PermissionDeniedException("This invoice is another customer's.")
            return _paid(book, found, Visit(request.url.path, sent, say, page))
        try:
            acts.act(book, customer, sent)
        except Problem as no:
            return _page(page(_trouble(no, say)), status=400)
        book.courier.nudge()
        return Redirect(request.url.path, status_code=303)

    return shown, done


def _invoice(book: Book) -> tuple[Any, ...]:
    @get("/invoice/{ident:str}")
    async def shown(request: Asked, ident: FromPath[str]) -> Response[str]:
        found = _found(book, "invoice", ident)
        return _page(invoice_page(found, _say(request, {})))

    @post("/invoice/{ident:str}")
    async def done(request: Asked, ident: FromPath[str]) -> Response[Any]:
        sent, found = await _form(request), _found(book, "invoice", ident)
        say = _say(request, {})
        page = partial(invoice_page, found, say)
        return _paid(book, found, Visit(request.url.path, sent, say, page))

    return shown, done


def _account(book: Book) -> tuple[Any, ...]:
    @get("/account")
    async def shown(request: Asked) -> Response[str]:
        book.settle()
        return _page(account_page(book, _say(request, {})))

    @post("/account")
    async def done(request: Asked) -> Response[Any]:
        sent = await _form(request)
        act = sent.get("act", "")
        if act == "portal":
            found = _found(book, "customer", sent.get("customer", ""))
            opened = people.portal_for(book, found, return_url=f"{book.url}/account")
            return Redirect(opened["url"], status_code=303)
        if act in map(str, STEPS):
            book.advance(int(act))
            book.courier.nudge()
        return Redirect(request.url.path, status_code=303)

    return shown, done


def _paid(book: Book, found: Json, visit: Visit) -> Response[Any]:
    say = visit.say
    if visit.sent.get("act") == "refuse":
        return _page(visit.page(say["refused"]), status=402)
    try:
        outcome = acts.pay(book, found, visit.sent)
    except Problem as no:
        return _page(visit.page(_trouble(no, say)), status=400)
    book.courier.nudge()
    if outcome == "needs_action":
        return _page(question(visit.path, _kept(visit.sent), say))
    if outcome == "declined":
        return _page(visit.page(say["declined"]), status=402)
    if outcome == "processing":
        return _page(visit.page(say["processing"]))
    return Redirect(visit.path, status_code=303)


def _found(book: Book, kind: str, ident: str) -> Json:
    book.settle()
    try:
        return book.find(kind, ident)
    except Problem as no:
        raise NotFoundException(str(no)) from None


def _say(request: Asked, session: Json) -> Words:
    return words(session.get("locale"), request.headers.get("accept-language", ""))


def _trouble(no: Problem, say: Words) -> str:
    return say["declined"] if no.status == 402 else f"{say['wrong']}: {no}"  # noqa: PLR2004 -- HTTP


def _kept(sent: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in sent.items() if name != "act"]


def _page(content: str, session: Json | None = None, status: int = 200) -> Response[str]:
    # A form may lead only where the policy says, also by a redirect.
    place = urlsplit((session or {}).get("success_url") or "")
    more = f" {place.scheme}://{place.netloc}" if place.netloc else ""
    headers = {"Content-Security-Policy": _POLICY.format(more=more)}
    return Response(content, status_code=status, media_type=MediaType.HTML, headers=headers)


async def _form(request: Asked) -> dict[str, str]:
    # Any page could post to loopback: a browser says itself when a form comes from elsewhere.
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise PermissionDeniedException("Forms are accepted from this page only.")
    return {name: str(value) for name, value in (await request.form()).items()}
