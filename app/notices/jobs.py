"""The run behind a notice: is it still true, who is to know, is it her hour, and then the mails.

Every try asks all of it anew: what was mended while a notice waited is not told any more.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Protocol, TypeAlias
from uuid import UUID

from app.notices import read
from app.notices.letters import Told, letter
from app.notices.links import Links, Off
from app.notices.read import Person, Shop
from app.read_models import Database
from domain.access import Role, TenantScope
from domain.both import Both
from domain.errors import Outside, Rejected, Unavailable
from domain.fact import fact
from domain.health import TOKEN_DEAD
from domain.lateness import CANCELLED, HELD, NOT_CONNECTED, Why
from domain.notices import MOST, OF_CAUSE, Notice, quiet_until
from domain.ports import Clock, Memory, Progress
from domain.post import HERS_AWAY, Addressees, Post
from domain.run import Cancel, Done, Outcome, Task, Wait
from domain.snapshot import MOSCOW


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


OFF = _("Mail is off on this server: SMTP_URL is not set. Nobody was told.")
GONE = _("The shop was disconnected before anybody was told.")
MENDED = _("It was mended before anybody was told.")
OTHERWISE = _("Another notice tells of this.")
BROKEN_AGAIN = _("It broke again before anybody was told that it was mended.")
QUIET = _("Quiet hours: nobody is written to before the morning.")
OWN_DOING = _("Its own people hold it up, so they know.")
BY_THEMSELVES = (HELD, CANCELLED, NOT_CONNECTED)
"""Causes of lateness that her people made themselves."""
SENT, KEPT, NOBODY = b"sent", b"kept", b"nobody"
"""What became of one person's mail: sent; kept back, for she had too many; nobody is there."""
A_DAY = timedelta(days=1)
COUNTS = {"mails": SENT, "keptBack": KEPT, "unreachable": NOBODY}
"""What a run's result calls them."""


class Late(Protocol):
    """Since when a shop is late, and why."""

    @property
    def since(self) -> datetime: ...
    @property
    def why(self) -> Why: ...


Look: TypeAlias = Callable[[TenantScope, UUID], Awaitable[Late | None]]
"""None for a shop that is not late, or gone."""


class Books(Addressees, Protocol):
    """What was sent to whom. Nothing is kept of who or what is gone."""

    async def take(self, person: UUID, day: date, most: int) -> tuple[int, int] | None:
        """One of her mails of this day: which it is, and how many were kept back on days before it
        that she was not told of; None, and one more is kept back, once she had `most`."""

    async def give_back(self, person: UUID, day: date, earlier: int) -> None:
        """It was not sent."""

    async def tell(self, of: tuple[UUID, UUID], person: UUID, cause: str, at: datetime) -> None:
        """She was told of this trouble of (company, shop)."""

    async def over(self, of: tuple[UUID, UUID], person: UUID) -> None:
        """All that she was told of is over."""


