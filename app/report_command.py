"""`stock-tracker report`: the table of a shop as a file, for who runs the servers."""

from uuid import UUID

import click

from app.command import loaded, run, told


@click.command()
@click.option("--shop", type=click.UUID, help="Its id; without it the oldest shop.")
@click.option("--format", "form", help="xlsx (the default) or csv.")
@click.option("--language", help="ru (the default) or en.")
@click.option("--at", help="A day, or a time with its zone: what the sheet said then.")
@click.option("--reason", help="Why; it stays on record. A ticket, never a name.")
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="A file, not the screen.")
def report(
    shop: UUID | None, form: str | None, reason: str | None, output: str | None, **asked: str | None
) -> None:
    """Write the table of a shop, as in its sheet; that you did is recorded in its audit log."""
    from app.stock.report.staff import REASON, report_for_staff
    from app.stock.report.wish import wish
    from app.sync import find
    from app.wiring import opened

    async def write() -> None:
        wished = wish({**asked, "format": form})
        async with opened(loaded()) as product:
            scope, row = await find(product, shop)
            reports, handle = product.reports, product.handle
            await report_for_staff(reports, handle, scope, row, wished, reason or REASON, output)

    with told():
        run(write())
