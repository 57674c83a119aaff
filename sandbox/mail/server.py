"""The SMTP side: takes any letter from anybody, unless it was told to misbehave."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ssl import SSLContext

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sandbox.mail.mailbox import Mailbox

TAKEN = "250 2.0.0 Taken"
SECRET = b"secret"
"""The password of whoever signs in here; others are refused."""


class _Keeper:
    """aiosmtpd's handler: its hooks answer the client."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        wrong = await self._fault(server, "rcpt", address)
        if wrong is None:
            envelope.rcpt_tos.append(address)
        return wrong or "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        recipients = tuple(map(str, envelope.rcpt_tos))
        wrong = await self._fault(server, "data", ", ".join(recipients))
        if wrong:
            return wrong
        login = session.auth_data.login.decode() if session.auth_data else ""
        raw = envelope.original_content or b""
        self._mailbox.take(datetime.now(UTC), str(envelope.mail_from), recipients, login, raw)
        return TAKEN

    async def handle_QUIT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        wrong = await self._fault(server, "quit", ", ".join(map(str, envelope.rcpt_tos)))
        return wrong or "221 2.0.0 Bye"

    async def _fault(self, server: SMTP, at: str, address: str) -> str | None:
        fault = self._mailbox.fault(at, address)
        if fault is None:
            return None
        if fault.mode == "refuse":
            return f"{fault.code} {fault.said}"
        if fault.mode == "slow":
            await asyncio.sleep(fault.seconds)
            return None
        if isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        await asyncio.Event().wait()  # until aiosmtpd notices, and ends this
        return None


def _admit(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
) -> AuthResult:
    good = isinstance(data, LoginPassword) and data.password == SECRET
    return AuthResult(success=good, handled=False, auth_data=data)


@asynccontextmanager
async def serving(
    mailbox: Mailbox, port: int = 0, tls: SSLContext | None = None
) -> AsyncIterator[int]:
    """On a port of loopback, which is given; 0 takes any. `tls`: encryption is offered."""
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(
            _Keeper(mailbox),
            hostname="localhost",
            ident="Stock Tracker sandbox",
            authenticator=_admit,
            auth_require_tls=False,
            enable_SMTPUTF8=True,
            tls_context=tls,
            loop=loop,
        )

    server = await loop.create_server(session, "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
