"""What a command writes: to a file that is there whole or not at all, or to the standard output."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from domain.errors import Refused


@contextmanager
def new_file(to: str | None) -> Iterator[IO[bytes]]:
    """Readable by its owner alone. Raises Refused for one that is there."""
    if to in (None, "-"):
        yield sys.stdout.buffer
        return
    there = Path(to)
    if there.exists() or there.is_symlink():
        raise Refused(f"{to} is there already. Name another file.")
    with NamedTemporaryFile(dir=there.parent, prefix=f".{there.name}.", delete=False) as file:
        try:
            yield file
            Path(file.name).rename(there)
        finally:
            Path(file.name).unlink(missing_ok=True)