@fact
class Notify:
    """`address`: with whom a shop's sheet is shared."""

    database: Database
    post: Post
    books: Books
    look: Look
    links: Links
    clock: Clock
    address: Callable[[TenantScope, UUID], Awaitable[str | Both]]

    async def __call__(self, task: Task, memory: Memory, progress: Progress) -> Outcome:
        """Raises Unavailable while the mail server is away, Rejected if it will not take ours."""
        if not self.post.on:
            return Cancel(why=OFF)
        scope = TenantScope(tenant=task.tenant, person=task.run_id, role=Role.VIEWER)
        shop = await read.shop(self.database, scope, task.shop_id) if task.shop_id else None
        if shop is None or task.shop_id is None:
            return Cancel(why=GONE)
        args = {name: str(value) for name, value in task.args.items()}
        late = await self.look(scope, task.shop_id)
        if over := why_not(args, shop, late):
            return Cancel(why=over)
        told = Told(
            kind=Notice(args["notice"]),
            args=args,
            shop_id=task.shop_id,
            shop=shop,
            why=late.why if late else None,
            address=await self.address(scope, task.shop_id),
        )
        asked = await self._asked(scope, told, memory)
        return await self._write(task, told, asked, memory, progress)

    async def _asked(
        self, scope: TenantScope, told: Told, memory: Memory
    ) -> Sequence[tuple[Person, bytes | None]]:
        """Who is to know, with what became of her mail at an earlier try. That all is well again
        hears who was told of trouble, if she wants to; who does not is done with it."""
        known = await read.told(self.database, scope, told.shop_id)
        troubled = {person for person, _cause in known}
        asked = []
        for each in await read.people(self.database, scope):
            became, wants = await memory.recall(_step(each)), told.kind in each.choice.kinds
            if told.kind is Notice.RECOVERED:
                to_know = each.user_id in troubled
                if to_know and not wants:
                    await self.books.over((scope.tenant, told.shop_id), each.user_id)
            else:
                key = (each.user_id, told.cause)
                over_at = known.get(key)
                # Whoever does not know yet that it was over for some hours knows of it still.
                again = over_at is not None and self.clock() - over_at > A_DAY
                to_know = key not in known or again
            if became is not None or (wants and to_know):
                asked.append((each, became))
        return asked

    async def _write(
        self,
        task: Task,
        told: Told,
        people: Sequence[tuple[Person, bytes | None]],
        memory: Memory,
        progress: Progress,
    ) -> Outcome:
        quiet = quiet_until(self.clock(), told.shop.zone)
        tally, waiting = Counter[bytes](), False
        refused: Outside | None = None
        for done, (person, before) in enumerate(people):
            await progress("mails", done, len(people))
            if before is None and quiet is not None and not person.choice.at_night:
                waiting = True
                continue
            try:
                became = before or await self._mail(task, told, person)
            except Rejected as no:
                refused = no
                continue
            except Unavailable as away:
                if away.cause != HERS_AWAY:
                    raise
                refused = refused or away
                continue
            await memory.keep(_step(person), became)
            await self._remember(task.tenant, told, person, became)
            tally[became] += 1
        if waiting and quiet is not None:
            return Wait(until=quiet, why=QUIET)
        if refused is not None:
            raise refused
        counts = {name: tally[word] for name, word in COUNTS.items()}
        told_of = {name: n for name, n in counts.items() if n or name == "mails"}
        return Done(why="", result=told_of)

    async def _mail(self, task: Task, told: Told, person: Person) -> bytes:
        """What became of it. Raises Rejected and Unavailable, and then she was not told."""
        if person.failed_at is not None:
            return NOBODY
        now = self.clock()
        day = now.astimezone(MOSCOW).date()
        turn = await self.books.take(person.user_id, day, MOST)
        if turn is None:
            return KEPT
        number, earlier = turn
        written = letter(
            told,
            self.links,
            person=person,
            off=Off(company=task.tenant, person=person.user_id, kind=told.kind),
            ident=_ident(task, person),
            earlier=earlier,
            last=number == MOST,
        )
        try:
            await self.post.send(written)
        except Exception as no:
            await self.books.give_back(person.user_id, day, earlier)
            if isinstance(no, Rejected) and no.cause == "mail_address":
                await self.books.failed(person.user_id, now)
                return NOBODY
            raise
        return SENT

    async def _remember(self, company: UUID, told: Told, person: Person, became: bytes) -> None:
        of = (company, told.shop_id)
        if told.kind is Notice.RECOVERED:
            await self.books.over(of, person.user_id)
        elif became == SENT and told.kind is not Notice.TOKEN_EXPIRING:
            await self.books.tell(of, person.user_id, told.cause, self.clock())


def why_not(args: Mapping[str, str], shop: Shop, late: Late | None) -> str | None:
    """Why nobody needs to be told any more; None if somebody does."""
    match args:
        case {"notice": Notice.TOKEN_EXPIRING, "token": token} if str(shop.token_id) == token:
            return OTHERWISE if shop.token_dead else None
        case {"notice": Notice.LATE} if late is not None:
            otherwise = OTHERWISE if late.why.cause in OF_CAUSE else None
            return OWN_DOING if late.why.cause in BY_THEMSELVES else otherwise
        case {"notice": Notice.RECOVERED, "at": at}:
            # The success that it tells of may not be counted yet, so late since before is not late.
            again = late is not None and late.since > datetime.fromisoformat(at)
            return BROKEN_AGAIN if shop.broken or again else None
        case {"cause": cause} if shop.broken == cause:
            renewed = cause == TOKEN_DEAD and not shop.token_dead
            return MENDED if renewed else None
        case _:
            return MENDED


def _step(person: Person) -> str:
    return f"mail:{person.user_id}"


def _ident(task: Task, person: Person) -> str:
    """The same at each try, so that a mail that arrived twice is one for who reads it."""
    told = task.run_id.bytes + person.user_id.bytes
    return blake2b(told, digest_size=16).hexdigest()
