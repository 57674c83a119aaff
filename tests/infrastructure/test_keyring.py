"""Keys are made once, kept wrapped, and open only under a master key of the ring."""

from uuid import uuid4

import pytest
from cryptography.fernet import Fernet

from domain.secrecy import Secret, WrongMasterKey
from infrastructure.crypto import keyring
from infrastructure.crypto.master import MasterKeys, bind
from infrastructure.crypto.rotation import rotate

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def ring(*keys):
    return MasterKeys(Secret(",".join(keys)))


@pytest.fixture
async def driver(database):
    driver = await database.connect()
    for table in (
        "keyring",
        "data_keys",
        "stripe_keys",
    ):  # before the shared ones, on this connection
        await driver.execute(f"CREATE TEMP TABLE {table} (LIKE {table} INCLUDING ALL)")
    yield driver
    await driver.close()


async def test_keys_are_made_once(driver):
    await keyring.make(driver, ring(OLD))
    first = await keyring.load(driver, ring(OLD))
    await keyring.make(driver, ring(OLD))

    assert await keyring.load(driver, ring(OLD)) == first
    assert len({first.pepper, first.email_index, first.signing}) == 3


async def test_no_key_lies_open_in_the_table(driver):
    await keyring.make(driver, ring(OLD))
    keys = await keyring.load(driver, ring(OLD))

    for row in await driver.fetch("SELECT name, wrapped FROM keyring"):
        assert getattr(keys, row["name"]) not in row["wrapped"]


async def test_without_keys_the_cure_is_named(driver):
    with pytest.raises(WrongMasterKey, match="stock-tracker migrate"):
        await keyring.load(driver, ring(OLD))


async def test_another_master_key_opens_nothing_and_says_what_to_do(driver):
    await keyring.make(driver, ring(OLD))

    with pytest.raises(WrongMasterKey, match="Put back the key that sealed it"):
        await keyring.load(driver, ring(NEW))


async def test_a_key_moved_to_another_name_does_not_open(driver):
    await keyring.make(driver, ring(OLD))
    await driver.execute(
        "UPDATE keyring SET wrapped = (SELECT wrapped FROM keyring WHERE name = 'pepper') "
        "WHERE name = 'signing'"
    )

    with pytest.raises(WrongMasterKey, match="changed or moved"):
        await keyring.load(driver, ring(OLD))


async def test_after_a_rotation_the_old_master_key_may_go(driver):
    await keyring.make(driver, ring(OLD))
    before = await keyring.load(driver, ring(OLD))

    both = ring(NEW, OLD)
    assert await keyring.load(driver, both) == before
    assert await rotate(driver, both) == len(keyring.NAMES)
    assert await rotate(driver, both) == 0
    assert await keyring.load(driver, ring(NEW)) == before


async def test_one_address_has_one_key_whatever_its_letter_case_or_width(driver):
    await keyring.make(driver, ring(OLD))
    keys = await keyring.load(driver, ring(OLD))

    same = [" Straße@Example.com", "STRASSE@example.COM ", "ｓtrasse@example.com"]
    assert len({keys.email_key(each) for each in same}) == 1
    assert keys.email_key("strase@example.com") != keys.email_key(same[0])


async def test_what_is_signed_can_be_checked_with_the_public_key(driver):
    await keyring.make(driver, ring(OLD))
    keys = await keyring.load(driver, ring(OLD))

    keys.public_key.verify(keys.sign(b"head"), b"head")


async def test_a_key_ring_does_not_print_its_keys(driver):
    await keyring.make(driver, ring(OLD))

    assert repr(await keyring.load(driver, ring(OLD))) == "Keyring(***)"


def test_a_wrapped_key_is_bound_to_what_it_is_for():
    about = (b"data_keys", uuid4().bytes)
    wrapped = ring(OLD).wrap(b"k" * 32, about)

    assert ring(OLD).unwrap(wrapped, about) == b"k" * 32
    with pytest.raises(WrongMasterKey):
        ring(OLD).unwrap(wrapped, (b"data_keys", uuid4().bytes))


def test_no_two_lists_of_parts_are_bound_alike():
    assert bind((b"ab", b"c")) != bind((b"a", b"bc"))
