"""POST /webhooks/stripe: what Stripe sends is checked, kept and thanked for. Nothing else is done
here: Stripe waits, and what is not thanked for comes again."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from litestar import MediaType, Request, Router, post
from litestar.exceptions import (
    ClientException,
    HTTPException,
    InternalServerException,
    NotFoundException,
)
from litestar.response.base import ASGIResponse

from app.web.problem import problems
from domain.errors import Unavailable
from domain.fact import fact
from domain.inbox_port import Delivery, Inbox, NotAnEvent, NotSigned

BIGGEST_BODY = 1024 * 1024
HEADER = "Stripe-Signature"
THANKS = ASGIResponse(media_type=MediaType.TEXT, headers={"Cache-Control": "no-store"})

log = logging.getLogger(__name__)


@fact
class Webhook:
    """What the handler needs. `check`: of the signature's header and the body, raises NotSigned;
    `read` raises NotAnEvent; `nudge` wakes whoever works on what came, and never waits."""

    check: Callable[[str | None, bytes], None]
    read: Callable[[bytes], Delivery]
    inbox: Inbox
    nudge: Callable[[], None]


def router(webhook: Webhook | None) -> Router:
    """Ready to be mounted; without `webhook` there is nothing here."""

    # A dependency, and a response made anew each time, would cost as much as all the rest.
    @post(
        "/stripe",
        opt={"scope": "public"},
        status_code=HTTPStatus.OK,
        media_type=MediaType.TEXT,
        summary="What Stripe sends",
        response_description="It is kept",
        description="For Stripe alone, which signs the body. Snapshot and thin events; each is "
        "kept once, however often it comes. Types that are not worked on are kept too.",
        responses=problems(
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.SERVICE_UNAVAILABLE,
        ),
    )
    async def receive(request: Request[Any, Any, Any]) -> ASGIResponse:
        if webhook is None:
            raise NotFoundException
        await _receive(request, webhook)
        return THANKS

    return Router(
        path="/webhooks",
        route_handlers=[receive],
        request_max_body_size=BIGGEST_BODY,
        tags=["Webhooks"],
    )


async def _receive(request: Request[Any, Any, Any], webhook: Webhook) -> None:
    try:
        body = await _whole(request)
        webhook.check(request.headers.get(HEADER), body)
        await webhook.inbox.receive(webhook.read(body))
    except (HTTPException, NotSigned, NotAnEvent, Unavailable) as refused:
        log.warning("a message of Stripe's was refused: %s", _reason(refused))
        raise
    webhook.nudge()


async def _whole(request: Request[Any, Any, Any]) -> bytes:
    """Whoever hangs up in the middle is no fault of ours, and nobody hears the answer."""
    try:
        return await request.body()
    except InternalServerException as gone:
        raise ClientException("The body broke off.") from gone


def _reason(refused: Exception) -> str:
    """One stable word, to be counted."""
    match refused:
        case NotSigned(reason=reason):
            return reason
        case NotAnEvent():
            return "not_an_event"
        case HTTPException(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE):
            return "too_large"
        case HTTPException(status_code=HTTPStatus.BAD_REQUEST):
            return "broken_off"
        case _:
            return "unavailable"
