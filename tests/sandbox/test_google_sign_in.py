"""Signing in: keys, tokens, scopes and shares decide who may do what."""

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.sandbox.google_visit import SELLER, visiting

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SHEETS = "https://www.googleapis.com/auth/spreadsheets"


@pytest.fixture
def visit():
    with visiting() as visit:
        yield visit


def claims(visit, **changes):
    now = int(visit.clock.seconds())
    usual = {
        "iss": visit.robot.email,
        "scope": SHEETS,
        "aud": "https://oauth2.googleapis.com/token",
        "iat": now,
        "exp": now + 3600,
    }
    return usual | changes


def grant(visit, body, key=None):
    assertion = jwt.encode(body, key or visit.robot.private_key, "RS256")
    return visit.client.post("/token", data={"grant_type": GRANT, "assertion": assertion})


def reads(visit, token):
    return visit.call("GET", f"{visit.url}?fields=spreadsheetId", token=token).status_code


def test_a_signed_assertion_gives_a_token_that_opens_the_shared_file(visit):
    answer = grant(visit, claims(visit)).json()

    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 3599
    assert reads(visit, answer["access_token"]) == 200


def test_the_key_file_points_to_the_sandbox(visit):
    key = visit.robot.key("http://127.0.0.1:9/")

    assert key["token_uri"] == "http://127.0.0.1:9/token"
    assert key["client_email"] == visit.robot.email
    assert visit.drive.accounts.service() is visit.robot


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "nobody@sandbox.iam.gserviceaccount.com"},
        {"aud": "https://example.com/token"},
        {"exp": 1},
        {"iat": 1},
        {"exp": 9_999_999_999},
    ],
)
def test_a_wrong_claim_is_an_invalid_grant(visit, changes):
    answer = grant(visit, claims(visit, **changes))

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_grant"


def test_another_key_does_not_sign_for_the_account(visit):
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    assert grant(visit, claims(visit), stranger).json()["error_description"] == (
        "Invalid JWT Signature."
    )


def test_a_token_lives_an_hour(visit):
    visit.clock.pass_by(3601)

    assert reads(visit, visit.token) == 401


@pytest.mark.parametrize("token", ["", "ya29.nonsense", "abc"])
def test_a_forged_or_missing_token_is_unauthenticated(visit, token):
    assert reads(visit, token) == 401


def test_a_closed_account_gets_nothing_more(visit):
    visit.drive.accounts.closed.add(visit.robot.email)

    assert reads(visit, visit.token) == 401
    assert grant(visit, claims(visit)).json()["error"] == "invalid_grant"


def test_a_reading_scope_reads_and_no_more(visit):
    token = visit.drive.tokens.issue(visit.robot.email, SHEETS + ".readonly")
    body = {"requests": [{"clearBasicFilter": {"sheetId": 0}}]}
    written = visit.call("POST", f"{visit.url}:batchUpdate", json=body, token=token)

    assert reads(visit, token) == 200
    assert written.status_code == 403
    assert written.json()["error"]["message"] == "Request had insufficient authentication scopes."


def test_a_user_comes_by_code_and_stays_by_refresh_token(visit):
    code = visit.drive.accounts.code(SELLER)
    first = {"grant_type": "authorization_code", "code": code}
    tokens = visit.client.post("/token", data=first).json()
    again = visit.client.post("/token", data=first)
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    fresh = visit.client.post("/token", data=refresh).json()

    assert reads(visit, fresh["access_token"]) == 200
    assert again.json()["error"] == "invalid_grant"


def test_an_unshared_file_is_forbidden_and_a_deleted_one_not_found(visit):
    visit.file.unshare(visit.robot.email)
    closed = visit.ask("")["error"]
    visit.drive.delete(visit.file.id)
    gone = visit.ask("")["error"]

    assert (closed["code"], closed["message"]) == (403, "The caller does not have permission")
    assert closed["status"] == "PERMISSION_DENIED"
    assert (gone["code"], gone["message"]) == (404, "Requested entity was not found.")


def test_a_reader_may_not_write(visit):
    visit.file.share(visit.robot.email, "reader")

    assert reads(visit, visit.token) == 200
    assert visit.batch({"clearBasicFilter": {"sheetId": 0}})["error"]["code"] == 403


def test_a_file_open_to_anyone_needs_no_share(visit):
    visit.file.unshare(visit.robot.email)
    visit.file.share("", "writer", "anyone")

    assert reads(visit, visit.token) == 200
