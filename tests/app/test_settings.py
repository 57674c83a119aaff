"""Settings: read once, checked whole, every complaint with its cure."""

import base64
import json
import re
from pathlib import Path

import pytest

from app import google_settings, mail_settings, settings, stripe_settings
from app.dotenv import parse
from app.settings import WrongSettings
from domain.secrecy import Secret

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
ANOTHER_KEY = base64.urlsafe_b64encode(b"a" * 32).decode()
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what the migration guide says
ACCOUNT = json.dumps({"client_email": "robot@project.example", "private_key": "-----BEGIN"})
GOOD = {
    "DATABASE_URL": "postgresql://anna:pa55@db/stock",
    "REDIS_URL": "redis://cache:6379/0",
    "ENCRYPTION_MASTER_KEY": KEY,
    "SECRET_KEY": "a-random-secret-of-some-length",
}
GUIDE = {
    **GOOD,
    "API_HOST": EVERYWHERE,
    "API_PORT": "8000",
    "CELERY_BROKER_URL": "redis://localhost:6379/0",
    "CELERY_RESULT_BACKEND": "redis://localhost:6379/1",
}


@pytest.fixture
def load(tmp_path):
    def load(values, supplied=settings.NONE, dotenv=""):
        (tmp_path / ".env").write_text(dotenv)
        return settings.load(supplied, values, tmp_path)

    return load


@pytest.fixture
def complaints(load):
    def complaints(values, **more):
        with pytest.raises(WrongSettings) as wrong:
            load(values, **more)
        return wrong.value.complaints

    return complaints


# Reading


def test_four_values_are_enough(load):
    found = load(GOOD)

    assert found.database_url == Secret(GOOD["DATABASE_URL"])
    assert (found.production, found.host, found.port) == (False, "127.0.0.1", 8000)
    assert (found.google.accounts, found.trusted_proxies) == ((), 0)
    assert found.wildberries.analytics == "https://seller-analytics-api.wildberries.ru"
    assert found.hints == ()


def test_the_migration_guides_variables_work_and_get_a_hint(load):
    found = load(GUIDE)

    assert (found.host, found.port) == (EVERYWHERE, 8000)
    assert [hint.split(":")[0] for hint in found.hints] == [
        "CELERY_BROKER_URL, CELERY_RESULT_BACKEND"
    ]


@pytest.mark.parametrize(
    "scheme", ["postgresql", "postgres", "postgresql+asyncpg", "postgresql+psycopg2"]
)
def test_a_database_address_is_plain_whatever_driver_it_names(load, scheme):
    found = load({**GOOD, "DATABASE_URL": f"{scheme}://anna:pa55@db:5433/stock"})

    assert found.database_url.reveal() == "postgresql://anna:pa55@db:5433/stock"


def test_the_environment_beats_the_file_and_the_file_what_is_supplied(load):
    supplied = {**GOOD, "API_HOST": "supplied", "API_PORT": "1", "LOG_LEVEL": "debug"}

    found = load({"API_HOST": "environment"}, supplied, "API_HOST=file\nAPI_PORT=2")

    assert (found.host, found.port, found.logs.level) == ("environment", 2, "debug")


def test_an_empty_variable_is_a_missing_one(load):
    assert load({**GOOD, "API_PORT": " ", "STRIPE_SECRET_KEY": ""}).port == 8000


def test_the_ports_of_a_hosting_platform_counts(load):
    found = load({**GOOD, "API_PORT": "8000", "PORT": "7777"})

    assert found.port == 7777
    assert found.hints[0].startswith("PORT and API_PORT differ")


def test_in_production_it_listens_to_the_outside(load):
    assert load({**GOOD, "ENVIRONMENT": "production"}).host == EVERYWHERE


def test_the_old_name_of_the_master_key_is_understood(load):
    values = {**GOOD, "ENCRYPTION_MASTER_KEY": "", "FERNET_KEY": KEY}

    assert load(values).master_key == Secret(KEY)
    assert "rename it" in load(values).hints[0]
    assert "after a comma" in load({**GOOD, "FERNET_KEY": KEY}).hints[0]


