"""Where a person chooses what she is told of by mail; and the page behind a mail's link."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery

from app.notices.choose import Choose, Wish
from app.notices.links import Links
from app.notices.read import myself
from app.notices.routes import UnknownLink
from app.read_models import Database
from app.web.console import Form, Visitor, action, page, render, see_other
from app.web.languages import LANGUAGES
from domain.access import Role
from domain.fact import fact
from domain.notices import MOST, QUIET_FROM, QUIET_UNTIL, Notice


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


KINDS: Mapping[Notice, tuple[str, str]] = {
    Notice.TOKEN_EXPIRING: (
        _("A token ends soon"),
        _("30, 14, 7 and 1 days before a Wildberries token ends."),
    ),
    Notice.TOKEN_DEAD: (
        _("A token no longer works"),
        _(
            "It has ended, was withdrawn or lacks a right. Nothing is updated until there is a new "
            "one."
        ),
    ),
    Notice.SHEET: (
        _("A sheet cannot be written"),
        _("It is no longer shared with us, was deleted, is protected or full."),
    ),
    Notice.LATE: (
        _("A sheet is late"),
        _("Its hour has passed and it is not fresh: with the reason, and whose move it is."),
    ),
    Notice.RECOVERED: (
        _("All is well again"),
        _("Only after a mail about trouble."),
    ),
}
"""What a kind is called, and when such a mail comes."""


@fact
class Notices:
    """What the pages need of the rest. `on`: is there a mail server?"""

    database: Database
    choose: Choose
    links: Links
    on: bool


@page("/notices")
async def look(
    visitor: NamedDependency[Visitor],
    notices: NamedDependency[Notices],
    saved: FromQuery[str] = "",
) -> str:
    person = await myself(notices.database, visitor.scope)
    return render(
        "notices/notices.html",
        visitor,
        person=person,
        kinds=KINDS,
        on=notices.on,
        saved=bool(saved),
        most=MOST,
        quiet=(f"{QUIET_FROM:%H:%M}", f"{QUIET_UNTIL:%H:%M}"),
        languages=LANGUAGES,
    )


@action("/notices", Role.VIEWER)
async def choose(
    visitor: NamedDependency[Visitor],
    notices: NamedDependency[Notices],
    form: NamedDependency[Form],
) -> Response[bytes]:
    wish = Wish(
        kinds=tuple(form.every("kind")),
        at_night=bool(form.text("at_night")),
        language=form.text("language"),
    )
    await notices.choose.choose(visitor.asker, wish)
    return see_other("/notices?saved=yes")


@action("/notices/again", Role.VIEWER)
async def again(
    visitor: NamedDependency[Visitor], notices: NamedDependency[Notices]
) -> Response[bytes]:
    """There is somebody at her address after all."""
    await notices.choose.try_again(visitor.asker)
    return see_other("/notices")


@page("/notices/stop/{token:str}", least=None)
async def off(
    visitor: NamedDependency[Visitor],
    notices: NamedDependency[Notices],
    token: FromPath[str],
    done: FromQuery[str] = "",
) -> str:
    """What the link of a mail leads to."""
    known = notices.links.read(token)
    if known is None:
        raise UnknownLink
    kind, _when = KINDS[known.kind]
    return render("notices/off.html", visitor, token=token, kind=kind, done=bool(done))


def pages(notices: Notices) -> Router:
    """All of them, ready to be mounted in the console."""
    handlers: list[Any] = [look, choose, again, off]
    return Router(
        "/",
        route_handlers=handlers,
        dependencies={"notices": Provide(lambda: notices, sync_to_thread=False)},
    )
