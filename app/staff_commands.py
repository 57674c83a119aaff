"""`stock-tracker staff`: who runs the servers; only who has the servers can say so."""

from uuid import uuid4

import click

from app.command import loaded, run, told
from domain.events import Origin

_LIST = "SELECT user_id, full_name, email FROM people WHERE staff ORDER BY full_name, user_id"


@click.group()
def staff() -> None:
    """Who runs the servers: they see all companies, on record."""


@staff.command("list")
def show() -> None:
    """Who belongs to it."""
    from app.wiring import opened

    async def each() -> None:
        async with opened(loaded()) as product, product.database.driver() as driver:
            for person, name, email in await driver.fetch(_LIST):
                click.echo(f"{person}  {name} <{email}>")

    with told():
        run(each())


@staff.command()
@click.argument("who")
def add(who: str) -> None:
    """Let somebody see all companies; WHO is her e-mail address or id."""
    from app.accounts.erase import person_of
    from app.staff import appoint
    from app.wiring import opened

    async def appointed() -> None:
        async with opened(loaded()) as product:
            person = await person_of(product.accounts, who)
            await appoint(product.handle, person, _origin("add"))
            click.secho(f"{person} belongs to the staff now.", fg="green")

    with told():
        run(appointed())


@staff.command()
@click.argument("who")
def remove(who: str) -> None:
    """Let her see her own companies only."""
    from app.accounts.erase import person_of
    from app.staff import dismiss
    from app.wiring import opened

    async def dismissed() -> None:
        async with opened(loaded()) as product:
            person = await person_of(product.accounts, who)
            await dismiss(product.handle, person, _origin("remove"))
            click.secho(f"{person} belongs to the staff no more.", fg="green")

    with told():
        run(dismissed())


def _origin(verb: str) -> Origin:
    return Origin(source="cli", actor=None, correlation=uuid4(), causation=f"cli:staff {verb}")
