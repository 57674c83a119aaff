"""Where embedded servers keep their data, and which account runs them when we are root.

PostgreSQL refuses to run as root. As root the servers therefore run as the system's `nobody`: every
Debian has it, while a user of our own (`useradd`) would stay on the machine after the product has
gone. The price is that other programs running as `nobody` could read this data. It is a
demonstration's data: whoever runs the product for real names a server in DATABASE_URL.

No folder but our own is ever opened to that account. A program it cannot reach is copied beside the
data; data it cannot reach is refused with a sentence.
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

SYSTEM_DATA = Path("/var/lib/stock-tracker")


@dataclass(frozen=True, slots=True)
class Account:
    """A system account: numbers as the kernel knows them."""

    uid: int
    gid: int


class Unreachable(RuntimeError):
    """Root chose a data folder that the unprivileged account of the servers may not enter."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"PostgreSQL does not run as root, and its account may not enter {path}. "
            "Choose a data folder outside home folders, for example "
            f"STOCK_TRACKER_DATA={SYSTEM_DATA}/demo, or run as an ordinary user."
        )


class Unusable(RuntimeError):
    """Nothing can be kept in the data folder."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            f"Nothing can be kept in {path} ({error.strerror}). "
            "Set STOCK_TRACKER_DATA to a folder that you may write to."
        )


def data_folder(root: Path, *, for_servers: bool = True) -> Path:
    """The folder, made if missing, in which the checkout at `root` keeps its data.

    STOCK_TRACKER_DATA decides if set. Otherwise it is `.data` in the checkout, or for root a folder
    under /var/lib, because a checkout in root's home can be entered by root only. Raises Unusable,
    and Unreachable if it is for servers; a folder that is refused is not made.
    """
    chosen = os.environ.get("STOCK_TRACKER_DATA")
    if chosen:
        folder = Path(chosen).expanduser().absolute()
    elif os.geteuid() == 0:
        checkout = root.resolve()
        mark = hashlib.sha256(os.fsencode(checkout)).hexdigest()[:8]
        folder = SYSTEM_DATA / f"{checkout.name}-{mark}"
    else:
        folder = root.resolve() / ".data"
    account = server_account()
    try:
        if for_servers:
            _ensure_reachable(folder, account)
        made = _made(folder, account)
        tempfile.TemporaryFile(dir=made).close()
    except OSError as error:
        raise Unusable(folder, error) from error
    return made


@contextmanager
def temporary_folder(*better: Path) -> Iterator[Path]:
    """A folder that servers can use and that goes away with everything in it; in one of these
    places, if their account may enter it."""
    account = server_account()
    places = (*map(str, better), tempfile.gettempdir(), "/tmp", "/var/tmp")  # noqa: S108 mkdtemp makes the name secret
    place = next((place for place in places if may_enter(Path(place), account)), places[0])
    folder = Path(tempfile.mkdtemp(prefix="stock-tracker-", dir=place)).resolve()
    _open_to(account, folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def server_account() -> Account | None:
    """The account to start servers as; None means our own."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def server_folder(data: Path, account: Account | None) -> Path:
    """Make `data`, which stays ours; `account` may pass through it but not list it.

    Raises Unreachable if it, or a folder above it, was there before and is closed to `account`.
    """
    _ensure_reachable(data, account)
    return _made(data, account)


def private_folder(path: Path, account: Account | None) -> Path:
    """Make `path` for `account` alone."""
    path.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(path, account.uid, account.gid)
    return path


def may_enter(path: Path, account: Account | None) -> bool:
    """Whether modes let `account` pass through `path`, or run it, and pass every folder above."""
    return account is None or all(
        _may_pass(step.stat(), account) for step in (path.resolve(), *path.resolve().parents)
    )


def wheel(package: str, program: str, data: Path, account: Account | None) -> Path:
    """The installed `package`, or a copy of it in `data` if `account` cannot run its `program`.

    Importing the package instead would run its start-up code, which makes folders in the user's
    home.
    """
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(
            f"{package} is not installed. Run `make run`, which installs it, "
            "or name real servers in DATABASE_URL and REDIS_URL."
        )
    installed = Path(spec.origin).parent.resolve()
    if may_enter(installed / program, account):
        return installed
    copies = data / f"{package}-{version(package)}"
    if not copies.exists():
        _copy_wheel(installed, copies)
    return copies / package


def _copy_wheel(installed: Path, copies: Path) -> None:
    """Copy what runs; under a passing name until it is whole."""
    for old in copies.parent.glob(f"{installed.name}-*"):
        shutil.rmtree(old)
    half = copies.with_suffix(".half")
    for part in (installed, installed.with_name(f"{installed.name}.libs")):
        if part.exists():
            shutil.copytree(
                part,
                half / part.name,
                ignore=shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__"),
            )
    for path in (half, *half.rglob("*")):
        path.chmod(0o755)
    half.rename(copies)


def _made(folder: Path, account: Account | None) -> Path:
    """Make what is missing of `folder`; what was there before keeps its mode."""
    missing = [step for step in (folder, *folder.parents) if not step.exists()]
    for step in reversed(missing):
        step.mkdir(mode=0o700, exist_ok=True)
        _open_to(account, step)
    return folder.resolve()


def _ensure_reachable(folder: Path, account: Account | None) -> None:
    """What is there of it decides: `_made` opens the rest."""
    there = next(step for step in (folder, *folder.parents) if step.exists())
    if there.is_dir() and not may_enter(there, account):
        raise Unreachable(folder)


def _open_to(account: Account | None, folder: Path) -> None:
    if account:
        folder.chmod(0o711)


def _may_pass(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
