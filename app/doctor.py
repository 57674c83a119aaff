"""`stock-tracker doctor`: every part tried, and what to do about those that fail."""

import click

from app.settings import Settings
from app.web.health import Check, examine
from app.wiring import checks, opened


async def diagnose(settings: Settings) -> int:
    """Print a line for each part; 0 when all work, 1 otherwise."""
    for hint in settings.hints:
        click.secho(f"hint         {hint}", fg="yellow")
    try:
        async with opened(settings) as product:
            return await _report(checks(product))
    except Exception as error:  # noqa: BLE001 - it could not even be opened: that is the finding
        first = str(error).partition("\n")[0]
        click.secho(f"{'start':12} FAILS  {type(error).__name__}: {first}", fg="red")
        click.echo(f"{'':12} Start PostgreSQL, correct DATABASE_URL, then `stock-tracker migrate`.")
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
