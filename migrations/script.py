"""Whole scripts in one go: asyncpg prepares single statements only, so these go around it."""

from alembic import op


def run(script: str) -> None:
    """Execute several statements, separated by semicolons, in the migration's transaction."""
    op.get_bind().connection.run_async(lambda driver: driver.execute(script))
