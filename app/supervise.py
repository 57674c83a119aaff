"""Several processes of the product as one: started together, and none outlives the others."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from types import FrameType

PATIENCE = 35.0
"""Seconds a process gets to end by itself: a worker drains for 25."""


class Stopped(Exception):
    """Somebody asked us to stop."""


class Children:
    """Processes in groups of their own, so that Ctrl-C in a terminal reaches only us: we stop them
    in order, the last started first."""

    def __init__(self) -> None:
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(
        self,
        name: str,
        command: Sequence[str],
        environ: Mapping[str, str],
        output: Path | None = None,
    ) -> None:
        """Start one; its output goes to the file, or to where ours goes."""
        with nullcontext() if output is None else output.open("wb") as file:
            process = subprocess.Popen(  # noqa: S603 - our own modules
                [sys.executable, "-m", *command],
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=file,
                env={**os.environ, **environ},
                start_new_session=True,
            )
        self._running.append((name, process))

    def ended(self) -> tuple[str, int] | None:
        """The first that is not running any more: (name, exit code)."""
        for name, process in self._running:
            if (code := process.poll()) is not None:
                return name, code
        return None

    def wait(self) -> tuple[str, int]:
        """Until one of them ends."""
        while (ended := self.ended()) is None:
            time.sleep(0.2)
        return ended

    def stop(self) -> None:
        """Ask each to end, wait, and insist."""
        while self._running:
            _, process = self._running.pop()
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)  # its own children too
                    process.wait()


def end_with_parent() -> None:
    """For a supervised process: when the supervisor is gone, even by kill -9, its end of our
    standard input closes, and we stop as if it had asked."""

    def watch() -> None:
        while os.read(0, 1024):  # not sys.stdin: its lock, held across a fork, hangs the child
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def stop_on_signals() -> None:
    """SIGTERM and SIGINT raise Stopped in the main thread."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Stopped

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
