"""What was sent to whom: so that nobody is told twice, and nobody too often."""

from datetime import date, datetime
from uuid import UUID

from infrastructure.postgres.database import Database

# Nothing is kept of a person, or of a shop, that went meanwhile.
_OPEN = """
INSERT INTO mail_days (tenant_id, day, sent, held)
SELECT user_id, $2, 0, 0 FROM people WHERE tenant_id = $1 AND user_id = $1
ON CONFLICT DO NOTHING
"""
_TAKE = """
UPDATE mail_days SET sent = sent + 1 WHERE tenant_id = $1 AND day = $2 AND sent < $3 RETURNING sent
"""
_HOLD = "UPDATE mail_days SET held = held + 1 WHERE tenant_id = $1 AND day = $2"
_EARLIER = """
WITH gone AS (DELETE FROM mail_days WHERE tenant_id = $1 AND day < $2 RETURNING held)
SELECT coalesce(sum(held), 0)::int FROM gone
"""
_GIVE_BACK = """
UPDATE mail_days SET sent = sent - 1, held = held + $3 WHERE tenant_id = $1 AND day = $2
"""
_TELL = """
INSERT INTO notices_told (tenant_id, shop_id, user_id, cause, at)
SELECT tenant_id, shop_id, $3, $4, $5 FROM shops WHERE tenant_id = $1 AND shop_id = $2
ON CONFLICT (tenant_id, shop_id, user_id, cause) DO UPDATE SET at = excluded.at, over_at = NULL
WHERE notices_told.over_at IS NOT NULL
"""
_OVER = "DELETE FROM notices_told WHERE tenant_id = $1 AND shop_id = $2 AND user_id = $3"
_FAILED = "UPDATE people SET mail_failed_at = $2 WHERE tenant_id = $1 AND user_id = $1"
_LANGUAGE = "UPDATE people SET language = $2 WHERE tenant_id = $1 AND user_id = $1"


class PostgresBooks:
    """`app.notices.jobs.Books` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, person: UUID, day: date, most: int) -> tuple[int, int] | None:
        """See the port."""
        async with self._database.writing() as driver:
            await driver.execute(_OPEN, person, day)
            number: int | None = await driver.fetchval(_TAKE, person, day, most)
            if number is None:
                await driver.execute(_HOLD, person, day)
                return None
            return number, await driver.fetchval(_EARLIER, person, day)

    async def give_back(self, person: UUID, day: date, earlier: int) -> None:
        """See the port."""
        async with self._database.driver() as driver:
            await driver.execute(_GIVE_BACK, person, day, earlier)

    async def tell(self, of: tuple[UUID, UUID], person: UUID, cause: str, at: datetime) -> None:
        """See the port."""
        async with self._database.driver() as driver:
            await driver.execute(_TELL, *of, person, cause, at)

    async def over(self, of: tuple[UUID, UUID], person: UUID) -> None:
        """See the port."""
        async with self._database.driver() as driver:
            await driver.execute(_OVER, *of, person)

    async def failed(self, person: UUID, at: datetime | None) -> None:
        """See the port."""
        async with self._database.driver() as driver:
            await driver.execute(_FAILED, person, at)

    async def speak(self, person: UUID, language: str) -> None:
        """See the port."""
        async with self._database.driver() as driver:
            await driver.execute(_LANGUAGE, person, language)
