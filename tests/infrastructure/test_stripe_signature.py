"""Which bytes count as signed by Stripe, and what is wrong with the others, in one word each."""

import hmac
from hashlib import sha256

import pytest
import stripe

from domain.inbox_port import NotSigned
from domain.secrecy import Secret
from infrastructure.stripe.signature import LONGEST, MOST, TOLERANCE, check

BODY = '{"id": "evt_1", "name": "Анна"}'.encode()
NOW = 1_795_000_000
KEY, OLD_KEY = Secret("whsec_new"), Secret("whsec_old")


def v1(key=KEY, at=NOW, body=BODY):
    return hmac.new(key.reveal().encode(), f"{at}.".encode() + body, sha256).hexdigest()


def header(key=KEY, at=NOW, body=BODY):
    return f"t={at},v1={v1(key, at, body)}"


def said(header, *keys, body=BODY, now=NOW):
    return refusal(header, keys or (KEY,), body, now)


def refusal(header, keys, body=BODY, now=NOW):
    """The word for what is wrong; None when nothing is."""
    try:
        check(header, body, keys, now)
    except NotSigned as refused:
        return refused.reason


def test_what_stripe_signed_is_good():
    assert said(header()) is None


def test_their_own_sdk_signs_as_we_check():
    signed = stripe.WebhookSignature._compute_signature(f"{NOW}.{BODY.decode()}", KEY.reveal())

    assert said(f"t={NOW},v1={signed}") is None


def test_spaces_between_the_parts_do_no_harm():
    assert said(f"t={NOW}, v1={v1()}, v0=abc") is None


@pytest.mark.parametrize("mine", [(KEY, OLD_KEY), (OLD_KEY, KEY)], ids=["first", "second"])
def test_while_a_secret_is_rolled_either_is_good(mine):
    assert said(header(KEY), *mine) is None
    assert said(header(OLD_KEY), *mine) is None


def test_any_of_several_signatures_will_do():
    both = f"t={NOW},v1={v1(Secret('whsec_other'))},v1={v1(OLD_KEY)}"

    assert said(both, OLD_KEY) is None
    assert said(both, KEY) == "mismatch"


def test_a_secret_that_is_not_used_any_more_is_no_good():
    assert said(header(OLD_KEY), KEY) == "mismatch"


@pytest.mark.parametrize("age", [0, TOLERANCE, -TOLERANCE])
def test_within_five_minutes_both_ways_the_time_is_good(age):
    assert said(header(at=NOW - age)) is None


def test_what_was_signed_long_ago_may_be_a_recording():
    assert said(header(at=NOW - TOLERANCE - 1)) == "old"


def test_nothing_is_signed_in_the_future():
    assert said(header(at=NOW + TOLERANCE + 1)) == "future"
    assert said(header(at=NOW + 86_400)) == "future"


@pytest.mark.parametrize("empty", [(), (Secret(""),)], ids=["none", "empty"])
def test_an_empty_secret_verifies_nothing(empty):
    forged = f"t={NOW},v1={v1(Secret(''))}"

    assert refusal(forged, empty) == "no_secret"
    assert refusal(forged, (Secret(""), KEY)) == "mismatch"


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (None, "missing"),
        ("", "missing"),
        ("garbage", "malformed"),
        (",,,", "malformed"),
        ("=", "malformed"),
        (f"v1={v1()}", "malformed"),
        (f"t=,v1={v1()}", "malformed"),
        (f"t=soon,v1={v1()}", "malformed"),
        (f"t=-1,v1={v1(at=-1)}", "malformed"),
        (f"t=1e9,v1={v1(at='1e9')}", "malformed"),
        (f"t={'9' * 400},v1={v1(at='9' * 400)}", "malformed"),
        (f"t=١٢٣,v1={v1(at='١٢٣')}", "malformed"),
        (f"t={NOW},t={NOW},v1={v1()}", "malformed"),
        (f"t={NOW},{','.join([f'v1={v1()}'] * (MOST + 1))}", "malformed"),
        (f"t={NOW},v1={v1()},{'x' * LONGEST}", "too_long"),
        (f"t={NOW}", "wrong_scheme"),
        (f"t={NOW},v0={v1()}", "wrong_scheme"),
        (f"t={NOW},V1={v1()}", "wrong_scheme"),
        (f"t={NOW},v1=", "mismatch"),
        (f"t={NOW},v1={v1()[:-1]}", "mismatch"),
        (f"t={NOW},v1={v1().upper()}", "mismatch"),
        (f"t={NOW},v1=подпись", "mismatch"),
        (f"t={NOW},v1={v1(at=NOW - 1)}", "mismatch"),
    ],
)
def test_anything_else_is_refused_with_one_word(given, word):
    assert said(given) == word


@pytest.mark.parametrize(
    "other", [BODY + b" ", BODY[:-1], b"", b"\xff" + BODY, BODY.replace(b": ", b":")]
)
def test_the_bytes_are_signed_and_not_what_they_mean(other):
    assert said(header(), body=other) == "mismatch"


def test_bytes_that_are_no_text_can_be_signed_too():
    assert said(header(body=b"\xff\x00"), body=b"\xff\x00") is None
