"""`stock-tracker projections`: each command imports what it needs, so that `--help` is quick."""

import sys

import click

from app.command import loaded, run, told


@click.group()
def projections() -> None:
    """Tables that are made from facts: look, make anew, prove."""


@projections.command("list")
def projections_list() -> None:
    """Show each table, its size, and how far a rebuild has come."""
    from app.projections import show

    with told():
        run(show(loaded()))


@projections.command("rebuild")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every table.")
@click.option("--anew", is_flag=True, help="From the first fact, even if one was interrupted.")
def projections_rebuild(names: tuple[str, ...], *, everything: bool, anew: bool) -> None:
    """Make tables anew from the facts, while the product runs. May be interrupted at any time."""
    from app.projections import named, rebuild

    with told():
        wanted = named(names, everything=everything)
        run(rebuild(loaded(), wanted, anew=anew))


@projections.command("verify")
@click.argument("names", metavar="[NAME]...", nargs=-1)
def projections_verify(names: tuple[str, ...]) -> None:
    """Prove that tables are what the facts say; exit code 1 if one is not."""
    from app.projections import named, verify

    with told():
        sys.exit(run(verify(loaded(), named(names, everything=True))))
