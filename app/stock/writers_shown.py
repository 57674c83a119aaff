"""Who writes a shop's sheet, as GraphQL shows it."""

from enum import Enum

import strawberry

from app.graphql.context import Info
from app.graphql.fields import resolved, said
from app.stock.read import ShopRow
from app.stock.writers import Writers


@strawberry.enum(description="Whose Google account writes a sheet.")
class SheetWriterKind(Enum):
    SERVICE = "service"
    OWN_KEY = "own_key"
    OWN_ACCOUNT = "own_account"


@strawberry.type(description="Who writes a shop's sheet at Google.")
class SheetWriter:
    kind: SheetWriterKind = said(
        "An account of the service's, a service account of hers by its key, or her own account."
    )
    signed_in: bool = said("Whether she has signed in with Google, so that makeSheet works.")
    row: strawberry.Private[ShopRow]

    @resolved("The address that a sheet of this shop is shared with (Editor); empty for none.")
    def address(self, info: Info) -> str:
        ports = info.context.ports
        return Writers(principals=ports.principals, vault=ports.vault).address(self.row)


def writer_of(row: ShopRow) -> SheetWriter:
    """A row of the read table as the API shows it."""
    kind = SheetWriterKind.OWN_KEY if row.key_id else SheetWriterKind.SERVICE
    kind = SheetWriterKind.OWN_ACCOUNT if row.herself else kind
    return SheetWriter(kind=kind, signed_in=row.consent_id is not None, row=row)
