"""In-memory neighbours that keep the ports' promises: a marketplace and a sheet.

The contract tests of the real adapters hold these to the same words.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from domain.both import Both
from domain.capability import Known, Reading
from domain.errors import Invalid, Outside, Rejected
from domain.ports import Access, Account, Memory, Progress
from domain.secrecy import Secret
from domain.sheet_port import Effect, File, TabState, Target, Written
from domain.snapshot import Snapshot
from domain.stock import Card, CardPage, OrderPage, StockRead

ADDRESS = "robot@stock-tracker.iam.gserviceaccount.com"


def account(seller_id: str, name: str = "Рыжий кот", **changed: object) -> Account:
    """A healthy personal token's."""
    whole = Account(
        seller_id=seller_id,
        seller_name=name,
        token_kind="personal",
        scopes=("content", "analytics"),
        read_only=True,
        expires_at=None,
        works=("cards", "stock"),
        fails=(("orders", "Выпустите токен с категорией «Статистика»."),),
    )
    return replace(whole, **changed)


DEAD = "Токен Wildberries не работает: создайте новый / The token no longer works: make a new one."
UNSHARED = "Нет доступа к таблице / No access to the sheet."


@dataclass
class FakeMarketplace:
    """Knows the accounts of some tokens; any other one is dead. `down` is raised by every call."""

    accounts: dict[str, Account] = field(default_factory=dict)
    cards_of: dict[str, tuple[CardPage, ...]] = field(default_factory=dict)
    orders_of: dict[str, tuple[OrderPage, ...]] = field(default_factory=dict)
    stock_of: dict[str, StockRead] = field(default_factory=dict)
    down: Outside | None = None
    inspected: int = 0

    async def reach(self) -> None:
        if self.down is not None:
            raise self.down

    def seller_id(self, access: Access) -> str:
        self._open(access)
        return self.accounts[access.token].seller_id

    async def inspect(self, access: Access) -> Account:
        self.inspected += 1
        self._open(access)
        return self.accounts[access.token]

    async def cards(self, access: Access, cursor: str | None) -> AsyncIterator[CardPage]:
        self._open(access)
        for page in _after(self.cards_of.get(access.token, ()), cursor):
            yield page

    async def stock(
        self,
        access: Access,
        cards: Collection[Card],
        memory: Memory,
        progress: Progress,
        known: Known,
    ) -> StockRead:
        del cards, memory, known
        self._open(access)
        await progress("wb_stock")
        return self.stock_of[access.token]

    def order_sources(self, access: Access, known: Known) -> Sequence[Reading]:
        del access, known
        return [Reading.ORDERS]

    async def orders(
        self,
        access: Access,
        cursor: str | None,
        since: datetime,
        source: Reading = Reading.ORDERS,
    ) -> AsyncIterator[OrderPage]:
        del since, source
        self._open(access)
        for page in _after(self.orders_of.get(access.token, ()), cursor):
            yield page

    def _open(self, access: Access) -> None:
        if self.down is not None:
            raise self.down
        if access.token not in self.accounts:
            raise Rejected(DEAD, cause="token_dead")


