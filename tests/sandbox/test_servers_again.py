"""A server that died is started again: at the same address, with what it kept."""

import os
import signal
from pathlib import Path

import asyncpg
import pytest
from redis import Redis

from sandbox.servers import postgres, valkey
from sandbox.servers.leftovers import wait_until
from tests.memory import passing_folder


@pytest.fixture
def data():
    with passing_folder() as folder:
        yield folder


def kill(server):
    os.kill(server.pid, signal.SIGKILL)
    assert wait_until(lambda: server.poll() == -signal.SIGKILL)


async def ask(url, question):
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_postgresql_answers_again_at_its_address(data):
    with postgres(data) as server:
        await ask(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
        kill(server)
        server.start()

        assert server.poll() is None
        assert await ask(server.url, "SELECT answer FROM kept") == 42


def test_valkey_answers_again_at_its_address(data):
    with valkey(data) as server, Redis.from_url(server.url) as redis:
        redis.set("kept", "1")
        redis.execute_command("WAITAOF", 1, 0, 5000)
        kill(server)
        server.start()

        assert server.poll() is None
        assert redis.get("kept") == b"1"


def test_leaving_stops_the_one_that_was_started_again(data):
    with valkey(data) as server:
        kill(server)
        server.start()

    assert not Path(f"/proc/{server.pid}").exists()


def test_valkey_keeps_its_data_from_one_start_to_the_next_and_through_kill_9(data):
    with valkey(data) as server, Redis.from_url(server.url) as redis:
        redis.set("kept", "1")
    with valkey(data) as server, Redis.from_url(server.url) as redis:
        redis.append("kept", "2")
        redis.execute_command("WAITAOF", 1, 0, 5000)
        os.kill(server.pid, signal.SIGKILL)

    with valkey(data) as server, Redis.from_url(server.url) as redis:
        assert redis.get("kept") == b"12"
