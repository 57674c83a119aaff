"""Connecting a shop and its sheet: tried live first, then recorded; the token goes to the vault."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.asker import Asker, Command
from app.handle import Handle
from app.read_models import Database
from app.stock.read import ShopRow, shop_by_id, shops
from domain import shop
from domain.access import Role
from domain.errors import Conflict, Invalid, Outside, Refused, Rejected, Taken
from domain.fact import fact
from domain.ids import uuid7
from domain.ports import Access, Account, Clock, File, Marketplace, Sheet
from domain.secrecy import Secret, Vault
from domain.table.link import spreadsheet_id

TOKEN = "marketplace_token"  # noqa: S105 - the name of a field of the vault
LONGEST_TOKEN = 4_096
LONGEST_URL = 2_000

NAME = """
INSERT INTO labels (tenant_id, id, name) VALUES ($1, $2, $3)
ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name
"""
FORGET = "DELETE FROM secrets WHERE tenant_id = $1 AND secret_id = $2"


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
    """A shop to connect. `shop_id`: whose token this replaces; without a name the seller's."""

    marketplace: str
    token: Secret
    name: str | None = None
    shop_id: UUID | None = None


@fact
class Connect:
    """The use cases of `Start`: admins and owners only."""

    database: Database
    handle: Handle
    clock: Clock
    marketplaces: Mapping[str, Marketplace]
    sheet: Sheet
    vault: Vault

    async def shop(self, asker: Asker, wish: Wish) -> tuple[UUID, Account]:
        """The shop's id, and what the token is good for. Nothing is kept of a token that fails."""
        asker.demand(Role.ADMIN)
        mine = await shops(self.database, asker.scope)
        if wish.shop_id and all(each.shop_id != wish.shop_id for each in mine):
            raise shop.UnknownShop(field="shopId")
        token = _trimmed(wish.token.reveal())
        account = await self._inspect(wish.marketplace, token)
        seller = (wish.marketplace, account.seller_id)
        same = (each for each in mine if (each.marketplace, each.seller_id) == seller)
        known = next(same, None)
        if wish.shop_id and (known is None or known.shop_id != wish.shop_id):
            raise WrongSeller(field="token")
        now = self.clock()
        command = shop.ConnectShop(
            shop_id=known.shop_id if known else uuid7(now),
            marketplace=wish.marketplace,
            seller_id=account.seller_id,
            token_id=uuid7(now),
            token_kind=account.token_kind,
            expires_at=account.expires_at,
        )
        tenant = asker.scope.tenant
        rows = [await self.vault.seal(tenant, command.token_id, TOKEN, token.encode())]
        name = wish.name or (None if known else account.seller_name)
        if name:
            rows.append((NAME, (tenant, command.shop_id, name)))
        await self._tell(asker, command, rows, known)
        return command.shop_id, account

    async def drop(self, asker: Asker, shop_id: UUID) -> None:
        """Disconnect a shop and forget its token."""
        asker.demand(Role.ADMIN)
        known = await shop_by_id(self.database, asker.scope, shop_id)
        await self._tell(asker, shop.DisconnectShop(shop_id=shop_id), [], known)

    async def spreadsheet(self, asker: Asker, shop_id: UUID, url: str) -> File:
        """Connect the sheet that a person pasted, if we may edit it."""
        asker.demand(Role.ADMIN)
        if await shop_by_id(self.database, asker.scope, shop_id) is None:
            raise shop.UnknownShop(field="shopId")
        if len(url) > LONGEST_URL:
            raise Invalid("This is too long for a link to a Google Sheet.", field="url")
        file_id = spreadsheet_id(url, field="url")
        try:
            file = await self.sheet.check(file_id)
        except Rejected as no:
            raise TurnedDown(self._shareable(no), cause=no.cause, field="url") from no
        except Outside as no:
            raise TurnedDown(str(no), cause=no.cause, field="url") from no
        connect = shop.ConnectSheet(shop_id=shop_id, spreadsheet_id=file_id)
        await asker.tell(self.handle, connect)
        return file

    async def _inspect(self, marketplace: str, token: str) -> Account:
        try:
            return await self.marketplaces[marketplace].inspect(Access(token=token))
        except Outside as no:
            raise TurnedDown(str(no), cause=no.cause, field="token") from no

    async def _tell(
        self,
        asker: Asker,
        command: Command,
        rows: Sequence[tuple[str, Sequence[Any]]],
        known: ShopRow | None,
    ) -> None:
        """With the token it had, if any, forgotten in the same transaction."""
        forget = [(FORGET, (asker.scope.tenant, known.token_id))] if known else []
        try:
            await asker.tell(self.handle, command, [*rows, *forget])
        except Taken as moved:
            raise Conflict(Conflict.__doc__) from moved

    def _shareable(self, no: Rejected) -> str:
        """The refusal, with the address to share with, which most of its cures need."""
        address = self.sheet.address
        said = str(no)
        return said if address in said else f"{said} Откройте доступ (Редактор) для {address}."


def _trimmed(token: str) -> str:
    """As pasted, with or without `Bearer`. Raises Invalid for what no marketplace issues."""
    bare = token.strip().removeprefix("Bearer ").strip()
    if not bare or len(bare) > LONGEST_TOKEN or not bare.isascii() or not bare.isprintable():
        message = (
            "Это не токен: скопируйте его целиком, без пробелов и переносов / "
            "Not a token: copy all of it, without spaces or line breaks."
        )
        raise Invalid(message, field="token")
    return bare
