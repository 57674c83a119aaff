"""Values that the old product sealed are opened wherever a `.env` may have them."""

import json

import pytest
from cryptography.fernet import Fernet

from app import settings
from app.settings import WrongSettings
from domain.secrecy import Secret

KEY, OTHER = Fernet.generate_key().decode(), Fernet.generate_key().decode()
TOKEN = "eyJhbGciOiJFUzI1NiJ9.canary"
ACCOUNT = json.dumps({"client_email": "robot@project.example", "private_key": "-----BEGIN"})
OLD = {"GOOGLE_SHEET_ID": "1AbC", "GOOGLE_SERVICE_ACCOUNT": ACCOUNT}


def sealed(text, key=KEY):
    return Fernet(key.encode()).encrypt(text.encode()).decode()


@pytest.mark.parametrize(
    "keys",
    [
        {"FERNET_KEY": KEY},
        {"ENCRYPTION_MASTER_KEY": KEY},
        {"ENCRYPTION_MASTER_KEY": f"{OTHER}, {KEY}"},
        {"ENCRYPTION_MASTER_KEY": OTHER, "FERNET_KEY": KEY},
        {"ENCRYPTION_MASTER_KEY": OTHER, "ENCRYPTION_SECONDARY_KEY": KEY},
        {"ENCRYPTION_KEY": KEY},
    ],
    ids="+".join,
)
def test_a_token_is_opened_by_whichever_key_the_old_product_had(tmp_path, keys):
    found = settings.load_single({**OLD, **keys, "WILDBERRIES_API_KEY": sealed(TOKEN)}, tmp_path)

    assert found.api_key == found.old.api_key == Secret(TOKEN)


def test_so_is_the_service_account_as_text_and_as_a_file(tmp_path):
    (tmp_path / "robot.json").write_text(sealed(ACCOUNT) + "\n")
    same = {"GOOGLE_SHEET_ID": "1AbC", "WILDBERRIES_API_KEY": TOKEN, "FERNET_KEY": KEY}
    text = settings.load_single({**same, "GOOGLE_SERVICE_ACCOUNT": sealed(ACCOUNT)}, tmp_path)
    path = {"GOOGLE_SERVICE_ACCOUNT_KEY_PATH": str(tmp_path / "robot.json")}
    file = settings.load_single({**same, **path}, tmp_path)

    assert text.account == file.account == Secret(ACCOUNT)


@pytest.mark.parametrize(
    "keys", [{}, {"FERNET_KEY": OTHER}, {"FERNET_KEY": "no key"}], ids=["none", "other", "bad"]
)
@pytest.mark.parametrize("name", ["WILDBERRIES_API_KEY", "GOOGLE_SERVICE_ACCOUNT"])
def test_what_no_key_opens_is_named_with_its_cure_and_never_shown(tmp_path, name, keys):
    given = {"WILDBERRIES_API_KEY": TOKEN, **OLD, **keys, name: sealed("canary")}
    with pytest.raises(WrongSettings) as wrong:
        settings.load_single(given, tmp_path)

    (said,) = wrong.value.complaints
    assert said.startswith(f"{name} was sealed by the old product, and no key here opens it.")
    assert "Set FERNET_KEY" in said


@pytest.mark.parametrize(
    "value",
    [TOKEN, "gAAAAA", sealed(TOKEN)[:-30], f"x{sealed(TOKEN)}"],
    ids=["a token", "a beginning", "cut", "with something before it"],
)
def test_what_is_no_whole_seal_is_taken_as_it_is(tmp_path, value):
    given = {**OLD, "FERNET_KEY": KEY, "WILDBERRIES_API_KEY": value}

    assert settings.load_single(given, tmp_path).api_key == Secret(value)
