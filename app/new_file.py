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
    """Readable by its owner alone. Raises Refused for one that is there, or whose folder is not."""
    if to in (None, "-"):
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    there = Path(to)
    if there.exists() or there.is_symlink():
        raise Refused(f"{to} is there already. Name another file.")
    if not there.parent.is_dir():
        raise Refused(f"{to}: there is no folder {there.parent}. Make it, or name another file.")
    with NamedTemporaryFile(dir=there.parent, prefix=f".{there.name}.", delete=False) as file:
        try:
            yield file
            file.flush()
            Path(file.name).rename(there)
        finally:
            Path(file.name).unlink(missing_ok=True)
