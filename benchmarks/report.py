"""`ONLY=report`: what a file of the table costs the process that makes it, beside XlsxWriter's own
way to write a book in constant memory, cell by cell."""

import json
import random
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from benchmarks.figures import show, tell
from domain.place import Kind, Place
from domain.snapshot import Column, PlaceColumns, Snapshot, period

PRODUCTS = 100_000
PLACES = (3, 20)
LARGEST_MIB = 100
"""Above what the process holds before it opens the snapshot."""


def measure() -> None:
    """Each file in a process of its own."""
    with TemporaryDirectory() as folder:
        stored = Path(folder) / "snapshot"
        for places in PLACES:
            tell(f"report: P={PRODUCTS:,} W={places}")
            body = msgspec.msgpack.encode(_snapshot(places))
            stored.write_bytes(zlib.compress(body, 1))
            _show(places, stored)


def _show(places: int, stored: Path) -> None:
    ours, theirs, csv = (_made(how, stored) for how in ("xlsx", "xlsxwriter", "csv"))
    peer, told = "XlsxWriter, constant_memory", f"P={PRODUCTS} W={places}"
    show("xlsx_cpu_s", ours["cpu_s"], "s", peer=f"{peer}; {told}", peer_value=theirs["cpu_s"])
    show("csv_cpu_s", csv["cpu_s"], "s", peer=f"xlsx; {told}", peer_value=ours["cpu_s"])
    peer = f"bound; {told}, above the process's own"
    show("xlsx_peak_mib", ours["peak_mib"], "MiB", peer=peer, peer_value=LARGEST_MIB)


def _made(how: str, stored: Path) -> dict[str, Any]:
    command = (sys.executable, "-m", "benchmarks.reporting", how, str(stored))
    told: dict[str, Any] = json.loads(subprocess.check_output(command))  # noqa: S603 - ours
    return told


def _snapshot(places: int) -> Snapshot:
    chance, now = random.Random(7), datetime.now(UTC)  # noqa: S311 - to be the same each time
    brands, subjects = ("Лён и Ко", "Рыжий кот", "Тёплый дом"), ("Фартуки", "Полотенца", "Скатерти")

    def numbers(most: int) -> Column:
        return tuple(chance.choice((0, 0, 1, chance.randrange(most))) for _ in range(PRODUCTS))

    return Snapshot(
        taken_at=now,
        period=period(now),
        nm_ids=tuple(range(210_000_000, 210_000_000 + PRODUCTS)),
        brands=tuple(chance.choice(brands) for _ in range(PRODUCTS)),
        subjects=tuple(chance.choice(subjects) for _ in range(PRODUCTS)),
        skus=tuple(f"LN-{n:06}/{n % 7}" for n in range(PRODUCTS)),
        to_client=numbers(50),
        returns=numbers(20),
        orders=numbers(200),
        stock=numbers(3_000),
        places=tuple(
            PlaceColumns(
                place=Place(key=f"seller:{n}", kind=Kind.SELLER, name=f"Склад {n}", number=n),
                stock=numbers(1_000),
                orders=numbers(100),
            )
            for n in range(1, places + 1)
        ),
    )
