"""The account's file, and its heart: time passes there also when nobody calls."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sandbox.stripe.book import Book
from sandbox.stripe.state import dumped, restored

BEAT = 1.0


def load(book: Book, path: Path) -> None:
    """Take over what was saved, if anything was."""
    if path.exists():
        restored(book, path.read_bytes())


def save(book: Book, path: Path) -> None:
    """Whole or not at all."""
    fresh = path.with_suffix(path.suffix + ".new")
    fresh.write_bytes(dumped(book))
    fresh.replace(path)


@asynccontextmanager
async def beating(book: Book, path: Path | None = None) -> AsyncIterator[None]:
    """What is due happens, what happened is delivered, and kept if there is a file."""
    task = asyncio.create_task(_beat(book, path))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await book.courier.close()
        if path:
            save(book, path)


async def _beat(book: Book, path: Path | None) -> None:
    kept = -1
    while True:
        book.settle()
        book.courier.nudge()
        if path and book.changes != kept:
            save(book, path)
            kept = book.changes
        await asyncio.sleep(BEAT)
