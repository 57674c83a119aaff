"""A person lets a program into her account, and takes it back: only what it made is open to it."""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.google import Drive
from sandbox.google.page.consent import AUTHORIZE
from tests.sandbox.google_visit import SELLER, visiting

FILES = "https://www.googleapis.com/auth/drive.file"
BACK = "http://127.0.0.1:8000/google/back"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()


@pytest.fixture
def visit():
    with visiting() as visit:
        yield visit


def asked(visit, **changes):
    usual = {
        "client_id": visit.drive.accounts.client().client_id,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": FILES,
        "state": "s",
        "code_challenge": CHALLENGE.rstrip("="),
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (usual | changes).items() if value}


def pressed(visit, act="allow", **changes):
    """What the program is told by her browser."""
    form = {**asked(visit), "asked": FILES, "email": SELLER, "act": act, **changes}
    answer = visit.client.post(AUTHORIZE, data=form, follow_redirects=False)
    assert answer.headers["location"].startswith(BACK)
    told = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: many[0] for name, many in told.items()}


def exchanged(visit, given, **changes):
    client = visit.drive.accounts.client()
    usual = {
        "grant_type": "authorization_code",
        "code": given,
        "client_id": client.client_id,
        "client_secret": client.secret,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    return visit.client.post("/token", data=usual | changes).json()


def refreshed(visit, token, **changes):
    usual = {"grant_type": "refresh_token", "refresh_token": token}
    client = visit.drive.accounts.client()
    known = {"client_id": client.client_id, "client_secret": client.secret}
    return visit.client.post("/token", data=usual | known | changes).json()


def test_she_is_asked_by_name_and_may_say_no(visit):
    page = visit.client.get(AUTHORIZE, params=asked(visit))

    assert page.status_code == 200
    assert "Stock Tracker" in page.text
    assert "form-action 'self' http://127.0.0.1:8000;" in page.headers["content-security-policy"]
    assert pressed(visit, "deny") == {"error": "access_denied", "state": "s"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"client_id": "x"}, "invalid_client"),
        ({"redirect_uri": "https://evil.example/"}, "redirect_uri_mismatch"),
        ({"response_type": "token"}, "invalid_request"),
        ({"scope": ""}, "invalid_request"),
        ({"code_challenge": ""}, "PKCE"),
        ({"code_challenge_method": "plain"}, "PKCE"),
    ],
)
def test_a_wish_that_google_would_not_show_leads_nowhere(visit, changes, said):
    answer = visit.client.get(AUTHORIZE, params=asked(visit, **changes), follow_redirects=False)

    assert answer.status_code == 400
    assert said in answer.text


def test_a_code_is_good_once_for_its_program_address_and_verifier(visit):
    good = exchanged(visit, pressed(visit)["code"])
    wrong = [
        exchanged(visit, pressed(visit)["code"], **changes).get("error")
        for changes in (
            {"code_verifier": "w" * 43},
            {"redirect_uri": BACK + "/"},
            {"client_secret": "x"},
            {"code": "4/none"},
        )
    ]
    code = pressed(visit)["code"]
    again = [exchanged(visit, code).get("error") for _ in range(2)]

    assert (good["scope"], good["token_type"]) == (FILES, "Bearer")
    assert wrong == ["invalid_grant", "redirect_uri_mismatch", "invalid_client", "invalid_grant"]
    assert again == [None, "invalid_grant"]


def test_a_code_does_not_wait_for_long(visit):
    code = pressed(visit)["code"]
    visit.clock.pass_by(601)

    assert exchanged(visit, code)["error"] == "invalid_grant"


def test_only_files_that_the_program_made_are_open_to_it(visit):
    token = exchanged(visit, pressed(visit)["code"])["access_token"]
    made = visit.call(
        "POST", "/v4/spreadsheets", json={"properties": {"title": "Новая"}}, token=token
    ).json()["spreadsheetId"]
    reads = [
        visit.call("GET", f"/v4/spreadsheets/{file}", token=token).status_code
        for file in (made, visit.file.id)
    ]
    listed = visit.call("GET", "/drive/v3/files", token=token).json()["files"]

    assert reads == [200, 404]
    assert [each["id"] for each in listed] == [made]
    assert visit.drive.files[made].owner == SELLER


@pytest.mark.parametrize("how", ["the page", "the endpoint"])
def test_what_she_takes_back_is_worth_nothing_at_once(visit, how):
    tokens = exchanged(visit, pressed(visit)["code"])
    (consent,) = visit.drive.accounts.consents.values()
    if how == "the page":
        assert SELLER in visit.client.get("/connections").text
        visit.client.post("/connections", data={"consent": consent.id})
    else:
        visit.client.post("/revoke", data={"token": tokens["refresh_token"]})

    used = visit.call("GET", "/drive/v3/files", token=tokens["access_token"])

    assert used.status_code == 401
    assert refreshed(visit, tokens["refresh_token"])["error"] == "invalid_grant"
    assert SELLER not in visit.client.get("/connections").text


def test_a_refresh_token_is_worth_nothing_to_another_program(visit):
    token = exchanged(visit, pressed(visit)["code"])["refresh_token"]
    other = visit.drive.accounts.client("Another")

    assert "access_token" in refreshed(visit, token)
    stolen = refreshed(visit, token, client_id=other.client_id, client_secret=other.secret)
    assert stolen["error"] == "invalid_grant"


def test_no_other_page_presses_for_her(visit):
    form = {**asked(visit), "asked": FILES, "scope": FILES, "email": SELLER, "act": "allow"}

    answer = visit.client.post(AUTHORIZE, data=form, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert visit.drive.accounts.granted == {}


def test_programs_consents_and_who_made_a_file_outlive_the_process(visit, tmp_path):
    tokens = exchanged(visit, pressed(visit)["code"])
    made = visit.drive.create("Новая", SELLER, made_by=visit.drive.accounts.client().client_id)
    visit.drive.save(tmp_path / "drive.json")

    later = Drive()
    later.load(tmp_path / "drive.json")

    assert later.accounts.client() == visit.drive.accounts.client()
    assert tokens["refresh_token"] in later.accounts.consents
    assert later.files[made.id].made_by == made.made_by
