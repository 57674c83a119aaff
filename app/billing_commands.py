"""`stock-tracker billing`: what to do where Stripe and we differ, or its messages were missed."""

import sys

import click

from app.command import loaded, run, told


@click.group()
def billing() -> None:
    """What Stripe has and sent: compare, fetch, work on it again."""


@billing.command("reconcile")
@click.option("--dry-run", "dry", is_flag=True, help="Only show; exit code 1 if anything differs.")
@click.option("--reason", help="Why you look; it stays on record. A ticket, never a name.")
def billing_reconcile(*, dry: bool, reason: str | None) -> None:
    """Show where Stripe and we differ, and have a worker look at each such company anew."""
    from app.payment_office import reconcile

    with told():
        sys.exit(run(reconcile(loaded(), reason, dry=dry)))


@billing.command("backfill")
@click.option(
    *("--days", "days"),
    type=click.IntRange(1, 30),
    default=30,
    show_default=True,
    help="How far back; Stripe keeps its messages for 30.",
)
def billing_backfill(*, days: int) -> None:
    """Fetch messages of Stripe's that never came."""
    from app.payment_office import backfill

    with told():
        count = run(backfill(loaded(), days))
        click.echo(f"New messages: {count}.")


@billing.command("replay")
@click.option("--since", required=True, help="Came from here on: a day or a time with its zone.")
@click.option("--until", required=True, help="Came before.")
@click.option("--type", "type_", help="Of this type, such as invoice.paid.")
@click.option("--customer", help="About this customer: cus_…")
def billing_replay(since: str, until: str, type_: str | None, customer: str | None) -> None:
    """Work again on messages that came. What is known already does not change."""
    from app.payment_office import range_of, replay

    with told():
        wanted = range_of(since, until, type_, customer)
        count = run(replay(loaded(), wanted))
        click.echo(f"Messages to be worked on again: {count}.")


@billing.command("inbox")
def billing_inbox() -> None:
    """Show how many messages wait, belong to nobody, or were given up."""
    from app.payment_office import show_inbox

    with told():
        run(show_inbox(loaded()))
