"""The accounts by which the product is known at Google: a pool, and a client for people's consents."""

import json

from domain.secrecy import Secret
from tests.app.test_settings import ACCOUNT, GOOD, complaints, load

__all__ = ("complaints", "load")

SECOND = json.dumps({"client_email": "second@project.example", "private_key": "-----BEGIN"})


def test_several_service_accounts_are_a_list_or_a_folder_by_name(load, tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "1.json").write_text(ACCOUNT)
    (tmp_path / "keys" / "2.json").write_text(SECOND)
    (tmp_path / "keys" / "notes.txt").write_text("not a key")
    by_path = {"GOOGLE_SERVICE_ACCOUNT_KEY_PATH": str(tmp_path / "keys")}
    as_text = {"GOOGLE_SERVICE_ACCOUNT": f"[{ACCOUNT}, {SECOND}]"}

    for given in (by_path, as_text):
        accounts = load({**GOOD, **given}).google.accounts
        assert [json.loads(each.reveal()) for each in accounts] == [
            json.loads(ACCOUNT),
            json.loads(SECOND),
        ]


def test_people_sign_in_with_google_where_both_halves_of_a_client_are_given(load, complaints):
    both = {"GOOGLE_OAUTH_CLIENT_ID": "1-a.apps", "GOOGLE_OAUTH_CLIENT_SECRET": "GOCSPX-1"}
    production = {**GOOD, **both, "ENVIRONMENT": "production"}

    assert load({**GOOD, **both}).google.oauth == ("1-a.apps", Secret("GOCSPX-1"))
    for name in both:
        (told,) = complaints({**GOOD, **{each: both[each] for each in both if each != name}})
        assert told.startswith(f"{name} is missing")
    (told,) = complaints(production)
    assert told.startswith("PUBLIC_URL is missing")
    load({**production, "PUBLIC_URL": "https://stock.example.com"})
