"""What a killed run of ours may have left on the data: a server, a stale pid file."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

PROC = Path("/proc")
PATIENCE = 30.0  # seconds a server gets to come up or to stop before it is killed
BLINK = 0.01  # seconds between two looks


def end_leftovers(home: Path, pid_file: Path, halt: signal.Signals) -> None:
    """Stop every process that works in `home`, then remove a pid file that names a stranger.

    Call it under the Lock of the data, which proves that nobody living owns such a process.
    """
    leader = _recorded(pid_file)
    if leader in _workers_in(home):
        os.kill(leader, halt)
    if not wait_until(lambda: not _workers_in(home)):
        for pid in _workers_in(home):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not _workers_in(home))
    # PostgreSQL overrules the file of a dead process itself, but after a reboot the number may be
    # anyone's.
    if (PROC / str(leader)).exists():
        pid_file.unlink(missing_ok=True)


def wait_until(done: Callable[[], bool]) -> bool:
    """Look again and again until `done`; False if PATIENCE ran out first."""
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(BLINK)
    return True


def _recorded(pid_file: Path) -> int:
    try:
        return int(pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return 0


def _workers_in(home: Path) -> set[int]:
    """Both servers work in their data folder, and so do PostgreSQL's children."""
    return {int(entry.name) for entry in PROC.glob("[0-9]*") if _folder(entry) == home}


def _folder(process: Path) -> Path | None:
    try:
        return (process / "cwd").readlink()
    except OSError:  # gone meanwhile, or somebody else's
        return None