def test_a_master_key_may_be_a_ring(load):
    ring = f"{KEY}, {ANOTHER_KEY}"

    assert load({**GOOD, "ENCRYPTION_MASTER_KEY": ring}).master_key == Secret(ring)


def test_a_service_account_is_a_text_or_a_file(load, tmp_path):
    (tmp_path / "key.json").write_text(ACCOUNT)
    by_path = {"GOOGLE_SERVICE_ACCOUNT_KEY_PATH": str(tmp_path / "key.json")}

    assert load({**GOOD, **by_path}).google.accounts == (Secret(ACCOUNT),)
    assert load({**GOOD, "GOOGLE_SERVICE_ACCOUNT": ACCOUNT}).google.accounts == (Secret(ACCOUNT),)


def test_neighbours_may_be_stood_in_for(load):
    found = load(
        {
            **GOOD,
            "WILDBERRIES_CONTENT_URL": "http://127.0.0.1:9000/content-api/",
            "WILDBERRIES_AUTH_STYLE": "bearer",
            "WILDBERRIES_SERVICE_SECRET": "s3rv1ce",
            "GOOGLE_SHEETS_URL": "http://127.0.0.1:9000/sheets",
        }
    )

    assert found.wildberries.content == "http://127.0.0.1:9000/content-api"
    assert (found.wildberries.auth_style, found.wildberries.service_secret) == (
        "bearer",
        Secret("s3rv1ce"),
    )
    assert found.google.sheets_url == "http://127.0.0.1:9000/sheets"


# Complaints


def test_all_that_is_missing_is_told_at_once_with_the_cure(complaints):
    told = complaints({})

    assert [each.split()[0] for each in told] == list(GOOD)
    assert "postgresql://user:password@host:5432/database" in told[0]
    assert "Fernet.generate_key()" in told[2]


@pytest.mark.parametrize("environment", ["development", "production"])
@pytest.mark.parametrize("name", GOOD)
def test_a_missing_value_stops_the_start_and_is_named(complaints, environment, name):
    told = complaints({**GOOD, name: "", "ENVIRONMENT": environment})

    assert len(told) == 1
    assert told[0].startswith(f"{name} is missing.")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DATABASE_URL", "mysql://db/stock", "postgresql://"),
        ("DATABASE_URL", "postgresql://db", "postgresql://user"),
        ("DATABASE_URL", "postgresql://db:port/stock", "postgresql://user"),
        ("REDIS_URL", "http://cache", "redis://"),
        ("ENCRYPTION_MASTER_KEY", "short", "Fernet"),
        ("ENCRYPTION_MASTER_KEY", f"{KEY},", "Fernet"),
        ("ENCRYPTION_MASTER_KEY", "ключ" * 11, "Fernet"),
        ("SECRET_KEY", "tooshort", "16 characters"),
        ("API_PORT", "http", "1 to 65535"),
        ("API_PORT", "70000", "1 to 65535"),
        ("PORT", "-1", "1 to 65535"),
        ("TRUSTED_PROXIES", "many", "0 to 10"),
        ("ENVIRONMENT", "staging", "development, production"),
        ("LOG_LEVEL", "loud", "debug, info"),
        ("WILDBERRIES_AUTH_STYLE", "basic", "raw, bearer"),
        ("WILDBERRIES_STATISTICS_URL", "statistics-api", "https://statistics-api.wildberries.ru"),
        ("GOOGLE_DRIVE_URL", "ftp://drive", "https://www.googleapis.com"),
        ("GOOGLE_SERVICE_ACCOUNT", "{}", "client_email"),
        ("GOOGLE_SERVICE_ACCOUNT", "[]", "client_email"),
        ("GOOGLE_SERVICE_ACCOUNT", f"[{ACCOUNT}, 5]", "client_email"),
        ("GOOGLE_SERVICE_ACCOUNT", f"[{ACCOUNT}, {ACCOUNT}]", "robot@project.example twice"),
        ("GOOGLE_SERVICE_ACCOUNT_KEY_PATH", "/usr", "without key files"),
        ("GOOGLE_SERVICE_ACCOUNT_KEY_PATH", "/no/such/file", "cannot be read"),
    ],
)
def test_a_wrong_value_is_named_with_the_cure(complaints, name, value, says):
    told = complaints({**GOOD, name: value})

    assert len(told) == 1
    assert told[0].startswith(name)
    assert says in told[0]


