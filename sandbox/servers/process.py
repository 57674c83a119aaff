"""Child servers that outlive neither us nor a crash of ours, however either side ends.

Each server leads a session of its own, so that Ctrl-C in a terminal reaches us alone and we stop
the servers in order. A small shell watches the other end of a pipe that we hold: when we are gone,
even by `kill -9`, the pipe closes and the shell stops the server. (The kernel's parent-death signal
was refused: it fires when the *thread* that started the server ends.)
"""

import fcntl
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from sandbox.servers.folders import Account
from sandbox.servers.leftovers import PATIENCE, wait_until

# $0 is the signal, "$@" the server's command. That the watcher's parent is still "$$" proves that
# the number has not passed to another process.
WATCHED = """
exec 3<&0
(
  read -r _ <&3
  read -r _ _ _ parent _ </proc/self/stat
  [ "$parent" = "$$" ] && kill -s "$0" "$$"
) >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-
"""


class InUse(RuntimeError):
    """Another living process of ours runs a server on the same data."""

    def __init__(self, data: Path, owner: str) -> None:
        super().__init__(
            f"{data} is in use by another running Stock Tracker (process {owner}). "
            "Stop that one first, or set STOCK_TRACKER_DATA to another folder."
        )


class ServerFailed(RuntimeError):
    """A program ended with an error, or a server stayed silent."""

    def __init__(self, name: str, log: Path) -> None:
        lines = log.read_text(errors="replace").splitlines()[-8:] if log.exists() else []
        super().__init__("\n  ".join([f"{name} did not start. The end of {log}:", *lines]))


@dataclass(frozen=True, slots=True)
class Program:
    """What a server and its tools share: who they run as and where they write."""

    name: str
    account: Account | None
    log: Path

    def run(self, *command: str | Path, text: str = "") -> None:
        """Run `command` to its end with `text` as its input; raise ServerFailed if it fails."""
        with self._output() as output:
            done = subprocess.run(  # noqa: S603 the programs are the wheels' own
                command,
                input=text.encode(),
                check=False,
                stdout=output,
                stderr=output,
                **self._apart(),
            )
        if done.returncode:
            raise ServerFailed(self.name, self.log)

    def start(
        self,
        held: ExitStack,
        *command: str | Path,
        halt: signal.Signals,
        ready: Callable[[int], bool],
    ) -> subprocess.Popen[bytes]:
        """Start `command`, return its process when `ready`, and let `held` end it by `halt`.

        Raises ServerFailed, with the log's last lines, if it ends or stays silent.
        """
        shell = ["/bin/sh", "-c", WATCHED, halt.name.removeprefix("SIG"), *command]
        with self._output() as output:
            process = subprocess.Popen(  # noqa: S603 as above
                shell, stdin=subprocess.PIPE, stdout=output, stderr=output, **self._apart()
            )
        held.callback(_end, process, halt)
        wait_until(lambda: process.poll() is not None or ready(process.pid))
        if process.poll() is not None or not ready(process.pid):
            raise ServerFailed(self.name, self.log)
        return process

    def _output(self) -> IO[bytes]:
        self.log.touch(mode=0o600)  # statements that failed are quoted there
        return self.log.open("ab")

    def _apart(self) -> dict[str, Any]:
        """A session of its own, and not our environment: PGPORT, LANG and others would steer it."""
        return {
            "cwd": "/",
            "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            "start_new_session": True,
            "umask": 0o077,
            "user": self.account.uid if self.account else None,
            "group": self.account.gid if self.account else None,
            "extra_groups": [] if self.account else None,
        }


class Server:
    """A running server at `url`. Leaving the context stops it; `stop` may be called again.

    `begin` starts it at the same address, now and whenever it has died, and leaves its end to the
    stack it gets. Raises ServerFailed.
    """

    def __init__(
        self,
        url: str,
        program: Program,
        begin: Callable[[ExitStack], subprocess.Popen[bytes]],
        held: ExitStack,
    ) -> None:
        self.url = url
        self.name = program.name
        self.log = str(program.log)
        self._begin = begin
        self._process = begin(held)
        self._held = held.pop_all()

    @property
    def pid(self) -> int:
        return self._process.pid

    def poll(self) -> int | None:
        """The exit code if it has ended; below zero is the signal that killed it."""
        return self._process.poll()

    def start(self) -> None:
        """Start it again on the same data, at the same address. Raises ServerFailed."""
        self._process = self._begin(self._held)

    def stop(self) -> None:
        """Let the server finish its writes and end, or kill it after PATIENCE; free its data."""
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


@contextmanager
def sole_owner(data: Path) -> Iterator[None]:
    """Hold `data` against other processes of ours; the kernel lets go when we die. Raises InUse."""
    with (data / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise InUse(data, file.read()) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _end(process: subprocess.Popen[bytes], halt: signal.Signals) -> None:
    process.send_signal(halt)  # does nothing when it has ended
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin:
        process.stdin.close()
