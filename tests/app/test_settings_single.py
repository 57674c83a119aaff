"""The old single-user tool's settings, as its `.env` has them."""

import json

import pytest

from app import settings
from app.settings import WrongSettings
from domain.secrecy import Secret

ACCOUNT = json.dumps({"client_email": "robot@project.example", "private_key": "-----BEGIN"})
SINGLE = {
    "WILDBERRIES_API_KEY": "eyJhbGciOi",
    "GOOGLE_SHEET_ID": "1AbC",
    "GOOGLE_SHEET_NAME": "Остатки",
    "GOOGLE_SERVICE_ACCOUNT": ACCOUNT,
    "SYNC_SCHEDULE": "0 6 * * *",
    "TIMEZONE": "Asia/Yekaterinburg",
    "AUTO_SYNC_ENABLED": "false",
    "DRY_RUN": "True",
}


def test_the_old_job_needs_neither_database_nor_keys(tmp_path):
    found = settings.load_single(SINGLE, tmp_path)

    assert (found.api_key, found.sheet_id) == (Secret("eyJhbGciOi"), "1AbC")
    assert found.old.sheet_name == "Остатки"
    assert (found.old.schedule, found.old.zone) == ("0 6 * * *", "Asia/Yekaterinburg")
    assert (found.old.auto_sync, found.old.dry_run) == (False, True)


def test_what_the_old_job_lacks_is_told_at_once(tmp_path):
    with pytest.raises(WrongSettings) as wrong:
        settings.load_single({"SYNC_SCHEDULE": "often", "TIMEZONE": "Mars"}, tmp_path)

    assert [each.split()[0] for each in wrong.value.complaints] == [
        "WILDBERRIES_API_KEY",
        "GOOGLE_SHEET_ID",
        "GOOGLE_SERVICE_ACCOUNT_KEY_PATH",
        "SYNC_SCHEDULE",
        "TIMEZONE",
    ]


def test_one_value_can_be_asked_for_before_the_rest_is_checked(tmp_path):
    assert settings.text("DATABASE_URL", environ={}, folder=tmp_path) == ""
    (tmp_path / ".env").write_text("DATABASE_URL=postgresql://db/stock\nPORT=70000")

    found = settings.text("DATABASE_URL", environ={}, folder=tmp_path)

    assert found == "postgresql://db/stock"
    assert settings.number("API_PORT", 8000, environ={}, folder=tmp_path) == 8000
    with pytest.raises(WrongSettings, match="1 to 65535"):
        settings.number("PORT", 8000, environ={}, folder=tmp_path)
