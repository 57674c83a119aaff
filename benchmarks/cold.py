"""`ONLY=cold`: from an empty folder to a filled sheet by the one command of the README.

The commit that is checked out is measured, not what was edited since.
"""

import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.request import urlopen

from benchmarks.figures import show, tell
from sandbox.servers import free_port, temporary_folder

ROOT = Path(__file__).parents[1]
COLD, WARM = 90, 12
"""Seconds allowed."""

FILLED = "Основная информация"
THEIRS = ("DATABASE_URL", "REDIS_URL", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL")
"""What would lead a fresh clone to servers or an environment that are there already."""


class NotStarted(RuntimeError):
    """`make run` ended, or its sheet is empty."""


def measure() -> None:
    """Clone, run, stop, run again."""
    with temporary_folder() as folder:
        environ = _environ(folder)
        clone = folder / "clone"
        tell("cold: cloning, installing, starting")
        began = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)  # noqa: S603, S607 - our own folder, the user's git
        cold = time.perf_counter() - began + _until_filled(clone, environ)
        peer = "allowed; git clone and make run, empty caches, to the first filled sheet"
        show("cold_start_s", cold, "s", peer=peer, peer_value=COLD)
        tell("cold: starting again")
        warm = _until_filled(clone, environ)
        peer = "allowed; make run again with the kept data, to a synced sheet"
        show("warm_start_s", warm, "s", peer=peer, peer_value=WARM)


def _environ(folder: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in THEIRS}
    return {
        **kept,
        "UV_CACHE_DIR": str(folder / "uv"),
        "PIP_CACHE_DIR": str(folder / "pip"),
        "STOCK_TRACKER_DATA": str(folder / "data"),
        "API_PORT": str(free_port()),
        "SANDBOX_PORT": str(free_port()),
        "PYTHONUNBUFFERED": "1",
    }


def _until_filled(clone: Path, environ: Mapping[str, str]) -> float:
    """Seconds until it has shown where the sheet is; then it is stopped as by Ctrl-C."""
    began = time.perf_counter()
    with subprocess.Popen(
        ["make", "run"],  # noqa: S607 - the user's make
        cwd=clone,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as run:
        try:
            address = _sheet(run)
            took = time.perf_counter() - began
            with urlopen(address) as page:  # noqa: S310 - the sandbox's
                if FILLED not in page.read().decode():
                    raise NotStarted(f"The sheet at {address} is empty.")
        finally:
            os.killpg(run.pid, signal.SIGINT)
            run.communicate()
    return took


def _sheet(run: "subprocess.Popen[str]") -> str:
    said = []
    for line in run.stdout or ():
        said.append(line)
        if found := re.search(r"The sheet\s+(http\S+)", line):
            return found.group(1)
    raise NotStarted("make run ended:\n" + "".join(said[-20:]))
