"""Google's API as one endpoint: when it is away for everybody, one call tries, the others wait."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from domain.errors import Unavailable
from domain.ports import Breaker, Opened
from infrastructure.google.client import SHEETS
from infrastructure.google.faults import Unanswered, Voice

API = SHEETS.removeprefix("https://")


@asynccontextmanager
async def standing(breaker: Breaker, voice: Voice, spreadsheet_id: str) -> AsyncIterator[None]:
    """Around one call. Raises Unavailable when nobody is to call. A refusal and an empty quota say
    nothing of how the endpoint is."""
    ticket = await breaker.enter(API)
    if isinstance(ticket, Opened):
        raise voice.away(ticket)
    try:
        yield
    except BaseException as error:
        if wrong := _broken(error):
            await breaker.failed(API, ticket, spreadsheet_id, wrong)
        else:
            await breaker.left(API, ticket)
        raise
    await breaker.worked(API, ticket)


def _broken(error: BaseException) -> str:
    match error:
        case Unanswered():
            return str(error)
        case Unavailable(cause="google_unavailable"):
            return "no connection"
        case _:
            return ""
