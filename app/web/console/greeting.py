"""Error pages where no route was found: nobody has looked yet who comes, so it is done here."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from litestar import Request, Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from app.errors import describe
from app.web.console.mishaps import Answer
from app.web.console.visitor import Visitor

log = logging.getLogger(__name__)

Greet: TypeAlias = Callable[[Request[Any, Any, Any]], Awaitable[Visitor]]
"""Who she is, with her menu."""


def greeted(pages: Answer, greet: Greet) -> Answer:
    """The same answers, to somebody who is known."""

    def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        if "visitor" in request.scope["state"]:
            return pages(request, error)
        return _Greeted(pages, greet, error)

    return answer


class _Greeted(Response[None]):
    """Litestar's handlers of exceptions cannot wait for anything; its answers can."""

    def __init__(self, pages: Answer, greet: Greet, error: Exception) -> None:
        super().__init__(None)
        self._pages, self._greet, self._error = pages, greet, error

    def to_asgi_response(
        self,
        app: Any,  # noqa: ANN401 - Litestar's
        request: Request[Any, Any, Any],
        **more: Any,  # noqa: ANN401 - Litestar's
    ) -> ASGIResponse:
        async def page() -> ASGIResponse:
            try:
                request.scope["state"]["visitor"] = await self._greet(request)
            except Exception as no:  # noqa: BLE001 - whatever it is, a stranger's page is one too
                log.warning("nobody can be recognised: %s", describe(no))
            return self._pages(request, self._error).to_asgi_response(app, request, **more)

        return _Later(page)


class _Later(ASGIResponse):
    """One that is made when it is sent."""

    def __init__(self, made: Callable[[], Awaitable[ASGIResponse]]) -> None:
        super().__init__()
        self._made = made

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (await self._made())(scope, receive, send)
