"""The mail server as a neighbour: one letter, one connection; what its answers mean.

4XX and silence are Unavailable. 550, 551 and 553 to RCPT say that there is nobody at the address
(RFC 5321, 4.2.3), unless an enhanced code says more: 5.1.X is about the address but for 5.1.7 and
5.1.8, which are about ours, 5.2.1 is a mailbox that is closed (RFC 3463, 3.2 and 3.3). All others,
a mailbox that is full or a policy, are about this letter.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, parseaddr
from typing import Final, NoReturn
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPResponseException,
)

from domain.both import Both
from domain.errors import Rejected, Unavailable
from domain.fact import fact
from domain.ports import Clock
from domain.post import HERS_AWAY, Letter
from domain.secrecy import Secret

PATIENCE: Final = 15.0
"""Seconds for each step."""
LATER: Final = timedelta(minutes=15)
PORTS: Final = {"smtp": 587, "smtps": 465}
PERMANENT: Final = 500
NOBODY: Final = frozenset({550, 551, 553})
NOBODY_SAYS: Final = re.compile(r"5\.(?:1\.(?!7\b|8\b)|2\.1\b)")
SAYS: Final = re.compile(r"5\.\d{1,3}\.\d{1,3}\b")

AWAY = Both(
    ru="Почтовый сервер не отвечает. Повторим сами",
    en="The mail server does not answer. We try again",
)
LOGIN = Both(
    ru="Почтовый сервер не принимает наш вход: исправьте SMTP_URL. Повторим сами",
    en="The mail server refuses our sign-in: correct SMTP_URL. We try again",
)
PLAIN = Both(
    ru="Почтовый сервер не шифрует, поэтому ему ничего не отправляем: исправьте SMTP_URL",
    en="The mail server does not encrypt, so nothing is sent to it: correct SMTP_URL",
)
OFF = Both(
    ru="Почта выключена: не заданы SMTP_URL и MAIL_FROM",
    en="Mail is off: SMTP_URL and MAIL_FROM are not set",
)


class NoPost:
    """`domain.post.Post` where no server is set up."""

    on = False

    async def reach(self) -> NoReturn:
        """See the port."""
        raise Rejected(str(OFF), cause="mail_off")

    async def send(self, letter: Letter) -> NoReturn:
        """See the port."""
        del letter
        raise Rejected(str(OFF), cause="mail_off")


@fact
class SmtpPost:
    """`domain.post.Post` over SMTP (RFC 5321). `encrypted`: it must be, or nothing is sent."""

    url: Secret
    sender: str
    encrypted: bool
    clock: Clock
    on: bool = True

    async def reach(self) -> None:
        """See the port."""
        async with self._entered() as client:
            await client.quit()

    async def send(self, letter: Letter) -> None:
        """See the port."""
        message = self._message(letter)
        async with self._entered() as client:
            await self._hand_over(client, message)

    @asynccontextmanager
    async def _entered(self) -> AsyncIterator[SMTP]:
        """A connection, and what its failures mean."""
        client = self._client()
        try:
            await self._enter(client)
            yield client
        except SMTPAuthenticationError as no:
            later = self.clock() + LATER
            raise Unavailable(str(LOGIN), cause="mail_login", until=later) from no
        except SMTPResponseException as no:
            raise _meant(no.code) from no
        except (SMTPException, OSError) as no:
            raise Unavailable(str(AWAY), cause="mail_away") from no
        finally:
            client.close()

    async def _enter(self, client: SMTP) -> None:
        """The password is said last, where nobody else hears it."""
        await client.connect()
        if self._upgrades:
            if not client.supports_extension("starttls"):
                later = self.clock() + LATER
                raise Unavailable(str(PLAIN), cause="mail_login", until=later)
            await client.starttls()
        parts = urlsplit(self.url.reveal())
        if parts.username:
            await client.login(unquote(parts.username), unquote(parts.password or ""))

    @property
    def _upgrades(self) -> bool:
        return self.encrypted and urlsplit(self.url.reveal()).scheme == "smtp"

    async def _hand_over(self, client: SMTP, message: EmailMessage) -> None:
        """The recipient's step is looked at by itself: what it answers is about the address."""
        to = message["to"].addresses[0].addr_spec
        raw = message.as_bytes(policy=WIRE)
        await client.mail(parseaddr(self.sender)[1])
        try:
            await client.rcpt(to)
        except SMTPResponseException as no:
            raise _meant_of_address(no) from no
        await client.data(raw)
        with suppress(SMTPException, OSError):  # it is taken, however they part
            await client.quit()

    def _client(self) -> SMTP:
        parts = urlsplit(self.url.reveal())
        return SMTP(
            hostname=parts.hostname or "",
            port=parts.port or PORTS[parts.scheme],
            local_hostname=parseaddr(self.sender)[1].partition("@")[2],
            timeout=PATIENCE,
            use_tls=parts.scheme == "smtps",
            start_tls=False if self._upgrades else None,
        )

    def _message(self, letter: Letter) -> EmailMessage:
        """Answers by machines are asked not to be given (RFC 3834, 5)."""
        name, address = parseaddr(self.sender)
        message = EmailMessage(policy=WIRE)
        message["From"] = Address(name, addr_spec=address)
        message["To"] = _to(letter.to)
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(self.clock())
        message["Message-ID"] = f"<{letter.ident}@{address.partition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message["List-Unsubscribe"] = f"<{letter.off}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        message["Content-Language"] = letter.language  # bodies would take it along
        return message


def _to(address: str) -> Address:
    """With the domain in letters that every server takes. Raises Rejected for a mailbox that has
    others: few servers take them (RFC 6531), and ours need not; and for what is no mailbox or
    would be read as another one (RFC 5322, 3.4.1)."""
    mailbox, _, domain = address.rpartition("@")
    with suppress(ValueError, MessageError):
        plain = f"{mailbox.encode('ascii').decode()}@{domain.encode('idna').decode()}"
        read = Address(addr_spec=plain)
        if read.addr_spec == plain:
            return read
    said = Both(
        ru="На этот адрес нельзя отправить письмо", en="No mail can be sent to this address"
    )
    raise Rejected(str(said), cause="mail_address")


def _meant_of_address(no: SMTPResponseException) -> Rejected | Unavailable:
    if no.code < PERMANENT:
        return Unavailable(str(_meant(no.code)), cause=HERS_AWAY)
    said_more = SAYS.match(no.message)
    if NOBODY_SAYS.match(no.message) if said_more else no.code in NOBODY:
        said = Both(
            ru=f"По этому адресу никого нет (код {no.code})",
            en=f"There is nobody at this address (code {no.code})",
        )
        return Rejected(str(said), cause="mail_address")
    return _meant(no.code)


def _meant(code: int) -> Rejected | Unavailable:
    if code < PERMANENT:
        said = Both(
            ru=f"Почтовый сервер просит подождать (код {code}). Повторим сами",
            en=f"The mail server asks to wait (code {code}). We try again",
        )
        return Unavailable(str(said), cause="mail_away")
    said = Both(
        ru=f"Почтовый сервер не принимает письмо (код {code})",
        en=f"The mail server refuses the letter (code {code})",
    )
    return Rejected(str(said), cause="mail_refused")
