"""The console's way in and out: signing in, registering, signing out, and how one likes to see it.

Before somebody is signed in the browser's word on where a form comes from is the only lock there
can be; it is checked before any of these handlers begins.
"""

from typing import Any

from litestar import Request, Response, Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery

from app.accounts import browser, signing
from app.accounts.accounts import Accounts
from app.accounts.guard import Caller
from app.accounts.sessions import LIFE, Session
from app.errors import TooMany, problem_of
from app.web.console import (
    LANGUAGES,
    Form,
    Visitor,
    action,
    cookie,
    forgotten,
    html,
    page,
    render,
    see_other,
)
from app.web.console.cookies import A_YEAR, THEMES
from app.web.console.links import local
from domain.access import Role
from domain.errors import Refused
from domain.secrecy import NotSignedIn, Secret

KEPT = ("full_name", "company_name", "email")
"""What a form that was refused shows again: never a password."""


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


SAID = (
    _("Enter an e-mail address such as anna@example.com."),
    _("Enter a name of 1 to 200 characters."),
    _("A name has no control characters and no line breaks."),
    _("The password must have 8 to 256 characters."),
    _("This is one of the 3,000 commonest passwords. Choose another one."),
    _("You belong to no company any more. Ask its owner to invite you."),
)
"""What those say who check a registration: in English, hence known to the catalogue from here."""


@page("/")
async def home(visitor: NamedDependency[Visitor]) -> Response[bytes]:
    """Where the day begins: the first page of her menu."""
    return see_other(visitor.menu[0].entries[0].path)


@page("/sign-in", least=None)
async def sign_in_page(
    visitor: NamedDependency[Visitor], after: FromQuery[str] = "/"
) -> Response[Any]:
    if visitor.signed is not None:
        return see_other(local(after))
    return html(_asked("sign-in", visitor, after=local(after)))


@action("/sign-in", least=None)
async def sign_in(
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    form: NamedDependency[Form],
    accounts: NamedDependency[Accounts],
) -> Response[Any]:
    after, email, password = form.text("after"), form.text("email"), Secret(form.text("password"))
    try:
        session = await signing.sign_in(accounts, visitor.door, email, password, browser.begin)
    except (NotSignedIn, TooMany) as no:
        said = {"password": _said(no, visitor)}
        again = _asked("sign-in", visitor, {"email": email}, said, local(after))
        return html(again, problem_of(no).status)
    await _leave(accounts, visitor)
    return _entered(request, session, local(after))


@page("/register", least=None)
async def register_page(visitor: NamedDependency[Visitor]) -> Response[Any]:
    return see_other("/") if visitor.signed else html(_asked("register", visitor))


@action("/register", least=None)
async def register(
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    form: NamedDependency[Form],
    accounts: NamedDependency[Accounts],
) -> Response[Any]:
    asked = signing.Registration(
        email=form.text("email"),
        password=Secret(form.text("password")),
        full_name=form.text("full_name"),
        company_name=form.text("company_name").strip() or None,
    )
    try:
        session = await signing.register(accounts, visitor.door, asked, browser.begin)
    except Refused as no:
        said = {field: visitor.heard(sentence) for field, sentence in no.problems}
        said = said or {"password": _said(no, visitor)}
        kept = {name: form.text(name) for name in KEPT}
        return html(_asked("register", visitor, kept, said), problem_of(no).status)
    await _leave(accounts, visitor)
    return _entered(request, session, "/start")


@action("/sign-out", Role.VIEWER)
async def sign_out(
    request: Request[Any, Any, Any],
    visitor: NamedDependency[Visitor],
    accounts: NamedDependency[Accounts],
) -> Response[bytes]:
    await _leave(accounts, visitor)
    return see_other("/sign-in", [forgotten(request, browser.NAME)])


@action("/preferences", least=None)
async def prefer(request: Request[Any, Any, Any], form: NamedDependency[Form]) -> Response[bytes]:
    """Kept by the browser: on a bright screen and on a dark one she may like it otherwise."""
    known = {"theme": THEMES, "language": LANGUAGES}
    chosen = {name: form.text(name) for name in known}
    cookies = [
        cookie(request, name, value, A_YEAR)
        for name, value in chosen.items()
        if value in known[name]
    ]
    return see_other(local(form.text("back")), cookies)


def pages(accounts: Accounts) -> Router:
    """All of them, ready to be mounted in the console."""
    return Router(
        "/",
        route_handlers=[
            home,
            sign_in_page,
            sign_in,
            register_page,
            register,
            sign_out,
            prefer,
        ],
        dependencies={"accounts": Provide(lambda: accounts, sync_to_thread=False)},
    )


def _asked(
    which: str,
    visitor: Visitor,
    kept: dict[str, str] | None = None,
    said: dict[str, str] | None = None,
    after: str = "/",
) -> str:
    return render(f"accounts/{which}.html", visitor, kept=kept or {}, said=said or {}, after=after)


def _said(no: Refused, visitor: Visitor) -> str:
    if isinstance(no, TooMany):
        return visitor.say("Too many attempts. Try again in %(n)s seconds.", n=no.retry_after)
    return visitor.heard(str(no))


def _entered(request: Request[Any, Any, Any], session: Session, after: str) -> Response[bytes]:
    return see_other(after, [cookie(request, browser.NAME, session.token, LIFE)])


async def _leave(accounts: Accounts, visitor: Visitor) -> None:
    """End what the browser was signed in with: also when somebody signs in over it."""
    if visitor.signed is not None:
        signed = visitor.signed
        caller = Caller(scope=signed.scope, session=signed.session, door=visitor.door)
        await signing.sign_out(accounts, caller)
