"""The old tool's door: `python -m stock_tracker.main --sync-now`.

With DATABASE_URL it syncs the first company's shops; without, it does the old single-user job
from `.env`, with no database.
"""

import sys

import click

from app import settings
from app.command import run, told
from app.single import sync_single
from app.sync import sync_first_company


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--sync-now", is_flag=True, help="Sync now, then stop.")
def main(*, sync_now: bool) -> None:
    """Stock, orders and turnover from Wildberries into a Google Sheet."""
    if not sync_now:
        message = "Nothing to do. --sync-now syncs once; `stock-tracker serve` syncs by schedule."
        raise click.UsageError(message)
    with told():
        if settings.text("DATABASE_URL"):
            sys.exit(run(sync_first_company(settings.load())))
        sys.exit(run(sync_single(settings.load_single())))


if __name__ == "__main__":
    main()
