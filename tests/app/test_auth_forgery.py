"""Who asks without being entitled to it: forged, foreign and old tokens, borrowed requests."""

import base64
import json
from datetime import timedelta
from uuid import uuid4

import jwt
import pytest

from tests.app.conftest import SECRET_KEY


def forged_by_another_key(tokens, _):
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    return jwt.encode(claims, b"x" * 32, "HS256", headers={"typ": "at+jwt"})


def forged_by_the_secret_itself(tokens, _):
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    key = SECRET_KEY.reveal().encode().ljust(32, b"\0")
    return jwt.encode(claims, key, "HS256", headers={"typ": "at+jwt"})


def without_a_signature(tokens, _):
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "at+jwt"}).encode())
    return f"{head.rstrip(b'=').decode()}.{tokens['access_token'].split('.')[1]}."


def with_one_letter_changed(tokens, _):
    head, claims, signature = tokens["access_token"].split(".")
    return f"{head}.{claims[:-2]}{'A' if claims[-2] != 'A' else 'B'}{claims[-1]}.{signature}"


def the_refresh_token(tokens, _):
    return tokens["refresh_token"]


def nothing(*_):
    return ""


def garbage(*_):
    return "ä.b.c"


@pytest.mark.parametrize(
    "forge",
    [
        forged_by_another_key,
        forged_by_the_secret_itself,
        without_a_signature,
        with_one_letter_changed,
        the_refresh_token,
        nothing,
        garbage,
    ],
)
async def test_a_forged_token_is_refused(anna, forge):
    tokens = (await anna.register()).json()

    answer = await anna.door.post(
        "/auth/logout", headers={"Authorization": f"Bearer {forge(tokens, anna)}".encode()}
    )

    assert answer.status_code == 401
    assert answer.json()["code"] == "NOT_SIGNED_IN"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert (await anna.refresh(tokens["refresh_token"])).status_code == 200


async def test_a_request_without_a_token_is_refused(anna):
    answer = await anna.door.post("/auth/logout")

    assert answer.json()["code"] == "NOT_SIGNED_IN"
    assert "Authorization: Bearer" in answer.json()["detail"]


async def test_an_access_token_is_good_for_ten_minutes_and_says_so(anna, clock):
    tokens = (await anna.register()).json()
    clock.now += timedelta(minutes=10)

    answer = await anna.sign_out(tokens["access_token"])

    assert answer.status_code == 401
    assert answer.json()["code"] == "TOKEN_EXPIRED"
    assert "/auth/refresh" in answer.json()["detail"]


async def test_a_session_of_one_company_does_not_open_another(anna, accounts, database):
    tokens = (await anna.register()).json()
    grant = accounts.tokens.read(tokens["access_token"])
    other = uuid4()
    async with database.driver() as driver:
        await driver.execute(
            "INSERT INTO members VALUES ($1, $2, 'owner', now())", other, grant.person
        )

    crossed = accounts.tokens.issue(
        type(grant)(person=grant.person, tenant=other, session=grant.session)
    )

    assert (await anna.sign_out(crossed)).json()["code"] == "SESSION_ENDED"


async def test_a_refresh_token_works_for_nobody_else(anna):
    tokens = (await anna.register()).json()
    _, _, secret = tokens["refresh_token"].split("_", 2)

    answer = await anna.refresh(f"rt_{uuid4().hex}_{secret}")

    assert answer.json()["code"] == "NOT_SIGNED_IN"
    assert (await anna.refresh(tokens["refresh_token"])).status_code == 200
