"""Who writes which sheet: one of our pool, or by her key or consent, which the vault keeps."""

from collections.abc import Sequence
from uuid import UUID

from app.stock.read import ShopRow
from domain.both import Both
from domain.errors import Outside, Rejected
from domain.fact import fact
from domain.ports import Allowance
from domain.principals import Principals, chosen
from domain.secrecy import Secret, SecretGone, Vault
from domain.sheet_port import Sheet
from domain.table.refusals import HERSELF, refusal
from domain.writer import GoogleSignInMissing

KEY, CONSENT = "google_key", "google_consent"
"""Names of fields of the vault."""


@fact
class Writers:
    """All of them. An address is "" where there is none to share with: no pool, no key."""

    principals: Principals
    vault: Vault

    def address(self, row: ShopRow) -> str:
        """What a file of this shop is shared with."""
        return row.key_address or self.robot(row)

    def named(self, row: ShopRow) -> str | Both:
        """Who writes it, in the words of a refusal."""
        return HERSELF if row.herself else self.address(row)

    def robot(self, row: ShopRow) -> str:
        """Of our pool. Shops from before there was one were shared with its first. Whoever has left
        it is stood in for by whom the company would be given today."""
        robots = self.principals.robots
        if not robots:
            return ""
        if row.robot is None:
            return robots[0]
        return row.robot if row.robot in robots else chosen(row.tenant_id, robots)

    def next_robot(self, company: UUID, mine: Sequence[ShopRow]) -> str:
        """Of a shop to come: a company shares all its sheets with one address."""
        robots = self.principals.robots
        if mine:
            return self.robot(mine[0])
        return chosen(company, robots) if robots else ""

    def spends(self, row: ShopRow) -> Sequence[Allowance]:
        """The buckets of whoever writes it now; none where nobody could."""
        writer = row.consent_id if row.herself else self.address(row)
        return self.principals.spends(writer) if writer else ()

    def unsettled(self, row: ShopRow) -> str | None:
        """Who of our pool writes, where that is not on record."""
        address = "" if row.herself or row.key_id else self.robot(row)
        return address if address and address != row.robot else None

    async def of(self, row: ShopRow) -> Sheet:
        """Who writes it now. Raises Rejected when what speaks for her is no longer kept."""
        if row.herself and row.consent_id is None:  # she has left, and took her consent along
            raise Rejected(refusal("consent_revoked"), cause="consent_revoked")
        return await (self.herself(row) if row.herself else self.shared_with(row))

    async def opens(self, row: ShopRow) -> bool:
        """Is its writer let into its sheet at this moment?"""
        if row.spreadsheet_id is None:
            return False
        try:
            await (await self.of(row)).check(row.spreadsheet_id)
        except Outside:
            return False
        return True

    async def herself(self, row: ShopRow) -> Sheet:
        """She, by her consent. Raises as `of`, and GoogleSignInMissing."""
        if row.consent_id is None:
            raise GoogleSignInMissing(field="shopId")
        consent = await self._opened(row, row.consent_id, CONSENT, "consent_revoked")
        return self.principals.by_consent(row.consent_id, consent)

    async def shared_with(self, row: ShopRow) -> Sheet:
        """Who opens a file that is shared with the shop's address. Raises as `of`."""
        if row.key_id:
            key = await self._opened(row, row.key_id, KEY, "own_key_refused")
            return self.principals.by_key(row.key_id, key)
        return self.pooled(row)

    def pooled(self, row: ShopRow) -> Sheet:
        """Who of our pool would."""
        address = self.robot(row)
        return self.principals.robot(address, instead=row.robot not in {None, address})

    async def _opened(self, row: ShopRow, secret_id: UUID, field: str, cause: str) -> Secret:
        try:
            return Secret((await self.vault.open(row.tenant_id, secret_id, field)).decode())
        except SecretGone as gone:
            said = refusal(cause, address=row.key_address or "")
            raise Rejected(said, cause=cause) from gone
