"""Letters reach a real server on loopback; what it answers means what the port says it means."""

import ssl
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from domain.errors import Rejected, Unavailable
from domain.post import HERS_AWAY, Letter
from domain.secrecy import Secret
from infrastructure import mail
from infrastructure.mail import NoPost, SmtpPost
from sandbox.mail import Fault, Mailbox, serving

NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)
LETTER = Letter(
    to="anna@example.com",
    subject="Рыжий кот: токен Wildberries не работает",
    text="Токен не работает.\n\nСоздайте новый: https://stock.example.com/start\n",
    html="<p>Токен не работает.</p>",
    language="ru",
    ident="a1b2",
    off="https://stock.example.com/notices/off/abc",
)


class Office:
    def __init__(self, mailbox, port):
        self.mailbox, self.port = mailbox, port

    def post(self, scheme="smtp", user="", *, encrypted=False):
        url = Secret(f"{scheme}://{user}127.0.0.1:{self.port}")
        sender = "Stock Tracker <robot@stock.example.com>"
        return SmtpPost(url=url, sender=sender, encrypted=encrypted, clock=lambda: NOW)

    async def refused(self, kind, letter=LETTER, **post):
        with pytest.raises(kind) as told:
            await self.post(**post).send(letter)
        assert "anna" not in str(told.value)
        return told.value

    def fault(self, **what):
        self.mailbox.waiting.append(Fault(**what))


@asynccontextmanager
async def opened(tls=None):
    mailbox = Mailbox()
    async with serving(mailbox, tls=tls) as port:
        yield Office(mailbox, port)


@pytest.fixture
async def office():
    async with opened() as office:
        yield office


def to(address):
    return Letter(**{name: getattr(LETTER, name) for name in LETTER.__slots__} | {"to": address})


async def test_a_letter_arrives_as_it_was_written(office):
    await office.post().send(LETTER)
    (letter,) = office.mailbox.letters
    message = letter.message

    assert (letter.sender, letter.recipients) == ("robot@stock.example.com", (LETTER.to,))
    assert str(message["from"]) == "Stock Tracker <robot@stock.example.com>"
    assert message["subject"] == LETTER.subject
    assert letter.body("plain").replace("\r\n", "\n") == LETTER.text
    assert letter.body("html").strip() == LETTER.html
    assert parsedate_to_datetime(message["date"]) == NOW
    assert message["message-id"] == "<a1b2@stock.example.com>"
    assert message["auto-submitted"] == "auto-generated"


async def test_it_can_be_turned_off_by_one_click(office):
    await office.post().send(LETTER)
    message = office.mailbox.letters[0].message

    assert message["list-unsubscribe"] == f"<{LETTER.off}>"
    assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"


async def test_who_has_a_password_signs_in(office):
    await office.post(user="anna:secret@").send(LETTER)
    no = await office.refused(Unavailable, user="anna:wrong@")

    assert [each.login for each in office.mailbox.letters] == ["anna"]
    assert (no.cause, no.until) == ("mail_login", NOW + timedelta(minutes=15))


async def test_whether_we_are_let_in_can_be_tried_without_a_letter(office):
    await office.post(user="anna:secret@").reach()
    with pytest.raises(Unavailable):
        await office.post(user="anna:wrong@").reach()

    assert not office.mailbox.letters


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (550, "5.1.1 No such user"),
        (550, "5.2.1 Closed"),
        (554, "5.1.10 No such domain"),
        (553, "Not allowed"),
        (551, "Gone"),
    ],
)
async def test_a_refused_address_has_nobody_behind_it(office, code, said):
    office.fault(code=code, said=said)

    assert (await office.refused(Rejected)).cause == "mail_address"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (550, "5.7.1 Relaying denied"),
        (550, "5.1.8 Bad sender"),
        (552, "5.2.2 Mailbox full"),
        (552, "Full"),
        (554, "No"),
    ],
)
async def test_what_is_not_the_addresss_fault_does_not_end_it(office, code, said):
    office.fault(code=code, said=said)

    assert (await office.refused(Rejected)).cause == "mail_refused"


async def test_a_letter_that_looks_like_spam_is_refused(office):
    office.fault(at="data", code=554, said="Spam")

    assert (await office.refused(Rejected)).cause == "mail_refused"


@pytest.mark.parametrize("fault", [{"mode": "cut"}, {"code": 500, "said": "What?"}], ids=str)
async def test_a_letter_that_was_taken_is_sent_however_they_part(office, fault):
    office.fault(at="quit", **fault)

    await office.post().send(LETTER)

    assert len(office.mailbox.letters) == 1


@pytest.mark.parametrize(
    "address", ["anna,b@example.com", "anna;x@example.com", "anna..b@example.com", "anna(b)@x.com"]
)
async def test_what_is_no_mailbox_or_another_one_gets_nothing(office, address):
    assert (await office.refused(Rejected, to(address))).cause == "mail_address"
    assert not office.mailbox.letters


@pytest.mark.parametrize(("at", "cause"), [("rcpt", HERS_AWAY), ("data", "mail_away")])
async def test_a_server_that_asks_to_wait_is_tried_again(office, at, cause):
    office.fault(at=at, code=451)

    assert (await office.refused(Unavailable)).cause == cause
    await office.post().send(LETTER)
    assert len(office.mailbox.letters) == 1


@pytest.mark.parametrize("at", ["rcpt", "data"])
async def test_a_server_that_hangs_up_is_tried_again(office, at):
    office.fault(at=at, mode="cut")

    assert (await office.refused(Unavailable)).cause == "mail_away"


async def test_a_server_that_is_silent_is_not_waited_for_for_ever(office, monkeypatch):
    monkeypatch.setattr(mail, "PATIENCE", 0.2)
    office.fault(mode="slow", seconds=1)

    assert (await office.refused(Unavailable)).cause == "mail_away"


async def test_nobody_at_home_is_tried_again(office):
    office.port = 1

    assert (await office.refused(Unavailable)).cause == "mail_away"


async def test_what_must_be_encrypted_is_not_sent_in_the_open(office):
    assert (await office.refused(Unavailable, encrypted=True)).cause == "mail_login"
    assert not office.mailbox.letters


async def test_a_server_that_nobody_vouches_for_gets_nothing(certificate):
    async with opened(certificate) as office:
        assert (await office.refused(Unavailable)).cause == "mail_away"
        assert not office.mailbox.letters


async def test_a_domain_of_other_letters_is_written_as_servers_know_it(office):
    await office.post().send(to("anna@кот.рф"))

    assert office.mailbox.letters[0].recipients == ("anna@xn--j1aim.xn--p1ai",)


async def test_a_mailbox_of_other_letters_cannot_be_written_to(office):
    assert (await office.refused(Rejected, to("аня@example.com"))).cause == "mail_address"


async def test_without_a_server_mail_is_off():
    with pytest.raises(Rejected) as told:
        await NoPost().send(LETTER)

    assert told.value.cause == "mail_off"
    assert not NoPost().on


def test_a_letter_never_shows_whose_it_is():
    assert "anna" not in repr(LETTER)


@pytest.fixture
def certificate(tmp_path):
    """Of a server that signed it itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (tmp_path / "cert").write_bytes(made.public_bytes(pem))
    (tmp_path / "key").write_bytes(key.private_bytes(pem, form, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    return context
