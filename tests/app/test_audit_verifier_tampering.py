"""Whatever is done to an exported log without our key is found, and nothing else is reported.

TAMPERINGS=10000 pytest tests/app/test_audit_verifier_tampering.py tries that many.
"""

import json
import os
import random
from base64 import b64encode
from collections import Counter
from itertools import product
from uuid import uuid4

import pytest

from app.audit import verifier
from domain import user
from tests.app.audit_tampering import BESIDE, EXPORT, SEAL, Tamperer, counted
from tests.app.audit_world import Archive, by, changed, joined, lines, verified
from tests.app.graphql_world import told

TAMPERINGS = int(os.environ.get("TAMPERINGS", "150"))
SEED = 20261123


@pytest.fixture(scope="module")
async def company(pool):
    """Three streams, some sixty facts, six seals at different times; what each export adds is one
    more fact."""
    company = await (await Archive(pool).found()).lives(rounds=52, seals=4)
    tenant_id = company.scope.tenant
    other = told(user.decider, tenant_id, uuid4(), user.Register())
    await company.archive.handle(other, origin=by(company.scope.person))
    return company


def found(content, key):
    try:
        return bool(verified(content, key).findings)
    except verifier.NotChecked:
        return True


async def test_every_random_tampering_is_found(company):
    content, key = await company.export(), company.archive.ring.public
    tamperer = Tamperer(content, SEED)
    missed, tried = Counter(), Counter()
    for n in range(TAMPERINGS):
        way = tamperer.ways[n % len(tamperer.ways)]
        tried[way.__name__] += 1
        if not found(way(), key):
            missed[way.__name__] += 1

    assert len(lines(content)) > 65
    assert missed == {}
    assert min(tried.values()) >= TAMPERINGS // len(tamperer.ways)


async def test_another_key_is_noticed_only_by_who_knows_ours(company):
    tamperer = Tamperer(await company.export(), SEED)
    forged = tamperer.rewrite_history_and_sign_with_another_key()

    assert not found(forged, None)
    assert found(forged, company.archive.ring.public)


async def test_the_same_statements_written_otherwise_are_no_alarm(company):
    content, key = await company.export(), company.archive.ring.public
    shuffle = random.Random(SEED)  # noqa: S311 - to be repeated, not to be secret
    for n in range(10):
        written = []
        for line in lines(content):
            names = shuffle.sample(sorted(line), len(line))
            shuffled = {name: line[name] for name in names}
            spaces = (", ", ": ") if n % 2 else (",", ":")
            text = json.dumps(shuffled, ensure_ascii=n % 3 == 0, separators=spaces)
            written.append(text + ("\r\n" if n % 2 else "\n"))

        assert verified("".join(written).encode(), key).findings == []
    assert verified(content, key).findings == []
    assert verified(content.rstrip(b"\n"), key).findings == []


async def test_a_sentence_is_no_evidence(company):
    content = await company.export(language="en")

    assert verified(content.replace(b"to sync at", b"to rest at")).findings == []


async def test_the_order_of_facts_of_different_streams_counts_too(company):
    told = lines(await company.export())
    n = next(n for n, each in enumerate(told) if each.get("kind") == "subscription")
    told[n], told[n - 1] = told[n - 1], told[n]

    assert "stands after a later position" in verified(joined(told)).findings[0]


async def test_a_missing_fact_is_told_as_a_gap(company):
    told = lines(await company.export())
    del told[-5]

    assert "comes after version" in verified(joined(counted(told))).findings[0]


async def test_the_newest_seal_of_a_range_is_missed(company):
    told = lines(await company.export(until="2026-11-24"))
    del told[[each["line"] for each in told].index("fact") - 1]

    assert ["newest seal" in each for each in verified(joined(counted(told))).findings] == [True]


async def test_a_stream_that_is_left_out_is_missed_even_if_that_was_signed(company):
    told = [e for e in lines(await company.export()) if e.get("kind") != "subscription"]
    told[0]["says"]["streams"] = [e for e in told[0]["says"]["streams"] if e[0] != "subscription"]
    body = json.dumps(told[0]["says"]).encode()
    signature = company.archive.ring.sign(EXPORT + body)
    told[0] |= {"body": b64encode(body).decode(), "signature": b64encode(signature).decode()}
    told[-1]["streams"] -= 1
    report = verified(joined(counted(told)), company.archive.ring.public)

    assert "is not told as its seals say" in report.findings[0]


async def test_nothing_may_stand_after_the_end(company):
    content = await company.export()
    last = content.splitlines()[-1] + b"\n"

    assert "after the last line" in verified(content + last).findings[0]


WORDS = [None, True, 1.5, -1, 10**30, "", "x", "\x1b[31m", [], [[]], {}, {"a": 1}, "é" * 1_000]


@pytest.fixture
async def young(database):
    """A company with few facts, of which every kind of line tells."""
    return await (await Archive(database).found()).lives(rounds=1, seals=1)


async def test_no_value_of_any_field_makes_it_stumble(young, verify):
    content = await young.export()
    told = {each["line"]: (n, each) for n, each in enumerate(lines(content))}
    for line, fields in told.values():
        for name, word in product(fields.keys() - {*BESIDE}, WORDS):
            if fields[name] != word:
                code, said = verify(changed(content, line, {name: word}))

                assert code in (1, 2), (line, name, word)
                assert "\x1b" not in said


async def test_no_statement_that_is_signed_makes_it_stumble(young, verify):
    content = await young.export()
    told = {each["line"]: (n, each) for n, each in enumerate(lines(content))}
    for (line, fields), prefix in ((told["header"], EXPORT), (told["seal"], SEAL)):
        for name, word in product(fields["says"], WORDS):
            says = fields["says"] | {name: word}
            body = json.dumps(says).encode()
            signature = b64encode(young.archive.ring.sign(prefix + body)).decode()
            signed = {"body": b64encode(body).decode(), "signature": signature}

            assert verify(changed(content, line, {"says": says, **signed}))[0] in (0, 1, 2)
