"""The shape of the system, as tests; who may import whom is said in pyproject's contracts."""

import ast
import sys
from functools import cache
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("domain", "infrastructure", "app", "sandbox", "migrations", "stock_tracker")
CODE = sorted(chain.from_iterable((ROOT / package).rglob("*.py") for package in PACKAGES))
EVERYTHING = sorted([*CODE, *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")])

LONGEST_FILE, LONGEST_FUNCTION = 300, 50
WORDLESS = {"utils", "common", "helpers", "base", "manager", "service"}


def name(path):
    return str(path.relative_to(ROOT))


@cache
def written(path):
    """What stands in a file, read once; its whole tree would fill the memory of a run."""
    tree = ast.parse(path.read_text())
    nodes = [*ast.walk(tree)]
    functions = (each for each in nodes if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
    return SimpleNamespace(
        says=ast.get_docstring(tree),
        imports=[*chain.from_iterable(map(imported, nodes))],
        lengths=[(each.name, length(each)) for each in functions],
    )


def imported(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def length(function):
    """Lines of the body, without the docstring: of nested functions too, for they are read along."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno - body[0].lineno + 1) if body else 0


def only(package):
    return [path for path in CODE if path.is_relative_to(ROOT / package)]


@pytest.mark.parametrize("path", only("domain"), ids=name)
def test_the_domain_imports_only_the_standard_library_and_itself(path):
    roots = {module.split(".")[0] for module in written(path).imports}

    assert roots <= sys.stdlib_module_names | {"domain"}


@pytest.mark.parametrize("path", only("sandbox"), ids=name)
def test_the_sandbox_shares_no_code_with_the_product(path):
    roots = {module.split(".")[0] for module in written(path).imports}

    assert not roots & {"app", "domain", "infrastructure", "migrations"}


def test_no_file_is_longer_than_three_hundred_lines():
    long = {name(path): n for path in EVERYTHING if (n := len(path.read_text().splitlines())) > 300}

    assert long == {}


def test_no_function_is_longer_than_fifty_lines():
    long = {
        f"{name(path)}:{function}": lines
        for path in CODE
        for function, lines in written(path).lengths
        if lines > LONGEST_FUNCTION
    }

    assert long == {}


def test_files_and_functions_stay_small():
    files = sorted(len(path.read_text().splitlines()) for path in CODE)
    bodies = sorted(lines for path in CODE for _, lines in written(path).lengths)

    assert files[len(files) // 2] <= 90
    assert bodies[len(bodies) // 2] <= 6
    assert bodies[len(bodies) * 95 // 100] <= 25


def test_every_module_says_why_it_exists():
    silent = [name(path) for path in CODE if not written(path).says]

    assert silent == []


def test_no_module_has_a_name_that_says_nothing():
    wordless = [name(path) for path in CODE if WORDLESS & {path.stem, path.parent.name}]

    assert wordless == []


def test_only_the_settings_read_the_environment():
    inside = [*only("app"), *only("domain"), *only("infrastructure")]
    readers = {name(path) for path in inside if "os.environ" in path.read_text()}

    assert readers <= {"app/settings.py", "app/supervise.py", "app/demo.py"}


def test_only_the_clock_knows_the_time():
    inside = [*only("app"), *only("domain"), *only("infrastructure")]
    tellers = {name(path) for path in inside if "datetime.now(" in path.read_text()}

    assert tellers == {"infrastructure/clock.py"}


def test_no_session_setting_outlives_its_transaction():
    loose = [
        name(path)
        for path in CODE
        if "set_config(" in (text := path.read_text()) and ", false)" in text
    ]

    assert loose == []
