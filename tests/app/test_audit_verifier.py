"""The verifier: alone, offline, and calm about whatever it is given."""

import ast
import base64
import gzip
import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from app.audit import verifier
from tests.app.audit_tampering import BESIDE, EXPORT, SEAL
from tests.app.audit_world import Archive, changed, joined, lines

ROOT = Path(__file__).parents[2]
VERIFIER = ROOT / "app/audit/verifier.py"


@pytest.fixture
async def company(database):
    return await (await Archive(database).found()).lives()


@pytest.fixture
async def content(company):
    return await company.export()


@pytest.fixture
def check(tmp_path):
    """Verify bytes as a file: the exit code, and what is said."""

    def call(content, *options):
        file, said = tmp_path / "audit.jsonl", []
        file.write_bytes(content)
        return verifier.main([str(file), *options], said.append), "\n".join(said)

    return call


def test_it_imports_nothing_of_ours():
    roots = set()
    for node in ast.walk(ast.parse(VERIFIER.read_text())):
        if isinstance(node, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            roots.add(node.module.split(".")[0])

    assert roots <= sys.stdlib_module_names | {"cryptography"}


@pytest.mark.parametrize(
    "command", [[str(VERIFIER)], ["-m", "app", "audit", "verify"]], ids=["alone", "stock-tracker"]
)
async def test_it_runs_alone_and_as_a_command_without_any_settings(content, tmp_path, command):
    file = tmp_path / "audit.jsonl"
    file.write_bytes(content)
    environ = {"PYTHONPATH": str(ROOT)} if command[0] == "-m" else {}
    done = subprocess.run(  # noqa: S603, ASYNC221 - our own interpreter, nobody else waits
        [sys.executable, *command, str(file)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environ,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("16 facts, 5 seals, 2 streams: all intact.\n")


async def test_a_minus_reads_what_is_piped_in(content):
    done = subprocess.run(  # noqa: S603, ASYNC221 - our own interpreter, nobody else waits
        [sys.executable, str(VERIFIER), "-"], input=content, capture_output=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, b"")


async def test_it_says_which_key_it_trusts_and_what_is_no_evidence(company, content, check):
    key = company.archive.key
    fingerprint = lines(content)[0]["key"]["fingerprint"]

    code, said = check(content)

    assert code == 0
    assert f"Key fingerprint {fingerprint}, taken from the file: compare with /audit/key." in said
    assert "no evidence" in said
    assert f"{fingerprint}, the one you gave." in check(content, "--key", key)[1]


async def test_a_key_may_be_given_as_text_as_a_file_or_as_the_answer_of_the_api(
    company, content, check, tmp_path
):
    plain, answer = tmp_path / "key.txt", tmp_path / "key.json"
    plain.write_text(company.archive.key + "\n")
    answer.write_text((await company.stranger("/audit/key")).text)

    assert [check(content, "--key", str(each))[0] for each in (plain, answer)] == [0, 0]


async def test_a_file_signed_with_another_key_is_not_intact(content, check, database):
    code, said = check(content, "--key", Archive(database).key)

    assert code == 1
    assert "Line 1: the file was not signed with this key." in said


@pytest.fixture
def earlier(content, tmp_path):
    """A file that somebody took before."""
    file = tmp_path / "earlier.jsonl"
    file.write_bytes(content)
    return file


async def test_it_says_whose_the_file_is_and_from_which_seal_to_which(company, content, check):
    tenant = company.scope.tenant
    ranged = await company.export(since="2026-11-23T06:00:00Z")

    assert (
        f"Company {tenant}, after seal 0 to seal 5 of 5, "
        "made at 2026-11-23T14:40:00.000000+00:00.\n"
    ) in check(content)[1]
    assert f"Company {tenant}, after seal 1 to seal 6 of 6, " in check(ranged)[1]
    assert "It is a range, since 2026-11-23T06:00:00.000000+00:00: nothing" in check(ranged)[1]


async def test_the_file_of_another_company_is_not_the_one_that_was_asked_for(
    company, content, check
):
    other = "00000000-0000-0000-0000-000000000007"
    code, said = check(content, "--tenant", other)

    assert (code, f"Line 1: it is not of company {other}." in said) == (1, True)
    assert check(content, "--tenant", str(company.scope.tenant))[0] == 0


async def test_a_later_export_goes_on_from_an_earlier_one(company, earlier, check):
    await company.lives(rounds=3)
    whole, ranged = await company.export(), await company.export(since="2026-11-23T15:00:00Z")

    assert [check(each, "--before", str(earlier))[0] for each in (whole, ranged)] == [0, 0]


async def test_an_earlier_export_shows_that_seals_were_made_anew(company, earlier, check):
    await company.meddle("DELETE FROM seals WHERE tenant_id = $1")
    fewer = await company.export()
    for _ in range(5):
        await company.archive.sealing(company.scope.tenant)
    anew = await company.export()

    assert [check(each)[0] for each in (fewer, anew)] == [0, 0]
    assert "seal 5 of the file before is missing" in check(fewer, "--before", str(earlier))[1]
    assert "seal 5 is not the one of the file before" in check(anew, "--before", str(earlier))[1]


async def test_an_earlier_export_must_be_intact_and_of_the_same_company_and_key(
    company, content, earlier, check, database
):
    other = await company.archive.found()
    stranger = await Archive(database).found()
    codes = [check(await each.export(), "--before", str(earlier)) for each in (other, stranger)]
    earlier.write_bytes(content.replace(b'"version":3', b'"version":4', 1))
    broken = check(content, "--before", str(earlier))

    assert "it is not of company" in codes[0][1]
    assert "not signed with this key" in codes[1][1]
    assert "The file before is not intact: Line " in broken[1]
    assert [codes[0][0], codes[1][0], broken[0]] == [1, 1, 1]


@pytest.mark.parametrize("key", ["", "nonsense", "AAAA", "é", "{}", "/", "x" * 5_000])
async def test_a_key_that_is_none_is_said_so(content, check, key):
    code, said = check(content, "--key", key)

    assert code == 2
    assert said == "Not checked: --key is neither an Ed25519 key in base64 nor a file with one."


async def test_a_file_from_before_changes_and_causes_were_told_is_intact_too(content, check):
    told = lines(content)
    for line in told:
        line.pop("changes", None)
        line.pop("causes", None)

    assert check(joined(told))[0] == 0


async def test_a_finding_names_line_stream_and_version(company, content, check):
    told = lines(content)
    told[9]["source"] = "staff"

    code, said = check(joined(told))
    where = f"version {told[9]['version']} of tenant {company.scope.tenant}"

    assert code == 1
    assert said.splitlines()[:2] == [
        "16 facts, 5 seals, 2 streams: NOT INTACT.",
        f"Line 10: {where} was changed: its link does not hold.",
    ]


async def test_only_the_first_findings_are_told(content, check):
    told = [{**each, "remark": 1} if each["line"] == "fact" else each for each in lines(content)]

    code, said = check(joined(told))

    assert code == 1
    assert said.count("columns are missing, or too many") == verifier.MOST
    assert "perhaps more" in said


RUBBISH = {
    "nothing": b"",
    "a line feed": b"\n",
    "text": "Добрый день".encode(),
    "binary": bytes(range(256)) * 100,
    "a number": b"7\n",
    "a list": b"[]\n",
    "an object": b"{}\n",
    "deep": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "a long number": b'{"format": ' + b"9" * 10_000 + b"}",
    "half a surrogate": b'{"format": "\\ud800"}',
    "another format": b'{"line": "header", "format": "stock-tracker.audit-export/2", "key": {"public": "AAAA"}}\n',
    "wrong types": b'{"line": "header", "format": "stock-tracker.audit-export/1", "key": 7}\n',
    "utf-16": "{}".encode("utf-16"),
    "packed": gzip.compress(b"{}"),
}


@pytest.mark.parametrize("content", RUBBISH.values(), ids=RUBBISH.keys())
def test_rubbish_is_one_clear_sentence(check, content):
    code, said = check(content)

    assert code == 2
    assert said.startswith("Not checked: ")
    assert said.count("\n") == 0


async def test_a_csv_is_told_from_json_lines(company, check):
    code, said = check(await company.export(format="csv"))

    assert (code, "format=jsonl, CSV is for reading" in said) == (2, True)


def test_a_line_without_end_is_not_read_to_its_end(check):
    code, said = check(b"x" * (verifier.LONGEST + 7))

    assert (code, "longer than any line" in said) == (2, True)


@pytest.mark.parametrize("file", ["nowhere.jsonl", "/", "\0"])
def test_a_file_that_cannot_be_read_is_one_sentence(file):
    said = []

    assert verifier.main([file], said.append) == 2
    assert said[0].startswith("Not checked: ")


WORDS = [None, True, 1.5, -1, 10**30, "", "x", "\x1b[31m", [], [[]], {}, {"a": 1}, "é" * 1_000]


@pytest.fixture
async def young(database):
    """A company with few facts, of which every kind of line tells."""
    return await (await Archive(database).found()).lives(rounds=1, seals=1)


async def test_no_value_of_any_field_makes_it_stumble(young, check):
    content = await young.export()
    told = {each["line"]: (n, each) for n, each in enumerate(lines(content))}
    for line, fields in told.values():
        for name, word in product(fields.keys() - {*BESIDE}, WORDS):
            if fields[name] != word:
                code, said = check(changed(content, line, {name: word}))

                assert code in (1, 2), (line, name, word)
                assert "\x1b" not in said


async def test_no_statement_that_is_signed_makes_it_stumble(young, check):
    content = await young.export()
    told = {each["line"]: (n, each) for n, each in enumerate(lines(content))}
    for (line, fields), prefix in ((told["header"], EXPORT), (told["seal"], SEAL)):
        for name, word in product(fields["says"], WORDS):
            says = fields["says"] | {name: word}
            body = json.dumps(says).encode()
            signature = base64.b64encode(young.archive.ring.sign(prefix + body)).decode()
            signed = {"body": base64.b64encode(body).decode(), "signature": signature}

            assert check(changed(content, line, {"says": says, **signed}))[0] in (0, 1, 2)
