"""Guessing is slow, and a guesser cannot lock anybody out."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

from app.accounts import throttle


async def test_the_eleventh_guess_from_one_network_has_to_wait(anna):
    await anna.register()

    guesses = [(await anna.sign_in(password="secure124")).status_code for _ in range(11)]
    answer = await anna.sign_in()

    assert guesses == [401] * 10 + [429]
    assert answer.status_code == 429
    assert answer.json()["code"] == "TOO_MANY"
    assert 0 < int(answer.headers["retry-after"]) <= 60


async def test_an_unknown_address_is_throttled_like_a_known_one(anna):
    guesses = [(await anna.sign_in()).status_code for _ in range(11)]

    assert guesses == [401] * 10 + [429]


async def test_a_guesser_elsewhere_does_not_stop_her(anna):
    await anna.register()
    guesser = SimpleNamespace(**vars(anna))
    guesser = type(anna)(anna.door, anna.email, "secure124", "198.51.100.9")
    for _ in range(11):
        answer = await guesser.sign_in()

    assert answer.status_code == 429
    assert (await anna.sign_in()).status_code == 200


async def test_a_guesser_with_many_networks_is_stopped_and_still_does_not_stop_her(
    anna, monkeypatch
):
    monkeypatch.setattr(
        throttle, "SIGN_INS_OF_ADDRESS", replace(throttle.SIGN_INS_OF_ADDRESS, limit=5)
    )
    await anna.register()
    guesses = [
        (await type(anna)(anna.door, anna.email, "secure124", f"198.51.100.{n}").sign_in())
        for n in range(7)
    ]

    assert [each.status_code for each in guesses] == [401] * 5 + [429] * 2
    assert (await anna.sign_in()).status_code == 200


async def test_who_signs_in_often_is_not_taken_for_a_guesser(anna):
    await anna.register()

    assert {(await anna.sign_in()).status_code for _ in range(15)} == {200}


async def test_an_address_registers_only_so_often(anna):
    answers = [(await anna.register()).status_code for _ in range(11)]

    assert answers == [201] + [409] * 9 + [429]


async def test_a_network_signs_in_and_registers_only_so_often(anna, monkeypatch):
    few = throttle.Quota(limit=3, period=timedelta(hours=1))
    monkeypatch.setattr(throttle, "SIGN_INS_OF_NETWORK", few)
    monkeypatch.setattr(throttle, "REGISTRATIONS_OF_NETWORK", few)

    sign_ins = [(await anna.sign_in(email=f"{n}@a.ru")).status_code for n in range(4)]
    registrations = [(await anna.register(email=f"{n}{anna.email}")).status_code for n in range(4)]

    assert sign_ins == [401] * 3 + [429]
    assert registrations == [201] * 3 + [429]


async def test_what_a_client_writes_into_the_forwarded_header_counts_for_nothing(anna):
    answers = [
        (await anna.post("/auth/login", {"email": anna.email, "password": "x"},
                         **{"X-Forwarded-For": f"203.0.113.{n}, {anna.ip}"})).status_code
        for n in range(11)
    ]  # fmt: skip

    assert answers == [401] * 10 + [429]
