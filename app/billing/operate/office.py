"""What those who run the servers do about the payment provider: look, on record, and mend."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

from msgspec import Meta

from app.asker import Asker
from app.billing.reconcile import Drift, Reconcile
from app.handle import Handle
from app.read_models import Database
from app.staff import everyone, inside
from domain.access import Everyone
from domain.errors import Invalid, Refused, Unavailable, Unknown
from domain.fact import fact
from domain.inbox_port import Backlog, EventKey, Inbox, Message, Place, Wanted
from domain.ports import Clock
from domain.secrecy import WrongMasterKey
from domain.tenant import UnknownTenant


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


PATIENCE = timedelta(seconds=25)
"""So long somebody waits for a page; proxies before us seldom wait for longer than a minute."""
MOST = 100
"""Messages that are picked together."""
SLOW = _(
    "Stripe did not tell all of it in time: it is slow, or has too much to tell for a page. On the "
    "server, `stock-tracker billing reconcile --dry-run` takes the time it needs."
)
UNNAMED = _("A message is named like test:evt_1 or live:evt_1: choose it in the list.")
MODES = {"live": True, "test": False}


class At(NamedTuple):
    """After which message a page begins."""

    received_at: Annotated[datetime, Meta(tz=True)]
    seq: Annotated[int, Meta(ge=0, le=2**63 - 1)]


class UnknownMessage(Unknown):
    """No such message of Stripe's has come."""


class EndlessReplay(Invalid):
    """Say since when: without it, all that ever came would be worked on again."""


class ShutMessage(Refused):
    """What this message says does not open: the master key that it was sealed under is gone, or it
    was changed. Put that key back into ENCRYPTION_MASTER_KEY, behind the present one."""


@fact
class Office:
    """Whoever calls this has seen to it that the asker belongs to the staff."""

    database: Database
    handle: Handle
    inbox: Inbox
    reconcile: Reconcile
    clock: Clock

    async def messages(
        self, scope: Everyone, wanted: Wanted, first: int, after: Place | None
    ) -> Sequence[Message]:
        """A page of them, the newest first."""
        return await self.inbox.messages(scope, wanted, first, after)

    async def message(self, scope: Everyone, key: EventKey) -> Message:
        """One of them, without what it says. Raises UnknownMessage."""
        found = await self.inbox.message(scope, key)
        if found is None:
            raise UnknownMessage(field="id")
        return found

    async def opened(self, asker: Asker, message: Message, reason: str) -> str | None:
        """What it says, as it came; None if nobody can read it any more. That it was opened is on
        record by its name, where all companies are meant, and with the company whose it is. Raises
        ShutMessage."""
        why, today = f"{reason} ({message.key.event_id})", self.clock().date()
        scope = await everyone(self.handle, asker, today, why)
        if message.tenant is not None:
            with suppress(UnknownTenant):  # the company is what Stripe says, and may be nobody
                await inside(self.handle, asker, today, message.tenant, why)
        try:
            body = await self.inbox.body(scope, message.key)
        except WrongMasterKey as no:
            raise ShutMessage from no
        return body.decode(errors="replace") if body is not None else None

    async def backlog(self) -> Backlog:
        """How much is not done."""
        return await self.inbox.backlog()

    async def retry(self, keys: Sequence[EventKey]) -> int:
        """Once more; says how many. Raises Invalid for too many."""
        if len(keys) > MOST:
            raise Invalid(_("Pick at most 100 messages, or replay a range."), field="ids")
        return await self.inbox.retry(keys)

    async def replay(self, wanted: Wanted) -> int:
        """The same for all that are wanted. Raises EndlessReplay."""
        if wanted.since is None:
            raise EndlessReplay(field="since")
        return await self.inbox.replay(wanted)

    async def differs(self) -> Sequence[Drift]:
        """Where the provider and we differ, now. Raises Unavailable."""
        async with _in_time():
            return [each async for each in self.reconcile.drift()]

    async def mend(self, asker: Asker) -> Sequence[Drift]:
        """The same, and each such company is looked at anew by a run. Raises Unavailable."""
        async with _in_time():
            return await self.reconcile("staff", asker.origin.causation)


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            yield
    except TimeoutError as late:
        raise Unavailable(SLOW, cause="stripe") from late


def ident(key: EventKey) -> str:
    """How a message is named to people and programs: test:evt_…, of a connected account
    test:acct_…:evt_…"""
    mode = "live" if key.livemode else "test"
    return ":".join(each for each in (mode, key.account, key.event_id) if each)


def key_in(text: str, field: str = "id") -> EventKey:
    """Raises Invalid for what names none."""
    mode, _colon, rest = text.partition(":")
    account, _colon, event_id = rest.rpartition(":")
    if mode not in MODES or not event_id or not text.isprintable():
        raise Invalid(UNNAMED, field=field)
    return EventKey(account=account, livemode=MODES[mode], event_id=event_id)
