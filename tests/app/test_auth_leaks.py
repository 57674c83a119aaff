"""Secrets stay where they belong: not in answers, logs, facts or tables."""

import logging
import re

import pytest

from app.accounts.routes import Login, Refresh, Register, Tokens
from app.errors import describe
from domain.secrecy import Secret

CANARY = "correct-horse-канарейка"


async def test_a_password_appears_nowhere_in_what_is_answered_logged_or_kept(
    anna, database, caplog
):
    caplog.set_level(logging.DEBUG)
    anna.password = CANARY
    answers = [
        await anna.register(),
        await anna.register(),
        await anna.register(email="no address"),
        await anna.register(extra=1),
        await anna.sign_in(),
        await anna.sign_in(password=CANARY + "!"),
    ]
    tokens = answers[0].json()
    answers += [await anna.refresh(tokens["refresh_token"]) for _ in range(2)]
    kept = await everything(database)

    assert CANARY not in "".join(each.text for each in answers)
    assert CANARY not in caplog.text
    assert CANARY not in kept
    for token in (tokens["access_token"], tokens["refresh_token"]):
        assert token not in kept
        assert token not in caplog.text


async def test_facts_and_logs_know_neither_address_nor_name_nor_ip(anna, database, caplog):
    caplog.set_level(logging.DEBUG, "app")
    await anna.register()
    await anna.sign_in(password="secure124")

    facts = await everything(database, ["events", "heads", "commands"])
    for personal in (anna.email, anna.email.lower(), "Иванова", anna.ip):
        assert personal not in facts
        assert personal not in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        Register(email="a@b.ru", password=CANARY, full_name="A"),
        Login(email="a@b.ru", password=CANARY),
        Refresh(refresh_token=CANARY),
        Tokens(access_token=CANARY, refresh_token=CANARY, token_type="", expires_in=1),
        Secret(CANARY),
    ],
)
def test_what_carries_a_secret_does_not_print_it(body):
    assert CANARY not in f"{body} {body!r} {[body]}"


async def test_an_unexpected_error_shows_its_id_outside_and_its_reason_inside(
    anna, accounts, caplog, monkeypatch
):
    async def burst(_driver, *_):
        raise ValueError(f"boom\nDETAIL:  Failing row contains ({CANARY}).")

    monkeypatch.setattr("app.accounts.read.by_login", burst)
    answer = await anna.sign_in()

    assert answer.status_code == 500
    assert "boom" not in answer.text
    assert answer.json()["request_id"] in caplog.text
    assert "ValueError: boom" in caplog.text
    assert CANARY not in caplog.text


def test_a_described_error_tells_its_cause():
    outer = RuntimeError(f"outer\n{CANARY}")
    outer.__cause__ = KeyError("inner")

    told = describe(outer)
    assert "RuntimeError: outer" in told
    assert "because of KeyError: 'inner'" in told
    assert CANARY not in told


async def everything(database, tables=None):
    async with database.driver() as driver:
        found = tables or [
            row["relname"]
            for row in await driver.fetch(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = "
                "'public'::regnamespace"
            )
        ]
        rows = [await driver.fetch(f"SELECT t::text FROM {name} t") for name in found]
    told = "".join(row["t"] for each in rows for row in each)
    return told + "".join(bytes.fromhex(part).decode(errors="replace") for part in hexes(told))


def hexes(told):
    return re.findall(r"\\x((?:[0-9a-f]{2})+)", told)
