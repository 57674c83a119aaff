"""The worker process: runs are handed out here, and done here."""

import asyncio
import signal

from app.settings import Settings
from app.wiring import opened
from app.wiring.worker import run_worker


async def main(settings: Settings) -> None:
    """Until SIGTERM or SIGINT; what is in hand may end, what does not goes back to the ledger."""
    async with opened(settings) as product:
        worker = asyncio.create_task(run_worker(product))
        loop = asyncio.get_running_loop()
        for word in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(word, _cancel_once, worker)
        try:
            await worker
        except asyncio.CancelledError:
            return


def _cancel_once(worker: asyncio.Task[None]) -> None:
    """A terminal tells the whole group, and then its supervisor tells it too: the second word must
    not cut off the time that the first one gave to what is in hand."""
    if not worker.cancelling():
        worker.cancel()
