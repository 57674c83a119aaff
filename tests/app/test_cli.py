"""The command line before anything runs: quick answers, and sentences instead of traces."""

import socket
import subprocess
import sys

import pytest

from tests.process import environment, run

HEAVY = ("litestar", "strawberry", "sqlalchemy", "asyncpg", "aiohttp", "redis", "granian", "rich")
HELP = "sys.argv[1:] = ['--help']; runpy.run_module('app', run_name='__main__')"
SETTINGS = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ENCRYPTION_MASTER_KEY": "4ax-5LzFBM0JJYXQM1Oy1mVAOS3Ij3zX-9C6GZ6o0bQ=",
    "SECRET_KEY": "a secret key for the tests only",
}


@pytest.fixture
def ask(tmp_path):
    """Run a command with nothing of the machine's own settings: exit code and errors."""

    def call(*options, **variables):
        done = run("app", *options, folder=tmp_path, **variables)
        return done.returncode, done.stderr

    return call


@pytest.fixture
def taken():
    """A port that somebody shares as granian does."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_help_needs_none_of_the_large_libraries(tmp_path):
    loaded = f"[m for m in {HEAVY} if m in sys.modules]"
    script = f"import runpy, sys, atexit; atexit.register(lambda: print({loaded})); {HELP}"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )

    assert "projections" in done.stdout
    assert done.stdout.endswith("\n[]\n")


@pytest.mark.parametrize("side", [["--web"], []], ids=["web", "both"])
@pytest.mark.parametrize("variable", ["API_PORT", "PORT"])
def test_a_taken_port_is_named_with_its_variable(ask, taken, side, variable):
    code, said = ask("serve", *side, **SETTINGS, **{variable: taken})

    assert code == 1
    assert said == f"Port {taken} is taken. Stop who has it, or set {variable} to another.\n"


def test_an_address_of_another_machine_is_refused_with_its_variable(ask):
    code, said = ask("serve", "--web", **SETTINGS, API_HOST="192.0.2.1")

    assert code == 1
    assert "Set API_HOST" in said


@pytest.mark.parametrize(
    "command", ["serve --web", "serve --worker", "migrate", "doctor", "sync", "erase-person a@b.ru"]
)
def test_a_database_that_is_away_is_one_sentence(ask, command):
    code, said = ask(*command.split(), **SETTINGS, API_PORT=free_port())

    assert code == 1
    assert said.count("\n") <= 1
    assert "Traceback" not in said


def test_the_demo_wants_two_ports(ask):
    port = free_port()
    code, said = ask("demo", API_PORT=port, SANDBOX_PORT=port)

    assert code == 1
    assert said == ("API_PORT and SANDBOX_PORT are the same. Give each a port of its own.\n")


def test_a_data_folder_that_cannot_be_is_named_with_its_variable(ask):
    data = "/proc/stock-tracker"
    ports = {"API_PORT": free_port(), "SANDBOX_PORT": free_port()}
    code, said = ask("demo", **ports, STOCK_TRACKER_DATA=data)

    assert code == 1
    assert data in said
    assert "Set STOCK_TRACKER_DATA" in said
