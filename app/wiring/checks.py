"""What must work, and how to find out: for `/health` and for `doctor`."""

from app.web.health import Check, NotReady
from app.wiring import Product
from infrastructure.crypto.master import MasterKeys
from infrastructure.postgres.migrations import pending


def checks(product: Product) -> list[Check]:
    """What must work for this process to be of use."""

    async def database() -> None:
        async with product.database.driver() as driver:
            await driver.fetchval("SELECT 1")

    async def migrations() -> None:
        now, newest = await pending(product.database)
        if now != newest:
            raise NotReady(f"the database is at revision {now}, this version needs {newest}")

    async def redis() -> None:
        await product.redis.ping()
        await product.queue.check()

    async def encryption() -> None:
        ring = MasterKeys(product.settings.master_key)
        about = (b"check",)
        if ring.unwrap(ring.wrap(b"round trip", about), about) != b"round trip":
            raise NotReady("what was sealed does not open")

    return [
        Check("database", database, "Start PostgreSQL, or correct DATABASE_URL."),
        Check("migrations", migrations, "Run `stock-tracker migrate`."),
        Check("redis", redis, "Start Redis or Valkey with `maxmemory-policy noeviction`."),
        Check("encryption", encryption, "Correct ENCRYPTION_MASTER_KEY."),
    ]


def neighbours(product: Product) -> list[Check]:
    """The outside. Not needed to be ready: without it runs wait."""
    network = "Check the network, and the addresses (…_URL) if you set them."
    return [
        Check("marketplace", product.marketplace.reach, network),
        Check("google", product.principals.reach, f"Check GOOGLE_SERVICE_ACCOUNT…. {network}"),
        *([Check("mail", product.post.reach, "Correct SMTP_URL.")] if product.post.on else []),
    ]
