"""A file of hers, whose shop fills «Данные» beside «Stock Tracker»."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from domain.table.data import Data
from sandbox.google import Tab
from tests.infrastructure.google_drive import Desk, open_desk

LISTED = Data(title="Данные")


@asynccontextmanager
async def open_both() -> AsyncIterator[Desk]:
    """Nothing is written yet."""
    async with open_desk() as desk:
        desk.target = replace(desk.target, listings=(LISTED,))
        yield desk


def data(desk: Desk) -> Tab:
    return Tab(desk.file, "Данные")


def rows(desk: Desk) -> list[list[Any]]:
    """Without the moment, which is everywhere the same."""
    tab = data(desk)
    return [[tab.value(row, column) for column in range(9)] for row in range(1, tab.sheet.height)]
