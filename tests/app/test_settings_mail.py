"""Whether mail is sent, in whose name, and where its links lead."""

import pytest

from app import settings
from tests.app.test_settings import GOOD


@pytest.fixture
def load(tmp_path):
    return lambda values: settings.load({}, values, tmp_path)


@pytest.fixture
def complaints(load):
    def told(values):
        with pytest.raises(settings.WrongSettings) as wrong:
            load(values)
        return wrong.value.complaints

    return told


def test_without_a_mail_server_there_is_no_mail(load):
    assert load(GOOD).mail is None
    assert load(GOOD).public_url == "http://127.0.0.1:8000"


MAIL = {"SMTP_URL": "smtp://anna:secret@mail.example.com", "MAIL_FROM": "Stock <robot@example.com>"}


def test_mail_goes_out_in_somebodys_name(load):
    found = load({**GOOD, **MAIL, "API_PORT": "8123"})

    assert found.mail.url.reveal() == MAIL["SMTP_URL"]
    assert (found.mail.sender, found.mail.encrypted) == (MAIL["MAIL_FROM"], False)
    assert found.public_url == "http://127.0.0.1:8123"


def test_in_production_mail_travels_encrypted_and_links_to_where_the_console_is(complaints, load):
    production = {**GOOD, **MAIL, "ENVIRONMENT": "production"}
    public = {**production, "PUBLIC_URL": "https://stock.example.com/"}
    near = {**public, "SMTP_URL": "smtp://localhost"}

    (told,) = complaints(production)
    assert "PUBLIC_URL is missing" in told
    assert load(public).public_url == "https://stock.example.com"
    assert load(public).mail.encrypted
    assert not load(near).mail.encrypted


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SMTP_URL", "", "SMTP_URL is missing"),
        ("SMTP_URL", "http://mail.example.com", "smtp://user:password@host:587"),
        ("SMTP_URL", "smtp://", "smtp://user:password@host:587"),
        ("MAIL_FROM", "", "MAIL_FROM is missing"),
        ("MAIL_FROM", "robot", "robot@example.com"),
        ("MAIL_FROM", "a@b c@d", "robot@example.com"),
    ],
)
def test_half_of_a_mail_server_is_a_mistake(complaints, name, value, says):
    (told,) = complaints({**GOOD, **MAIL, name: value})

    assert says in told
