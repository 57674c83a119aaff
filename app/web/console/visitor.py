"""Who looks at a page, and how she wants to see it: the one value that every page is given."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Request
from markupsafe import Markup

from app.asker import Asker
from app.web.console.menu import Group
from app.web.door import Door
from app.web.languages import translated
from domain.access import Role, TenantScope
from domain.events import Origin
from domain.fact import fact
from domain.secrecy import NotSignedIn


@fact
class Signed:
    """What the accounts know of a browser's session. `staff`: one of those who run the servers."""

    scope: TenantScope
    origin: Origin
    session: UUID
    company: str
    staff: bool = False


Identify: TypeAlias = Callable[[Request[Any, Any, Any]], Awaitable[Signed | None]]
"""Whose session the cookie of a request names; None for nobody's."""


@fact
class Visitor:
    """One look at one page. `back` leads here again, also from a form that was refused; times are
    shown in `zone`; `csrf` is her session's token for forms; `menu` is what she may go to; `least`
    is the role that the page asks of her in her own company; `banner` stands above every page."""

    door: Door
    path: str
    back: str
    language: str
    theme: str
    zone: ZoneInfo
    now: datetime
    signed: Signed | None = None
    least: Role = Role.VIEWER
    csrf: str = ""
    menu: Sequence[Group] = ()
    banner: Markup = Markup()

    @property
    def asker(self) -> Asker:
        """Whose name commands carry: `await visitor.asker.tell(handle, command)`."""
        signed = self._known
        return Asker(scope=signed.scope, origin=signed.origin)

    @property
    def scope(self) -> TenantScope:
        """What she may read. Raises NotSignedIn on a page for everybody."""
        return self._known.scope

    @property
    def staff(self) -> bool:
        """Does she run the servers?"""
        return self.signed is not None and self.signed.staff

    def may(self, least: Role, company: UUID | None = None) -> bool:
        """Is her role at least this one in this company, or her own? Those who run the servers may
        all in any other one. For what a page offers; a handler declares its own."""
        if self.signed is None:
            return False
        elsewhere = company not in {None, self.scope.tenant}
        return (self.staff and elsewhere) or self.scope.may(least)

    def say(self, message: str, **values: object) -> str:
        """An English message of the catalogue in her language, its `%(name)s` filled in."""
        return translated(message, self.language) % values if values else self.heard(message)

    def heard(self, sentence: str) -> str:
        """A finished sentence, such as a refusal's, in her language as far as it is known."""
        return translated(sentence, self.language)

    @property
    def _known(self) -> Signed:
        if self.signed is None:
            raise NotSignedIn
        return self.signed
