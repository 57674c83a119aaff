"""Passwords: slow on purpose, whole, peppered, and never among the commonest."""

import asyncio
import re

import bcrypt
import pytest

from domain.errors import Invalid, Unavailable
from infrastructure.crypto import passwords as module
from infrastructure.crypto.passwords import BcryptPasswords

PEPPER = b"p" * 32


@pytest.fixture
def passwords():
    cheap = BcryptPasswords(PEPPER, cost=4, threads=2)
    yield cheap
    cheap.close()


async def test_a_password_is_known_again(passwords):
    hashed = await passwords.hash("secure123")

    assert await passwords.verify("secure123", hashed)
    assert not await passwords.verify("Secure123", hashed)


async def test_nobody_knows_any_password(passwords):
    assert not await passwords.verify("secure123", None)


@pytest.mark.parametrize(
    "password", ["я" * 256, "x" * 256, "пароль из многих слов", "a\0b\0c\0d\0"]
)
async def test_every_character_counts(passwords, password):
    hashed = await passwords.hash(password)

    assert await passwords.verify(password, hashed)
    assert not await passwords.verify(password[:-1] + "!", hashed)
    assert not await passwords.verify(password[:-1], hashed)


async def test_a_password_typed_on_another_keyboard_is_the_same(passwords):
    hashed = await passwords.hash("Йод и чай")

    assert await passwords.verify("Йод и чай".replace("Й", "Й"), hashed)


async def test_two_people_with_one_password_have_different_hashes(passwords):
    assert await passwords.hash("secure123") != await passwords.hash("secure123")


async def test_a_stolen_hash_is_worth_nothing_without_the_pepper(passwords):
    hashed = await passwords.hash("secure123")
    others = BcryptPasswords(b"q" * 32, cost=4)

    known = await others.verify("secure123", hashed)
    others.close()

    assert not known
    assert not bcrypt.checkpw(b"secure123", hashed[-60:].encode())


async def test_the_stored_form_names_its_scheme_its_pepper_and_its_cost():
    real = BcryptPasswords(PEPPER)
    hashed = await real.hash("secure123")
    real.close()

    assert re.fullmatch(r"\$st1\$[0-9a-f]{8}\$\$2b\$12\$[./A-Za-z0-9]{53}", hashed)


async def test_an_unknown_person_costs_as_much_as_a_known_one(monkeypatch):
    real = BcryptPasswords(PEPPER, cost=5, threads=1)
    hashed = await real.hash("secure123")
    checked = []
    monkeypatch.setattr(
        "infrastructure.crypto.passwords.bcrypt.checkpw",
        lambda _digest, stored: checked.append(stored) or False,
    )

    await real.verify("secure124", hashed)
    await real.verify("secure124", None)
    real.close()

    rounds = [stored.decode().split("$")[2] for stored in checked]
    assert rounds == ["05", "05"]


async def test_hashing_leaves_the_event_loop_free(passwords):
    slow = BcryptPasswords(PEPPER, cost=11, threads=1)
    task = asyncio.create_task(slow.hash("secure123"))
    turns = 0
    while not task.done():
        await asyncio.sleep(0)
        turns += 1
    slow.close()

    assert turns > 10


async def test_when_too_many_wait_the_next_is_asked_to_come_back(passwords, monkeypatch):
    monkeypatch.setattr(module, "WAITING", 1)
    answers = await asyncio.gather(
        *(passwords.verify("secure123", None) for _ in range(5)), return_exceptions=True
    )

    refused = [each for each in answers if isinstance(each, Unavailable)]
    assert (len(refused), refused[0].cause) == (3, "busy")
    assert not await passwords.verify("secure123", None)


@pytest.mark.parametrize("password", ["secure123", "correct horse battery", "пароль-длинный"])
def test_ordinary_passwords_are_accepted(passwords, password):
    passwords.check(password)


@pytest.mark.parametrize("password", ["", "1234567", "x" * 257])
def test_the_length_is_eight_to_256(passwords, password):
    with pytest.raises(Invalid, match="8 to 256"):
        passwords.check(password)


@pytest.mark.parametrize(
    "password", ["password", "PASSWORD1", "12345678", "qwertyuiop", "ｐassword"]
)
def test_the_commonest_are_refused(passwords, password):
    with pytest.raises(Invalid, match="commonest"):
        passwords.check(password)


def test_three_thousand_are_known_to_be_common():
    assert len(module.COMMONEST) == 3000
