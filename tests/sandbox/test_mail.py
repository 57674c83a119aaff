"""The stand-in for a mail server: it keeps what it gets, shows it, and misbehaves on demand."""

from email.message import EmailMessage

import httpx
import pytest
from aiosmtplib import SMTPRecipientsRefused, SMTPServerDisconnected, send
from litestar import Litestar

from sandbox.mail import Mailbox, routers, serving

ANNA = "anna@example.com"


class Office:
    def __init__(self, mailbox, port):
        app = Litestar(route_handlers=routers(mailbox), openapi_config=None, logging_config=None)
        self.mailbox, self.port = mailbox, port
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t")

    async def send(self, subject="Привет", to=ANNA):
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = "robot@example.com", to, subject
        letter.set_content("Текст <b>\n")
        letter.add_alternative('<p>Смотрите <a href="http://x/">сюда</a></p>', subtype="html")
        await send(letter, hostname="127.0.0.1", port=self.port)

    async def fault(self, **what):
        assert (await self.http.post("/sandbox/mail/faults", json=what)).status_code == 201


@pytest.fixture
async def office():
    mailbox = Mailbox()
    async with serving(mailbox) as port:
        yield Office(mailbox, port)


async def test_a_person_sees_what_came_the_newest_first(office):
    await office.send("Первое")
    await office.send("<Второе>")
    page = (await office.http.get("/mail")).text
    letter = (await office.http.get("/mail/2")).text

    assert page.index("&lt;Второе&gt;") < page.index("Первое")
    assert "Текст &lt;b&gt;" in letter
    assert (await office.http.get("/mail/3")).status_code == 404


async def test_what_a_letter_brings_along_is_shown_and_can_do_nothing(office):
    await office.send()
    inside = await office.http.get("/mail/1/html")

    assert '<a target="_blank" href="http://x/">' in inside.text
    assert "sandbox allow-popups" in inside.headers["content-security-policy"]
    assert "script" not in inside.headers["content-security-policy"]


async def test_a_program_reads_what_somebody_got(office):
    await office.send()
    await office.send(to="boris@example.com")
    (letter,) = (await office.http.get("/sandbox/mail/letters", params={"to": ANNA})).json()

    assert (letter["to"], letter["headers"]["Subject"]) == ([ANNA], "Привет")
    assert letter["text"].strip() == "Текст <b>"


async def test_trouble_comes_as_often_as_it_was_ordered(office):
    await office.fault(code=550, said="5.1.1 No such user", match="anna")
    await office.send(to="boris@example.com")
    with pytest.raises(SMTPRecipientsRefused):
        await office.send()
    await office.fault(at="data", mode="cut")
    with pytest.raises(SMTPServerDisconnected):
        await office.send()
    await office.send()

    assert [each.recipients for each in office.mailbox.letters] == [(ANNA,), ("boris@example.com",)]


async def test_trouble_can_be_called_off(office):
    await office.fault(times=9)
    await office.http.delete("/sandbox/mail/faults")
    await office.send()

    assert len(office.mailbox.letters) == 1
