"""`stock-tracker capture`: what Wildberries answers about a shop, as a file to be replayed."""

from uuid import UUID, uuid4

import click

from app.command import loaded, run, told

REASON = "capture"
"""Of a look for which none was given."""


@click.command()
@click.option("--shop", type=click.UUID, help="Its id; without it the oldest shop.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False), help="A new .zip.")
@click.option("--hide-articles", is_flag=True, help="Also the seller's own articles and texts.")
@click.option("--reason", help="Why; it stays on record. A ticket, never a name.")
def capture(shop: UUID | None, output: str, reason: str | None, *, hide_articles: bool) -> None:
    """Read a shop's marketplace from its beginning, as a first sync does, and keep the raw answers.

    The sheet is not touched. It costs the calls of a first sync. What is taken out: the token and
    all headers of requests; order numbers (srid, gNumber, sticker), of which stable stand-ins are
    left; prices; the seller's id in refusals; what fields say that no description knows. What is
    left: articles, names of cards and warehouses, quantities, dates, regions.

    `python -m sandbox --replay FILE` serves the answers.
    """
    from app.capture import take

    with told():
        run(take(loaded(), shop, output, reason or REASON, uuid4(), hide_articles=hide_articles))
