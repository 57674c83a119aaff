"""What the web side hears of other processes: one ear for facts, one for runs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from app.web.console import Hub
from app.wiring import Product
from domain.news import Ear, Heard

LOOK = 0.5
"""Seconds between two looks whether an ear still hears."""
FIRST, LONGEST = 0.2, 5.0
"""Seconds before it is tried again."""

log = logging.getLogger(__name__)


@asynccontextmanager
async def listening(product: Product) -> AsyncIterator[Hub]:
    """The hub, which is rung as long as the block lasts; at its end nobody looks on any more."""
    hub = Hub()
    ears = [
        asyncio.create_task(_hear(hub, product.bell, hub.changed)),
        asyncio.create_task(_hear(hub, product.news, hub.ring)),
    ]
    try:
        yield hub
    finally:
        for each in ears:
            each.cancel()
        await asyncio.gather(*ears, return_exceptions=True)
        hub.close()
        await hub.emptied()


async def _hear(hub: Hub, ear: Ear, heard: Heard) -> None:
    """Whatever was called out while nobody listened: all is looked at afterwards."""
    pause = FIRST
    while True:
        try:
            async with ear.listening(heard) as deaf:
                pause = FIRST
                await _until(deaf, hub, heard)
        except Exception as error:  # noqa: BLE001 - whatever it is, pages are looked at without it
            log.info("no ear for live pages: %s", type(error).__name__)
        if pause == FIRST:
            log.warning("live pages hear nothing of %s; trying again", type(ear).__name__)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST)


async def _until(deaf: Callable[[], bool], hub: Hub, heard: Heard) -> None:
    hub.ears += 1
    try:
        heard(())
        while not deaf():  # noqa: ASYNC110 - drivers set no event
            await asyncio.sleep(LOOK)
    finally:
        hub.ears -= 1
        hub.ring(())  # what it hears by may be what pages are drawn from
