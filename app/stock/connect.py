"""Connecting a shop and its sheet: tried live first, then recorded; the token goes to the vault."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from app.asker import Asker
from app.forgetting import forgetting
from app.handle import Handle
from app.read_models import Database
from app.stock.capabilities import tried
from app.stock.read import ShopRow, shop_by_id, shops
from app.stock.writers import Writers
from domain import shop, tenant
from domain.access import Role
from domain.both import together
from domain.errors import Invalid, Outside, Refused, Rejected
from domain.events import Rows
from domain.fact import fact
from domain.ids import uuid7
from domain.limits import Plans
from domain.ports import Access, Account, Clock
from domain.secrecy import Secret
from domain.sheet_port import File, Sheet
from domain.stock import ShopKey
from domain.table.link import spreadsheet_id
from domain.table.words import Words

TOKEN = "marketplace_token"  # noqa: S105 - the name of a field of the vault
LONGEST_TOKEN = 4_096
LONGEST_URL = 2_000
NEEDED = ("cards", "stock")
"""Sources without which a sheet would stay empty."""

_LABEL = "INSERT INTO labels (tenant_id, id, name) VALUES ($1, $2, $3) ON CONFLICT (tenant_id, id)"
NAME = f"{_LABEL} DO UPDATE SET name = excluded.name"
NAME_ONCE = f"{_LABEL} DO UPDATE SET name = labels.name"


SHARE = Words(ru="Откройте доступ (Редактор) для {address}", en="Share it with {address} (Editor)")


class TurnedDown(Refused):
    """A neighbour said no; the cause it named is the code."""

    def __init__(self, message: str, *, cause: str, field: str) -> None:
        super().__init__(message, field=field)
        self._cause = cause

    @property
    def code(self) -> str:
        """token_dead → TOKEN_DEAD."""
        return self._cause.upper()


class WrongSeller(Refused):
    """This token belongs to another seller than this shop. Leave out shopId to connect it as a
    shop of its own."""


@fact
class Wish:
    """A shop to connect. `shop_id`: whose token this replaces; without a name the seller's;
    `robot`: with whom of our pool its sheet is shared already."""

    marketplace: str
    token: Secret
    name: str | None = None
    shop_id: UUID | None = None
    robot: str = ""


class Inspector(Protocol):
    """As much of a marketplace as is needed here."""

    async def inspect(self, access: Access) -> Account:
        """See `domain.ports.Marketplace`."""


@fact
class Connect:
    """The use cases of `Start`: admins and owners only."""

    database: Database
    handle: Handle
    clock: Clock
    marketplaces: Mapping[str, Inspector]
    writers: Writers
    plans: Plans

    async def look(self, asker: Asker, wish: Wish) -> Account:
        """What the token would be good for; nothing is kept. Raises as `shop` does."""
        asker.demand(Role.ADMIN)
        return await self._inspect(wish.marketplace, trimmed(wish.token.reveal()))

    async def shop(self, asker: Asker, wish: Wish) -> tuple[ShopRow, Account]:
        """The shop, and what the token is good for. Nothing is kept of a token that fails. Raises
        TooManyShops for a seller that the company has no shop of yet."""
        asker.demand(Role.ADMIN)
        mine = await shops(self.database, asker.scope)
        if wish.shop_id and all(each.shop_id != wish.shop_id for each in mine):
            raise shop.UnknownShop(field="shopId")
        token = trimmed(wish.token.reveal())
        account = await self._inspect(wish.marketplace, token)
        known = _of_seller(mine, wish, account)
        if wish.shop_id and (known is None or known.shop_id != wish.shop_id):
            raise WrongSeller(field="token")
        robot = wish.robot or self.writers.next_robot(asker.scope.tenant, mine)
        await self._tell(asker, replace(wish, robot=robot), token, account)
        made = _of_seller(await shops(self.database, asker.scope), wish, account)
        if made is None:
            raise shop.UnknownShop
        return made, account

    async def drop(self, asker: Asker, shop_id: UUID) -> None:
        """Disconnect a shop and forget its token."""
        asker.demand(Role.ADMIN)

        company = asker.scope.tenant
        await asker.tell(self.handle, shop.DisconnectShop(shop_id=shop_id), forgetting(company))

    async def spreadsheet(self, asker: Asker, shop_id: UUID, url: str) -> File:
        """Connect the sheet that a person pasted, if we may edit it. The one it has already: she
        has mended something and wants to see it work, so a sync is asked for."""
        asker.demand(Role.ADMIN)
        known = await shop_by_id(self.database, asker.scope, shop_id)
        if known is None:
            raise shop.UnknownShop(field="shopId")
        file_id = linked(url)
        if file_id == known.spreadsheet_id:
            file = await self.checked(known, self.writers.of, file_id, "url")
            await asker.ask_for_sync(self.handle, shop_id)
            return file
        file = await self.checked(known, self.writers.shared_with, file_id, "url")
        robot = None if known.key_id else self.writers.robot(known)
        command = shop.ConnectSheet(shop_id=shop_id, spreadsheet_id=file_id, robot=robot)
        await asker.tell(self.handle, command, forgetting(asker.scope.tenant))
        return file

    async def checked(
        self,
        row: ShopRow,
        writer: Callable[[ShopRow], Awaitable[Sheet]],
        file_id: str,
        field: str,
    ) -> File:
        """The file, if this writer of the shop may edit it. Raises TurnedDown."""
        with turning_down(field):
            sheet = await writer(row)
            return await opened(sheet, file_id, field)

    async def _inspect(self, marketplace: str, token: str) -> Account:
        """Raises TurnedDown for a token that opens nothing, or too little for a sync."""
        try:
            account = await self.marketplaces[marketplace].inspect(Access(token=token))
        except Outside as no:
            raise TurnedDown(str(no), cause=no.cause, field="token") from no
        missing = set(NEEDED).difference(account.works)
        if missing:
            reasons = together(why for source, why in account.fails if source in missing)
            raise TurnedDown(reasons, cause="no_scope", field="token")
        return account

    async def _tell(self, asker: Asker, wish: Wish, token: str, account: Account) -> None:
        """The token is sealed once, whatever is decided; which shop it is for, the decision says:
        somebody else may connect the same seller at the same moment."""
        now, company = self.clock(), asker.scope.tenant
        command = shop.ConnectShop(
            shop_id=uuid7(now),
            marketplace=wish.marketplace,
            seller_id=account.seller_id,
            token_id=uuid7(now),
            token_kind=account.token_kind,
            expires_at=account.expires_at,
            robot=wish.robot or None,
            allowed=await self.plans.allowed(asker.scope),
        )
        sealed = await self.writers.vault.seal(company, command.token_id, TOKEN, token.encode())

        def rows(before: tenant.Tenant, events: Sequence[tenant.Event]) -> Rows:
            named = _named(company, events, wish.name, account.seller_name)
            opens = _opens(company, events, account, now)
            return [*named, *opens, *forgetting(company, sealed)(before, events)]

        await asker.tell(self.handle, command, rows)


async def opened(sheet: Sheet, file_id: str, field: str) -> File:
    """The file, if this principal may edit it. Raises TurnedDown with the address to share it with,
    which most of its cures need."""
    try:
        return await sheet.check(file_id)
    except Rejected as no:
        address, said = sheet.address, str(no)
        if address and address not in said:
            said = together((said, str(SHARE.both(address=address))))
        raise TurnedDown(said, cause=no.cause, field=field) from no


@contextmanager
def turning_down(field: str) -> Iterator[None]:
    """What a neighbour refuses belongs to this field."""
    try:
        yield
    except Outside as no:
        raise TurnedDown(str(no), cause=no.cause, field=field) from no


def linked(url: str) -> str:
    """The id of the sheet that a person pasted. Raises Invalid."""
    if len(url) > LONGEST_URL:
        raise Invalid("This is too long for a link to a Google Sheet.", field="url")
    return spreadsheet_id(url, field="url")


def _of_seller(mine: Sequence[ShopRow], wish: Wish, account: Account) -> ShopRow | None:
    seller = (wish.marketplace, account.seller_id)
    return next((each for each in mine if (each.marketplace, each.seller_id) == seller), None)


def _named(
    company: UUID, events: Sequence[tenant.Event], wanted: str | None, sellers: str
) -> Iterator[tuple[str, Sequence[Any]]]:
    """A shop is called what its seller is, unless she wants another name, or has one already: the
    marketplace tells it once a day to some tokens, so it may have come to none before."""
    for event in events:
        match event:
            case shop.ShopConnected(shop_id=shop_id) if name := wanted or sellers:
                yield NAME, (company, shop_id, name)
            case shop.TokenReplaced(shop_id=shop_id) if wanted:
                yield NAME, (company, shop_id, wanted)
            case shop.TokenReplaced(shop_id=shop_id) if sellers:
                yield NAME_ONCE, (company, shop_id, sellers)


def _opens(
    company: UUID, events: Sequence[tenant.Event], account: Account, now: datetime
) -> Iterator[tuple[str, Sequence[Any]]]:
    """What the new token was tried to open, in place of what was known of the one before."""
    for event in events:
        match event:
            case (
                shop.ShopConnected(shop_id=shop_id, token_id=token_id)
                | shop.TokenReplaced(shop_id=shop_id, token_id=token_id)
            ):
                yield from tried(ShopKey(tenant=company, shop=shop_id), token_id, account, now)


def trimmed(token: str) -> str:
    """As pasted, with or without `Bearer`. Raises Invalid for what no marketplace issues."""
    bare = token.strip().removeprefix("Bearer ").strip()
    if not bare or len(bare) > LONGEST_TOKEN or not bare.isascii() or not bare.isprintable():
        message = (
            "Это не токен: скопируйте его целиком, без пробелов и переносов / "
            "Not a token: copy all of it, without spaces or line breaks."
        )
        raise Invalid(message, field="token")
    return bare
