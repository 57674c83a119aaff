"""GET /reports/{shop}: the table as a file, for programs."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Router, get
from litestar.datastructures import ResponseHeader
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from app.stock.report import MEDIA_TYPES
from app.stock.report.taking import Taking
from app.stock.report.wish import ASKED, FORMATS, Format, wish
from app.web.caller import Identify
from app.web.problem import problems
from app.web.query import ensure_known

PATH = "/reports"

_FORMAT = f"{' or '.join(FORMATS)}; the first is the default."
_AT = (
    "A day, whose last figures are meant, in Moscow; or a time: the newest figures not after it. "
    "The newest of all if left out."
)
_LANGUAGE = (
    "ru, the default, or en: of the captions. A Russian CSV has a comma in its numbers and "
    "semicolons between them, an English one a point and commas."
)
_FILE = ResponseSpec(
    bytes, media_type=MEDIA_TYPES[Format.XLSX], description="The file", generate_examples=False
)
_REFUSALS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
)


def router(take: Taking, identify: Identify) -> Router:
    """Ready to be mounted."""
    return Router(
        path=PATH,
        route_handlers=[_report(take, identify)],
        response_headers=[
            ResponseHeader(name="Cache-Control", value="no-store"),
            ResponseHeader(name="X-Content-Type-Options", value="nosniff"),
        ],
        tags=["Reports"],
    )


def _report(take: Taking, identify: Identify) -> HTTPRouteHandler:
    @get(
        "/{shop:uuid}",
        summary="The table of a shop, as in its sheet, as a file; also as of a moment in the past",
        opt={"scope": "tenant"},
        responses={int(HTTPStatus.OK): _FILE, **problems(*_REFUSALS)},
    )
    async def report(
        request: Request[Any, Any, Any],
        shop: FromPath[UUID],
        form: Annotated[str | None, QueryParameter(name="format", description=_FORMAT)] = None,
        at: Annotated[str | None, QueryParameter(description=_AT)] = None,
        language: Annotated[str | None, QueryParameter(description=_LANGUAGE)] = None,
    ) -> Stream:
        caller = await identify(request)
        ensure_known(request, ASKED)
        wished = wish(dict(zip(ASKED, (form, at, language), strict=True)))
        return await take(caller.scope, shop, wished)

    return report
