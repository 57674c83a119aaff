"""What an answer of Wildberries means before anyone looks at its rows.

401 the token, 402 and 403 the right, 404 a method switched off, 429 the budget, 5XX an outage;
all else that is not 200 is an answer of another shape. No sentence repeats what was sent.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar

import msgspec

from domain.both import Both
from domain.breaker import turn
from domain.capability import RECHECK, SWITCHED_OFF
from domain.errors import Malformed, Outside, Rejected, Unavailable
from domain.ports import Opened
from domain.snapshot import MOSCOW
from infrastructure.wildberries.answers import Problem
from infrastructure.wildberries.letters import legible
from infrastructure.wildberries.limits import Call
from infrastructure.wildberries.reply import Reply
from infrastructure.wildberries.shapes import in_words
from infrastructure.wildberries.words import say

T = TypeVar("T")
Body = bytes | bytearray

_LONGEST_DETAIL = 200
_LOOK = 64
_SECRET = re.compile(r"[\w.=-]{40,}")


def refusal(call: Call, status: int, body: Body, now: datetime) -> Outside:
    """The reason of an answer between 300 and 499 but 429."""
    match status:
        case HTTPStatus.UNAUTHORIZED if "scope" not in detail(body):
            return Rejected(say("token_dead"), cause="token_dead")
        case HTTPStatus.PAYMENT_REQUIRED:
            return closed(call, "no_funds", now)
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return closed(call, "no_scope", now)
        case HTTPStatus.NOT_FOUND | HTTPStatus.BAD_REQUEST if _of_one(call, detail(body)):
            return malformed(call, code(status, detail(body)), cause=NOT_THERE)
        case HTTPStatus.NOT_FOUND:
            return closed(call, SWITCHED_OFF, now)
        case _:
            return malformed(call, code(status, detail(body)))


NOT_THERE = "not_there"
"""The cause that says of one thing, named by its id, that there is no such thing any more."""
REFUSALS = ("no_scope", "no_funds", SWITCHED_OFF)
"""Causes that send a reader to the next source. All others make it wait or fail."""


def closed(call: Call, cause: str, seen: datetime) -> Outside:
    """One of REFUSALS, as it was met then."""
    if cause == SWITCHED_OFF:
        sentence = say(cause, title=call.title)
        return Unavailable(sentence, cause=cause, until=seen + RECHECK, about=call.title)
    return Rejected(say(cause, title=call.title, category=call.category), cause=cause)


def code(status: int, said: str = "") -> Both:
    """What there is to say of an answer that has no words of its own."""
    return Both(ru=f"код {status} {said}".strip(), en=f"code {status} {said}".strip())


def malformed(call: Call, what: Both, cause: str = "malformed") -> Malformed:
    """The call and what was wrong with its answer."""
    return Malformed(say("malformed", title=call.title, what=what), cause=cause)


@contextmanager
def perhaps_gone() -> Iterator[None]:
    """What is no longer there is left out."""
    try:
        yield
    except Malformed as no:
        if no.cause != NOT_THERE:
            raise


def outage(call: Call, what: str | Both, until: datetime) -> Unavailable:
    """It did not answer at all, or with a fault of its own."""
    return Unavailable(say("outage", title=call.title, what=what), cause="outage", until=until)


def away(call: Call, opened: Opened) -> Unavailable:
    """The breaker forbids the call: it does not answer anybody."""
    until = turn(opened)
    since, at = (f"{each.astimezone(MOSCOW):%H:%M}" for each in (opened.since, until))
    sentence = say("away", title=call.title, since=since, what=opened.cause, at=at)
    return Unavailable(sentence, cause="outage", until=until)


def not_ready(call: Call, until: datetime) -> Unavailable:
    """A report that was ordered is still being made."""
    return Unavailable(say("not_ready", title=call.title), cause="outage", until=until)


def no_quota(call: Call, until: datetime) -> Unavailable:
    """The budget forbids the call until then."""
    at = until.astimezone(MOSCOW)
    return Unavailable(
        say("no_quota", title=call.title, at=f"{at:%H:%M}"), cause="no_quota", until=until
    )


def detail(body: Body) -> str:
    """What an error body says, in one bounded line without anything as long as a token."""
    try:
        problem = msgspec.json.decode(legible(body), type=Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
    text = problem.detail or problem.message or problem.error_text
    if not text and isinstance(problem.code, str):
        text = problem.code
    return _SECRET.sub("…", " ".join(text.split()))[:_LONGEST_DETAIL]


def broken(reply: Reply) -> str:
    """A word for what is wrong with the endpoint itself; nothing for what is between it and one
    seller, and for a good answer."""
    if reply.failure:
        return reply.failure
    if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"HTTP {reply.status}"
    good = reply.status == HTTPStatus.OK
    return "HTML" if good and _is_page(reply.content_type, reply.body) else ""


def checked(call: Call, content_type: str, body: Body) -> Body:
    """A body that may be decoded. Raises Malformed for an empty one or a page for people."""
    if not body[:_LOOK].lstrip():
        raise malformed(call, Both(ru="пустой ответ", en="empty answer"))
    if _is_page(content_type, body):
        raise malformed(call, Both(ru="страница HTML вместо JSON", en="an HTML page, not JSON"))
    return body


def decoded(call: Call, body: Body, decoder: "msgspec.json.Decoder[T]") -> T:
    """The rows. Raises Malformed with the place in the answer that is not as promised."""
    try:
        return decoder.decode(legible(body))
    except msgspec.ValidationError as wrong:
        told = in_words(str(wrong))
        what = Both(ru=f"другая форма: {told.ru}", en=f"another shape: {told.en}")
        raise malformed(call, what) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        what = Both(ru=f"ответ оборван или испорчен: {wrong}", en=f"cut off or damaged: {wrong}")
        raise malformed(call, what) from None


def _of_one(call: Call, said: str) -> bool:
    """Is it one thing that is missing, and not the method? Goods of a supply that is gone are
    answered with 400 and «Поставка не найдена» (07-orders-fbw.yaml), stock of a warehouse that is
    with 404 and NotFound (02-items.yaml); what is switched off says so (release note 570)."""
    missing = ("не найден", "not found", "notfound")
    return "{" in call.path and any(word in said.lower() for word in missing)


def _is_page(content_type: str, body: Body) -> bool:
    return "html" in content_type or body[:_LOOK].lstrip().startswith(b"<")