def test_complaints_never_repeat_a_secret(complaints):
    secret = "hunter2hunter2"
    names = ["DATABASE_URL", "REDIS_URL", "ENCRYPTION_MASTER_KEY", "GOOGLE_SERVICE_ACCOUNT"]

    told = complaints(
        {**GOOD, **dict.fromkeys(names, secret), "SECRET_KEY": secret},
        dotenv=f"SECRET {secret}",
    )

    assert len(told) == 6
    assert secret not in " ".join(told)


def test_names_that_a_later_version_will_use_are_accepted_with_a_hint(load):
    found = load({**GOOD, "SENTRY_DSN": "https://x"})

    assert found.hints == ("SENTRY_DSN: accepted, but not used by this version yet.",)


def test_in_production_tokens_travel_encrypted_or_stay_on_the_machine(complaints, load):
    production = {**GOOD, "ENVIRONMENT": "production"}

    told = complaints({**production, "WILDBERRIES_CONTENT_URL": "http://wb.example"})
    assert "https://" in told[0]
    load({**production, "WILDBERRIES_CONTENT_URL": "http://localhost:9000"})


def test_settings_do_not_print_secrets(load):
    secrets = {"STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}
    secrets |= {"SENTRY_DSN": "https://dsn", "WILDBERRIES_SERVICE_SECRET": "s3rv1ce"}
    secrets |= {"WILDBERRIES_API_KEY": "eyJ", "GOOGLE_SERVICE_ACCOUNT": ACCOUNT}
    secrets |= {"GOOGLE_OAUTH_CLIENT_SECRET": "GOCSPX-1"}

    printed = repr(load({**GOOD, **secrets, "GOOGLE_OAUTH_CLIENT_ID": "1-a"}))
    for value in (*GOOD.values(), *secrets.values()):
        assert value not in printed


# The example


EXAMPLE = Path(__file__).parents[2] / ".env.example"


def test_the_example_names_every_variable_that_is_read_and_no_other():
    readers = (settings, google_settings, mail_settings, stripe_settings)
    source = "".join(Path(each.__file__).read_text() for each in readers)
    names = set(re.findall(r'"([A-Z]+(?:_[A-Z]+)*)"', source))
    hosts = ("CONTENT", "ANALYTICS", "STATISTICS", "MARKETPLACE", "COMMON", "SUPPLIES")
    names = (names - set(hosts)) | {f"WILDBERRIES_{host}_URL" for host in hosts}

    written, complaints = parse(EXAMPLE.read_text())
    assert written.keys() == names - {"FERNET_KEY", "PORT"}
    assert complaints == []


def test_the_example_lacks_only_the_four_needed_values_and_has_no_secret(complaints, load):
    example = EXAMPLE.read_text()

    assert [each.split()[0] for each in complaints({}, dotenv=example)] == list(GOOD)
    assert load(GOOD, dotenv=example).hints == ()


def test_a_file_that_cannot_be_read_is_a_complaint(tmp_path):
    (tmp_path / ".env").write_bytes(b"\xff\xfe")

    with pytest.raises(WrongSettings, match="cannot be read"):
        settings.load(GOOD, {}, tmp_path)


def test_a_wrong_value_of_the_old_tool_does_not_stop_the_new_one(load):
    found = load({**GOOD, "SYNC_SCHEDULE": "often"})

    assert found.hints[0].startswith("SYNC_SCHEDULE")
    assert "old single-user" in found.hints[0]
