"""A taken port is the commonest reason why nothing starts: say who has it and what to change."""

import errno
import socket
from contextlib import suppress
from pathlib import Path

LISTENING = "0A"  # the state column of /proc/net/tcp, proc(5)


class PortTaken(RuntimeError):
    """`port` is in use; `variable` is the setting that names another one."""

    def __init__(self, port: int, variable: str) -> None:
        self.port = port
        self.variable = variable
        super().__init__(
            f"Port {port} is taken by {_holder(port)}. Stop it, or choose another port: "
            f"{variable}={_next_free(port)}"
        )


def ensure_free(port: int, variable: str, host: str = "127.0.0.1") -> None:
    """Raise PortTaken, which names `variable` as the cure, if nobody could listen on `port` now."""
    if not _is_free(port, host):
        raise PortTaken(port, variable)


def free_port() -> int:
    """A port on loopback that was free a moment ago: be ready to lose the race for it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        # As servers do: a port whose last connections are only lingering is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False
    return True


def _next_free(port: int) -> int:
    near = range(port + 1, min(port + 50, 65536))
    return next((other for other in near if _is_free(other)), None) or free_port()


def _holder(port: int) -> str:
    """The listening process; only root sees other users' processes."""
    sockets = _listening_sockets(port)
    for process in Path("/proc").glob("[0-9]*"):
        if sockets & _open_sockets(process):
            name = (process / "comm").read_text().strip()
            return f"process {process.name} ({name})"
    return "another program"


def _listening_sockets(port: int) -> set[str]:
    found = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        rows = table.read_text().splitlines()[1:] if table.exists() else []
        for _, local, _, state, *rest in map(str.split, rows):
            if state == LISTENING and int(local.rpartition(":")[2], 16) == port:
                found.add(f"socket:[{rest[5]}]")
    return found


def _open_sockets(process: Path) -> set[str]:
    found = set()
    with suppress(OSError):  # another user's, or gone meanwhile
        for handle in (process / "fd").iterdir():
            with suppress(FileNotFoundError):
                found.add(str(handle.readlink()))
    return found
