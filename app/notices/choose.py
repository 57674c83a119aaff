"""Choosing what to be told of: on the page, over GraphQL, and by the link of a mail."""

from uuid import uuid4

from app.asker import Asker
from app.handle import Ask, Handle
from app.notices.links import Off
from app.web.languages import LANGUAGES
from domain import tenant
from domain.access import Role
from domain.errors import Invalid
from domain.events import Origin, Stream
from domain.fact import fact
from domain.notices import ChooseNotices, MuteNotices, Notice
from domain.post import Addressees


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


@fact
class Wish:
    """`language`: of her mails, in all her companies; None leaves it as it is."""

    kinds: tuple[str, ...]
    at_night: bool
    language: str | None


@fact
class Choose:
    """Each for herself."""

    handle: Handle
    addressees: Addressees

    async def choose(self, asker: Asker, wish: Wish) -> None:
        """Raises Invalid, naming the field."""
        asker.demand(Role.VIEWER)
        if wish.language is not None and wish.language not in LANGUAGES:
            raise Invalid(_("Choose Russian or English."), field="language")
        if unknown := set(wish.kinds) - set(Notice):
            raise Invalid(f"There are no mails of this kind: {min(unknown)}.", field="kinds")
        person = asker.scope.person
        command = ChooseNotices(user_id=person, kinds=wish.kinds, at_night=wish.at_night)
        await asker.tell(self.handle, command)
        if wish.language is not None:
            await self.addressees.speak(person, wish.language)

    async def try_again(self, asker: Asker) -> None:
        """Somebody may be at her address after all."""
        await self.addressees.failed(asker.scope.person, None)

    async def mute(self, off: Off, *, everything: bool) -> None:
        """By the link of a mail: whoever has it need not sign in. Who has left gets none anyway."""
        command = MuteNotices(user_id=off.person, kind=None if everything else off.kind)
        stream = Stream(kind="tenant", tenant=off.company, id=off.company)
        origin = Origin(source="mail", actor=None, correlation=uuid4(), causation="mail:off")
        ask = Ask(decider=tenant.decider, stream=stream, command=command)
        await self.handle(ask, origin=origin)
