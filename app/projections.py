"""Projected tables on the command line: what there is, make one anew, prove that it is right."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from app.settings import Settings
from app.wiring.projections import TABLES, Compared, Difference, Status, Told, projecting

NOTHING = "Nothing to do."
UNREAD = "{} facts were recorded by a newer version and passed over. Update Stock Tracker."


def named(names: Sequence[str], *, everything: bool) -> list[str]:
    """The tables that are meant, each once. Raises click.UsageError."""
    there = ", ".join(TABLES)
    for name in names:
        if name not in TABLES:
            raise click.UsageError(f"There is no projected table {name}. There are: {there}.")
    if not names and not everything:
        raise click.UsageError(f"{NOTHING} Name a table, or say --all. There are: {there}.")
    return list(dict.fromkeys(names)) or list(TABLES)


async def show(settings: Settings) -> None:
    """One line for each table."""
    async with projecting(settings) as projections:
        found = await projections.status()
    table = Table("table", "rows, about", "size", "rebuild", box=None)
    for each in found:
        table.add_row(each.name, f"{each.rows:,}", _size(each.size), _progress(each))
    Console().print(table)


async def rebuild(settings: Settings, names: Sequence[str], *, anew: bool) -> None:
    """One after the other. Raises Refused."""
    async with projecting(settings) as projections:
        for name in names:
            began = monotonic()
            with _bar(name) as told:
                done = await projections.rebuilds.rebuild(TABLES[name], told, anew=anew)
            took = monotonic() - began
            click.echo(f"{name}: rebuilt; {done.facts:,} facts read in {took:.1f} s.")
            _tell_unread(done.unread, name)


async def verify(settings: Settings, names: Sequence[str]) -> int:
    """0 when every table equals its fold, else 1."""
    differing = 0
    async with projecting(settings) as projections:
        with _bar("verifying") as told:
            found = [each async for each in projections.verify(names, told)]
    for each in found:
        differing += each.differing
        _tell(each)
    return 1 if differing else 0


@contextmanager
def _bar(name: str) -> Iterator[Told]:
    """Nothing where nobody looks: in a pipe, in a log."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        line = bar.add_task(name, total=None)

        def told(step: str, done: int, total: int) -> None:
            bar.update(line, description=f"{name}: {step}", completed=done, total=total)

        yield told


def _tell(compared: Compared) -> None:
    rows, facts = f"{compared.rows:,} rows", f"the fold of {compared.facts:,} facts"
    if not compared.differing:
        click.secho(f"{compared.table}: {rows} equal {facts}.", fg="green")
    else:
        what = f"{compared.differing:,} rows differ from {facts}"
        cure = f"`stock-tracker projections rebuild {compared.table}` makes it right."
        click.secho(f"{compared.table}: {what}. {cure}", fg="red")
    for each in compared.differences:
        click.echo(f"  {_difference(each)}")
    _tell_unread(compared.unread, compared.table)


def _difference(each: Difference) -> str:
    if each.held is None and each.column is None:
        return f"{each.key}: missing"
    if each.told is None and each.column is None:
        return f"{each.key}: there, but no fact says so"
    return f"{each.key}: {each.column} is {each.held!r}, the facts say {each.told!r}"


def _tell_unread(unread: int, table: str) -> None:
    if unread:
        click.secho(f"  {table}: {UNREAD.format(f'{unread:,}')}", fg="yellow")


def _progress(status: Status) -> str:
    if status.position is None:
        return "under way" if status.running else ""
    share = f"{100 * status.position // max(status.last, 1)} %"
    if status.running:
        return f"under way, {share}"
    return f"interrupted at {share}; `rebuild {status.name}` goes on"


def _size(size: float) -> str:
    for unit in ("B", "kB", "MB"):
        if size < 1024:  # noqa: PLR2004 - a kibibyte
            return f"{size:.0f} {unit}"
        size /= 1024
    return f"{size:.1f} GB"
