"""Access tokens: one algorithm, one key, one purpose; everything else is refused."""

import base64
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
import pytest

from domain.secrecy import Grant, NotSignedIn, Secret, TokenExpired
from infrastructure.crypto.tokens import JwtTokens, _derive

SECRET_KEY = "a secret key for the tests only"
KEY = _derive(SECRET_KEY)
NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
GRANT = Grant(person=uuid4(), tenant=uuid4(), session=uuid4())


def tokens_at(now):
    return JwtTokens(Secret(SECRET_KEY), lambda: now)


def claims(**changes):
    good = jwt.decode(tokens_at(NOW).issue(GRANT), options={"verify_signature": False})
    return {key: value for key, value in {**good, **changes}.items() if value is not None}


def signed(algorithm="HS256", key=KEY, typ="at+jwt", **changes):
    return jwt.encode(claims(**changes), key, algorithm, headers={"typ": typ})


def test_what_is_issued_is_read_back():
    assert tokens_at(NOW).read(tokens_at(NOW).issue(GRANT)) == GRANT


def test_a_token_lasts_ten_minutes():
    token = tokens_at(NOW).issue(GRANT)

    assert tokens_at(NOW + timedelta(minutes=9, seconds=59)).read(token) == GRANT
    with pytest.raises(TokenExpired):
        tokens_at(NOW + timedelta(minutes=10)).read(token)


def test_a_token_of_a_clock_a_little_ahead_is_read():
    token = tokens_at(NOW).issue(GRANT)

    assert tokens_at(NOW - timedelta(seconds=4)).read(token) == GRANT
    with pytest.raises(NotSignedIn):
        tokens_at(NOW - timedelta(seconds=60)).read(token)


def test_two_tokens_are_never_the_same():
    assert tokens_at(NOW).issue(GRANT) != tokens_at(NOW).issue(GRANT)


def test_a_token_carries_ids_and_times_only():
    assert set(claims()) == {"iss", "aud", "sub", "tenant", "sid", "iat", "nbf", "exp", "jti"}


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")  # the forger's own
@pytest.mark.parametrize(
    "changes",
    [
        {"typ": "JWT"},
        {"typ": "rt+jwt"},
        {"algorithm": "HS384"},
        {"algorithm": "HS512"},
        {"key": b"x" * 32},
        {"key": SECRET_KEY.encode().ljust(32)},
        {"iss": "somebody"},
        {"aud": "somebody"},
        {"aud": ["stock-tracker", "somebody"]},
        {"sub": "not-a-uuid"},
        {"sub": None},
        {"tenant": None},
        {"sid": None},
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": 1e400},
        {"nbf": None},
        {"iat": None},
        {"iss": None},
        {"aud": None},
        {"jti": None},
        {"role": "owner"},
    ],
    ids=str,
)
def test_anything_unlike_ours_is_refused(changes):
    with pytest.raises(NotSignedIn):
        tokens_at(NOW).read(signed(**changes))


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, "HS256 "])
def test_a_token_without_a_signature_is_refused(algorithm):
    with pytest.raises(NotSignedIn):
        tokens_at(NOW).read(f"{part({'alg': algorithm, 'typ': 'at+jwt'})}.{part(claims())}.")


@pytest.mark.parametrize(
    "header", [{"kid": "../../etc/passwd"}, {"jku": "http://evil"}, {"crit": ["x"]}]
)
def test_a_header_cannot_choose_the_key(header):
    token = jwt.encode(claims(), b"evil" * 8, "HS256", headers={"typ": "at+jwt", **header})

    with pytest.raises(NotSignedIn):
        tokens_at(NOW).read(token)


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "ä.ö.ü", "x" * 100_000, "\0"])
def test_what_is_no_token_is_refused(text):
    with pytest.raises(NotSignedIn):
        tokens_at(NOW).read(text)


def test_another_secret_key_reads_nothing():
    others = JwtTokens(Secret("another secret key of some length"), lambda: NOW)

    with pytest.raises(NotSignedIn):
        others.read(tokens_at(NOW).issue(GRANT))