@dataclass
class FakeSheet:
    """Files that are shared with us, by id, and what was written to them. `finds`: what a write
    says that she did; `full`: there is room for a banner alone."""

    files: dict[str, File] = field(default_factory=dict)
    written: list[tuple[Target, UUID, Snapshot]] = field(default_factory=list)
    address: str = ADDRESS
    down: Outside | None = None
    layout: str = ""
    banners: dict[str, str] = field(default_factory=dict)
    finds: tuple[str, ...] = ()
    full: bool = False

    def share(self, spreadsheet_id: str, title: str = "Остатки") -> None:
        self.files[spreadsheet_id] = File(
            spreadsheet_id=spreadsheet_id, title=title, locale="ru_RU", time_zone="Europe/Moscow"
        )

    async def reach(self) -> None:
        if self.down is not None:
            raise self.down

    async def check(self, spreadsheet_id: str) -> File:
        if self.down is not None:
            raise self.down
        if spreadsheet_id not in self.files:
            raise Rejected(UNSHARED, cause="sheet_unshared")
        return self.files[spreadsheet_id]

    async def make(self, title: str) -> File:
        if self.down is not None:
            raise self.down
        made = f"made-{len(self.files)}-{uuid4().hex}"
        self.share(made, title)
        return self.files[made]

    async def write(
        self,
        target: Target,
        new: tuple[UUID, Snapshot],
        old: tuple[UUID, Snapshot] | None,
        state: TabState | None,
        keep: Callable[[TabState, Effect], Awaitable[None]],
    ) -> Written:
        await self.check(target.spreadsheet_id)
        if self.full and target.banner is None:
            lacks = Both(ru=". Нужно ещё ячеек: 5", en=". More cells needed: 5")
            raise Rejected("Файл полон / The file is full.", cause="sheet_full", about=lacks)
        said = target.banner.word if target.banner else ""
        changed = old is None or replace(new[1], taken_at=old[1].taken_at) != old[1]
        changed = changed or said != self.banners.get(target.spreadsheet_id, "")
        self.banners[target.spreadsheet_id] = said
        if changed:
            self.written.append((target, *new))
        order = tuple(enumerate(new[1].nm_ids, start=2))
        newer = TabState(
            sheet_id=1,
            rev=(state.rev if state else 0) + changed,
            snapshot_id=new[0],
            order=order,
            layout=self.layout,
            written_at=new[1].taken_at,
            checked_at=new[1].taken_at,
        )
        told = (*target.before.notices, *self.finds)
        effect = Effect(
            changed=changed, reads=1, writes=int(changed), cells=len(order), notices=told
        )
        await keep(newer, effect)
        return Written(state=newer, effect=effect)


@dataclass
class FakeSignIn:
    """Every code but `wrong` is good for a consent."""

    on: bool = True

    def address(self, state: str, verifier: str) -> str:
        return f"https://accounts.example.com/?state={state}&verifier={verifier}"

    async def consent(self, code: Secret, verifier: str) -> Secret:
        del verifier
        if code.reveal() == "wrong":
            raise Rejected(
                "Google не подтвердил / Google did not confirm", cause="consent_not_given"
            )
        return Secret(f"consent-of-{code.reveal()}")


KEY = '{"client_email": "hers@project.iam.gserviceaccount.com"}'
"""What passes for a key of a service account here."""


@dataclass
class FakePrincipals:
    """Everybody writes the same sheet; of the pool each under an address of its own. `spent`: whose
    buckets a test wants to be seen."""

    sheet: FakeSheet
    robots: tuple[str, ...] = (ADDRESS,)
    sign_in: FakeSignIn = field(default_factory=FakeSignIn)
    allowances: tuple = ()
    spent: dict = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    stood_in: list[str] = field(default_factory=list)

    def spends(self, writer: str | UUID) -> tuple:
        return self.spent.get(writer, ())

    def robot(self, address: str, *, instead: bool = False) -> FakeSheet:
        if instead:
            self.stood_in.append(address)
        return self._as(address)

    def read(self, key: Secret) -> tuple[str, Secret]:
        if key.reveal() != KEY:
            raise Invalid("Это не ключ / This is not a key.", field="key")
        return "hers@project.iam.gserviceaccount.com", key

    def by_key(self, key_id: UUID, key: Secret) -> FakeSheet:
        del key_id, key
        return self._as("hers@project.iam.gserviceaccount.com")

    def by_consent(self, consent_id: UUID, consent: Secret) -> FakeSheet:
        del consent_id
        return self._as(consent.reveal())

    async def reach(self) -> None:
        await self.sheet.reach()

    def _as(self, who: str) -> FakeSheet:
        self.used.append(who)
        return self.sheet


def _after(pages: tuple, cursor: str | None) -> tuple:
    """Those that a bookmark has not passed."""
    passed = [n for n, page in enumerate(pages, start=1) if page.cursor == cursor]
    return pages[passed[0] :] if passed else pages
