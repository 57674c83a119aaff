"""Processes of the product that tests begin: each in a group of its own, and none is left behind."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile

ROOT = Path(__file__).parents[1]
NOTHING = Path(os.devnull)
PATIENCE = 60.0
"""Seconds to end by itself on a machine with much to do: a worker drains for 25."""


def environment(folder, **variables):
    """What a process of ours sees: nothing of the machine's own settings, and no `.env`."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": str(folder), "PYTHONPATH": str(ROOT), **variables}


def run(module, *options, folder, piped=b"", **variables):
    """Run one to its end, with this on its standard input: the finished process, with what it said
    as text."""
    with TemporaryFile() as out, TemporaryFile() as err, TemporaryFile() as into:
        into.write(piped)
        into.seek(0)
        streams = [into.fileno(), out.fileno(), err.fileno()]
        begun = Begun(module, options, streams, folder, environment(folder, **variables))
        try:
            code = begun.wait()
        finally:
            begun.kill()
        said = [each.seek(0) or each.read().decode() for each in (out, err)]
    return subprocess.CompletedProcess([module, *options], code, *said)


@contextmanager
def heard(module, *options, folder, **variables):
    """One that runs, whose `lines` can be read as they come; killed at the end."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as lines, TemporaryFile() as err, NOTHING.open("rb") as nothing:
        try:
            streams = [nothing.fileno(), writing, err.fileno()]
            what = (module, options, streams, folder, environment(folder, **variables))
            begun = Heard(lines, err, *what)
        finally:
            os.close(writing)
        try:
            yield begun
        finally:
            begun.kill()


class Process:
    """One that runs until it is stopped; `out` is what it said so far."""

    def __init__(self, name, command, folder, **variables):
        self.file = folder / f"{name}.out"
        reading, self._stdin = os.pipe()  # it ends with us: see --supervised
        try:
            with self.file.open("ab") as out:
                streams = [reading, out.fileno(), out.fileno()]
                environ = environment(folder, **variables)
                self._begun = Begun(command[0], command[1:], streams, folder, environ)
        finally:
            os.close(reading)

    @property
    def out(self):
        return self.file.read_text()

    @property
    def alive(self):
        return self._begun.code is None

    @property
    def pid(self):
        return self._begun.pid

    def ask_to_end(self):
        self._begun.send(signal.SIGTERM)

    def terminate(self):
        """Ask it to end, and wait: its exit code."""
        self.ask_to_end()
        try:
            return self._begun.wait()
        finally:
            self.kill()

    def kill(self):
        """As a machine that loses power ends it: no last word."""
        self._begun.kill()
        if self._stdin is not None:
            os.close(self._stdin)
            self._stdin = None


class Begun:
    """A fork of the nursery."""

    def __init__(self, module, options, streams, folder, environ):
        what = {"module": module, "options": options, "folder": str(folder), "environ": environ}
        self._end, end = os.pipe()
        self._code = None
        try:
            self.pid = nursery.ask(what, [*streams, end])
        finally:
            os.close(end)

    @property
    def code(self):
        """How it ended, as `subprocess` says it; None before."""
        return self._ended(0)

    def wait(self):
        """Its exit code. Raises TimeoutExpired."""
        if self._ended(PATIENCE) is None:
            raise subprocess.TimeoutExpired([str(self.pid)], PATIENCE)
        return self._code

    def send(self, number):
        """A signal to itself alone."""
        if self.code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self):
        """With all its group."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.wait()

    def _ended(self, seconds):
        if self._code is None and select.select([self._end], [], [], seconds)[0]:
            self._code = int(os.read(self._end, 16))
            os.close(self._end)
        return self._code


class Heard(Begun):
    """Whose `lines` are a pipe, and whose `errors` are known once it has ended."""

    def __init__(self, lines, errors, *what):
        self.lines, self._errors = lines, errors
        super().__init__(*what)

    @property
    def errors(self):
        self._errors.seek(0)
        return self._errors.read().decode()


class Nursery:
    """One for a run of tests, begun when it is first needed; it ends with us."""

    def __init__(self):
        self._lock = threading.Lock()
        self._process = self._socket = None

    def ask(self, what, streams):
        """The number of a new process."""
        line = json.dumps(what).encode() + b"\n"
        with self._lock:
            if self._process is None:
                self._begin()
            sent = socket.send_fds(self._socket, [line], streams)
            self._socket.sendall(line[sent:])
            return int(self._socket.recv(16))

    def _begin(self):
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "tests.nursery", str(theirs.fileno())],
                cwd=ROOT,
                env=environment(ROOT),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def end(self):
        if self._process:
            self._socket.close()
            self._process.wait()


nursery = Nursery()
