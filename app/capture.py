"""One reading of a shop's marketplace, written down answer by answer: on record, as every look."""

from uuid import UUID

import click

from app.asker import Asker
from app.new_file import new_file
from app.settings import Settings
from app.single import read_once
from app.staff import reason_of
from app.stock.connect import TOKEN
from app.sync import find
from app.wiring import opened
from app.wiring.capturing import captured
from domain import tenant
from domain.errors import Outside
from domain.events import Origin
from domain.ports import Access
from domain.snapshot import Snapshot


async def take(  # noqa: PLR0913 - whose, where to, why
    settings: Settings,
    shop_id: UUID | None,
    to: str,
    reason: str,
    correlation: UUID,
    *,
    hide_articles: bool,
) -> None:
    """Also a reading that ends early is kept, for that may be what somebody looks for; then it
    raises what ended it. Raises Refused for a file that is there, Invalid for a reason that says
    nothing or names somebody."""
    why = reason_of(reason, "--reason")
    origin = Origin(source="cli", actor=None, correlation=correlation, causation="cli:capture")
    ended: Outside | None = None
    async with opened(settings) as product:
        scope, row = await find(product, shop_id)
        with new_file(to) as file:
            token = await product.vault.open(scope.tenant, row.token_id, TOKEN)
            looked = tenant.ReadAsStaff(reason=why)
            await Asker(scope=scope, origin=origin).tell(product.handle, looked)
            access = Access(token=token.decode())
            async with captured(product, access, file, hide_articles=hide_articles) as (wb, made):
                try:
                    _tell(await read_once(wb, access))
                except Outside as early:
                    ended, made.ended = early, early.cause
    click.echo(f"{made.tape.calls} answers are in {to}.")
    if ended is not None:
        raise ended


def _tell(snapshot: Snapshot) -> None:
    click.echo(f"{len(snapshot.nm_ids)} products in {len(snapshot.places)} places.")
