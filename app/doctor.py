"""`stock-tracker doctor`: every part tried, and what to do about those that fail."""

import click

from app.settings import Settings
from app.web.health import Check, examine
from app.wiring import NotMigrated, opened
from app.wiring.checks import checks, neighbours
from domain.secrecy import WrongMasterKey


async def diagnose(settings: Settings) -> int:
    """Print a line for each part; 0 when all work, 1 otherwise."""
    for hint in settings.hints:
        click.secho(f"hint         {hint}", fg="yellow")
    try:
        async with opened(settings) as product:
            return await _report([*checks(product), *neighbours(product)])
    except WrongMasterKey as wrong:
        return _shut("encryption", " ".join(str(wrong).split()), "Correct ENCRYPTION_MASTER_KEY.")
    except NotMigrated as empty:
        return _shut("migrations", str(empty), "")
    except Exception as error:  # noqa: BLE001 - it could not even be opened: that is the finding
        first = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        return _shut("database", first, "Start PostgreSQL, or correct DATABASE_URL.")


def _shut(part: str, problem: str, cure: str) -> int:
    click.secho(f"{part:12} FAILS  {problem}", fg="red")
    click.echo(f"{'':12} {cure}")
    return 1


async def _report(parts: list[Check]) -> int:
    findings = await examine(parts)
    for each in findings:
        if each.ok:
            click.secho(f"{each.name:12} works", fg="green")
        else:
            click.secho(f"{each.name:12} FAILS  {each.problem}", fg="red")
            click.echo(f"{'':12} {each.cure}")
    return 0 if all(each.ok for each in findings) else 1
