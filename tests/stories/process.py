"""A process of the city: a group of its own, its words in a file, and none is left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 40.0
"""Seconds to end by itself: a worker drains for 25."""


def environment(folder, **variables):
    """What a process of ours sees: nothing of the machine's own settings, and no `.env`."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": str(folder), "PYTHONPATH": str(ROOT), **variables}


def run(module, *options, folder, **variables):
    """Run one to its end: the finished process, with what it said as text."""
    return subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-m", module, *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=environment(folder, **variables),
        timeout=60,
    )


class Process:
    """One that runs until it is stopped; `out` is what it said so far."""

    def __init__(self, name, command, folder, **variables):
        self.file = folder / f"{name}.out"
        with self.file.open("ab") as out:
            self._process = subprocess.Popen(  # noqa: S603 - our own modules
                [sys.executable, "-m", *command],
                stdin=subprocess.PIPE,  # it ends with us: see --supervised
                stdout=out,
                stderr=out,
                cwd=folder,
                env=environment(folder, **variables),
                start_new_session=True,
            )

    @property
    def out(self):
        return self.file.read_text()

    @property
    def alive(self):
        return self._process.poll() is None

    @property
    def pid(self):
        return self._process.pid

    def ask_to_end(self):
        if self.alive:
            self._process.terminate()

    def terminate(self):
        """Ask it to end, and wait: its exit code."""
        self.ask_to_end()
        try:
            return self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        finally:
            self._process.stdin.close()

    def kill(self):
        """As a machine that loses power ends it: no last word."""
        if self.alive:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process.stdin.close()
