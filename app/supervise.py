"""Several processes of the product as one: started together, kept alive, and none outlives us."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from types import FrameType
from typing import Protocol

from domain.errors import Refused

PATIENCE = 35.0
"""Seconds a process gets to end by itself: a worker drains for 25."""

RESTARTS, WITHIN = 5, 60.0
"""How often a part is started again, in so many seconds; more would not cure it."""

SETTLED = 10.0
"""Seconds after which a start was a good one: settings and servers were right."""

LOOK = 0.2

log = logging.getLogger(__name__)


class Stopped(Exception):
    """Somebody asked us to stop."""


class PartFailed(Refused):
    """A part of the product does not stay up. Its log says why."""


class Part(Protocol):
    """What is kept alive: a process of ours, or an embedded server."""

    name: str
    log: str

    def start(self) -> None:
        """Start it, also again."""

    def poll(self) -> int | None:
        """The exit code, once it has ended; below zero is the signal that killed it."""


class Watched:
    """A part, and how often it had to be started again."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self._began = time.monotonic()
        self._again: deque[float] = deque(maxlen=RESTARTS)

    def revive(self) -> None:
        """Start it again if it has ended. Raises PartFailed when that is in vain."""
        code, name, now = self.part.poll(), self.part.name, time.monotonic()
        if code is None:
            return
        if code > 0 and not self._again and now - self._began < SETTLED:
            raise PartFailed(f"{name}: ended with code {code}. Its log: {self.part.log}")
        if len(self._again) == RESTARTS and now - self._again[0] < WITHIN:
            often = f"{name}: ended {RESTARTS + 1} times within {WITHIN:.0f} seconds"
            raise PartFailed(f"{often}, now with code {code}. Its log: {self.part.log}")
        log.warning("%s: ended with code %s; starting it again", name, code)
        self._again.append(now)
        self.part.start()


class Process:
    """One of ours, in a group of its own, so that Ctrl-C in a terminal reaches only us."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environ: Mapping[str, str],
        output: Path | None,
    ) -> None:
        self.name = name
        self.log = str(output or "what it said above")
        self._command = command
        self._environ = environ
        self._output = output
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; after a first time its output is appended to."""
        again = self._process is not None
        self._clear()
        with nullcontext() if self._output is None else self._output.open("ab") as file:
            if file and not again:
                file.truncate(0)
            self._process = subprocess.Popen(  # noqa: S603 - our own modules
                [sys.executable, "-m", *self._command],
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=file,
                env={**os.environ, **self._environ},
                start_new_session=True,
            )

    def poll(self) -> int | None:
        """The exit code, once it has ended."""
        return self._process.poll() if self._process else None

    def stop(self) -> None:
        """Ask it to end, wait, and insist."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(PATIENCE)
        self._clear()
        self._process.wait()

    def _clear(self) -> None:
        """End what is left of its group: a web server that was killed leaves a child that goes on
        answering at the port."""
        if self._process and self._process.stdin:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.stdin.close()


class Children:
    """The parts of one product, stopped in order: the last started first."""

    def __init__(self) -> None:
        self._processes: list[Process] = []
        self._watched: list[Watched] = []

    def start(
        self,
        name: str,
        command: Sequence[str],
        environ: Mapping[str, str],
        output: Path | None = None,
    ) -> None:
        """Start a process; its output goes to the file, or to where ours goes."""
        process = Process(name, command, environ, output)
        process.start()
        self._processes.append(process)
        self.watch(process)

    def watch(self, part: Part) -> None:
        """Keep alive what somebody else started and will stop."""
        self._watched.append(Watched(part))

    def ended(self) -> tuple[str, int] | None:
        """The first that is not running any more: (name, exit code)."""
        for process in self._processes:
            if (code := process.poll()) is not None:
                return process.name, code
        return None

    def revive(self) -> None:
        """Start again what has ended. Raises PartFailed."""
        for watched in self._watched:
            watched.revive()

    def keep(self) -> None:
        """Revive, for ever. Raises PartFailed, and Stopped by a signal."""
        while True:
            self.revive()
            time.sleep(LOOK)

    def stop(self) -> None:
        """Ask each to end, wait, and insist."""
        while self._processes:
            self._processes.pop().stop()


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
