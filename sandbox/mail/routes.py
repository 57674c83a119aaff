"""The mailbox over HTTP: for a person, and for tests that look into it or order trouble."""

from typing import Any, Final

from litestar import MediaType, Response, Router, delete, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, JSONBody

from sandbox.mail.mailbox import Fault, Letter, Mailbox
from sandbox.mail.page import letter_page, list_page

POLICY: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
WITHIN: Final = {
    **POLICY,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'",
}
"""For what somebody sent: it is shown, and can do nothing."""


def routers(mailbox: Mailbox) -> list[Router]:
    """/mail for a person, /sandbox/mail for programs."""
    return [_pages(mailbox), _control(mailbox)]


def _pages(mailbox: Mailbox) -> Router:
    @get("/", media_type=MediaType.HTML)
    async def listed() -> str:
        return list_page(mailbox)

    @get("/{number:int}", media_type=MediaType.HTML)
    async def shown(number: FromPath[int]) -> str:
        return letter_page(_letter(mailbox, number))

    @get("/{number:int}/html")
    async def inside(number: FromPath[int]) -> Response[str]:
        body = _letter(mailbox, number).body("html").replace("<a ", '<a target="_blank" ')
        return Response(body, media_type=MediaType.HTML, headers=WITHIN)

    handlers: list[Any] = [listed, shown, inside]
    return Router(
        "/mail", route_handlers=handlers, include_in_schema=False, response_headers=POLICY
    )


def _control(mailbox: Mailbox) -> Router:
    @get("/letters")
    async def letters(to: FromQuery[str] = "") -> list[dict[str, Any]]:
        found = mailbox.to(to) if to else mailbox.letters
        return [_described(each) for each in found]

    @post("/faults")
    async def add_fault(data: JSONBody[Fault]) -> Fault:
        mailbox.waiting.append(data)
        return data

    @delete("/faults")
    async def clear_faults() -> None:
        mailbox.waiting.clear()

    handlers: list[Any] = [letters, add_fault, clear_faults]
    return Router("/sandbox/mail", route_handlers=handlers, include_in_schema=False)


def _letter(mailbox: Mailbox, number: int) -> Letter:
    letter = mailbox.letter(number)
    if letter is None:
        raise NotFoundException(f"There is no letter {number}: it was never sent, or long ago.")
    return letter


def _described(letter: Letter) -> dict[str, Any]:
    return {
        "from": letter.sender,
        "to": letter.recipients,
        "login": letter.login,
        "headers": dict(letter.message.items()),
        "text": letter.body("plain"),
        "html": letter.body("html"),
    }
