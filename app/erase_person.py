"""Erasing a person from the command line: shown first, then confirmed, then done."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import click

from app.accounts.erase import Leaving, erase, person_of, plan
from app.settings import Settings
from app.wiring import opened
from domain.events import Origin

ENDS = """This erases person {person} for ever: her name, address, password and sessions, and where
her requests came from.
What she did stays in the audit log, as done by an erased person. Google Sheets stay as they are."""


async def erase_person(settings: Settings, who: str, *, sure: bool) -> int:
    """0 when she is gone. Says nothing of her that was not typed: ids and counts."""
    async with opened(settings) as product:
        person = await person_of(product.accounts, who)
        _show(person, await plan(product.accounts, person))
        if not sure and not click.confirm("Erase her?"):
            click.echo("Nothing was changed.")
            return 1
        origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:erase-person")
        await erase(product.accounts, person, origin)
        click.secho(f"Person {person} is erased.", fg="green")
    return 0


def _show(person: UUID, leaving: Sequence[Leaving]) -> None:
    click.echo(ENDS.format(person=person))
    for each in leaving:
        told = f"Leaves company {each.company}"
        if each.alone:
            told += f" and leaves nobody there: {each.shops} shops go, all but history is deleted"
        click.echo(f"{told}.")
