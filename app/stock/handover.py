"""Who writes a shop's sheet, handed over: to a service account of hers, to herself, back to us.

A sheet that is connected is tried by the new writer first, so that none stops by being handed over.
"""

import asyncio
from uuid import UUID

from app.asker import Asker
from app.forgetting import forgetting
from app.stock.connect import Connect, opened, turning_down
from app.stock.read import ShopRow, shop_by_id
from app.stock.writers import CONSENT, KEY
from domain import shop, writer
from domain.access import Role
from domain.fact import fact
from domain.ids import uuid7
from domain.principals import SignIn
from domain.secrecy import Secret
from domain.sheet_port import File, Sheet


@fact
class Handover:
    """The use cases; admins and owners only. All raise UnknownShop, and TurnedDown for what Google
    refuses."""

    connect: Connect

    @property
    def sign_in(self) -> SignIn:
        """Google's, for people."""
        return self.connect.writers.principals.sign_in

    async def key(self, asker: Asker, shop_id: UUID, key: Secret) -> str:
        """A service account of hers writes from now on: its address. Nothing is kept of a key that
        does not let us in. Raises Invalid."""
        row, writers = await self.row(asker, shop_id), self.connect.writers
        address, kept = await asyncio.to_thread(writers.principals.read, key)
        key_id = uuid7(self.connect.clock())
        sheet = writers.principals.by_key(key_id, kept)
        with turning_down("key"):
            await sheet.reach()
            await _tried(sheet, row, "key")
        company = asker.scope.tenant
        sealed = await writers.vault.seal(company, key_id, KEY, kept.reveal().encode())
        command = writer.GiveKey(shop_id=shop_id, address=address, key_id=key_id)
        await asker.tell(self.connect.handle, command, forgetting(company, sealed))
        return address

    async def robot(self, asker: Asker, shop_id: UUID) -> str:
        """An account of our pool writes again: its address. What hers was written with is
        forgotten."""
        row, writers = await self.row(asker, shop_id), self.connect.writers
        address = writers.robot(row)
        with turning_down("shopId"):
            sheet = writers.pooled(row)
            await _tried(sheet, row, "shopId")
            if not address:
                await sheet.reach()
        command = writer.AssignRobot(shop_id=shop_id, address=address)
        await asker.tell(self.connect.handle, command, forgetting(asker.scope.tenant))
        return address

    async def consent(self, asker: Asker, shop_id: UUID, code: Secret, verifier: str) -> None:
        """She signed in with Google, and came back with a code."""
        await self.row(asker, shop_id)
        with turning_down("google"):
            consent = await self.sign_in.consent(code, verifier)
        company, consent_id = asker.scope.tenant, uuid7(self.connect.clock())
        vault = self.connect.writers.vault
        sealed = await vault.seal(company, consent_id, CONSENT, consent.reveal().encode())
        person = asker.scope.person
        command = writer.SignIn(shop_id=shop_id, consent_id=consent_id, user_id=person)
        await asker.tell(self.connect.handle, command, forgetting(company, sealed))

    async def make(self, asker: Asker, shop_id: UUID) -> File:
        """A new sheet in her own Drive, connected. Raises GoogleSignInMissing."""
        row = await self.row(asker, shop_id)
        with turning_down("google"):
            sheet = await self.connect.writers.herself(row)
            file = await sheet.make(f"Stock Tracker · {row.name or row.seller_id}")
        command = writer.ConnectMade(shop_id=shop_id, spreadsheet_id=file.spreadsheet_id)
        await asker.tell(self.connect.handle, command, forgetting(asker.scope.tenant))
        return file

    async def row(self, asker: Asker, shop_id: UUID) -> ShopRow:
        """The shop, which she may change. Raises Forbidden."""
        asker.demand(Role.ADMIN)
        row = await shop_by_id(self.connect.database, asker.scope, shop_id)
        if row is None:
            raise shop.UnknownShop(field="shopId")
        return row


async def _tried(sheet: Sheet, row: ShopRow, field: str) -> None:
    if row.spreadsheet_id is not None:
        await opened(sheet, row.spreadsheet_id, field)
