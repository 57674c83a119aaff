"""One GraphQL request: read it, see who asks, carry it out, say what came of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from graphql import ExecutionResult, GraphQLSchema, OperationType, execute

from app.asker import Asker
from app.graphql.context import Context, Ports
from app.graphql.documents import Document, Documents, Unfit
from app.graphql.errors import of_field, of_request, refusal
from app.web.body import problems
from app.web.door import Door
from app.web.languages import translated
from domain.errors import Forbidden, Refused
from domain.fact import fact
from domain.secrecy import NotSignedIn

SECONDS = {OperationType.QUERY: 5.0, OperationType.MUTATION: 30.0}
"""A mutation may wait for a marketplace or for Google; a query waits for nobody but us, unless one
of its fields says so: then it has as long as a mutation."""

log = logging.getLogger(__name__)

Enter: TypeAlias = Callable[[], Awaitable[Context]]
"""Finds out who asks. Raises NotSignedIn for a token that does not open."""


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """GraphQL over HTTP, 5.2: the request's parameters."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = msgspec.field(name="operationName", default=None)
    extensions: dict[str, Any] | None = None


@fact
class Reply:
    """`body` is GraphQL's answer, with status as GraphQL over HTTP wants it."""

    status: int
    body: Mapping[str, Any]


class Handler:
    """Carries out requests against one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._documents = Documents(schema)

    async def __call__(self, raw: bytes, enter: Enter, anonymous: Context, door: Door) -> Reply:
        """Never raises for what a caller sends; the door's correlation is the id to quote to us."""
        try:
            body = _decoded(raw)
            document = self._documents.read(body.query, body.operation_name)
        except Unfit as unfit:
            return _refused(400, unfit.errors)
        context = anonymous
        if not document.public:
            try:
                context = await enter()
            except NotSignedIn as no:
                message = " ".join(str(no).split())
                return _refused(401, [refusal(message, "UNAUTHENTICATED")])
            except Refused as no:
                status = 403 if isinstance(no, Forbidden) else 400
                return _refused(status, [refusal(translated(str(no), context.language), no.code)])
        reply = await self._answer(document, body, context, door.correlation)
        if document.operation is OperationType.MUTATION and context.asker is not None:
            await _keep_origin(context.asker, context.ports, door)
        return reply

    async def _answer(
        self, document: Document, body: Body, context: Context, request: UUID
    ) -> Reply:
        try:
            async with asyncio.timeout(SECONDS[document.patience]):
                result = await self._execute(document, body, context)
        except TimeoutError:
            log.warning("request %s took too long", request)
            message = "This took too long and was given up. Ask for less, or try again."
            return _refused(503, [refusal(message, "TIMEOUT")])
        return _reply(result, str(request), context.language)

    async def _execute(self, document: Document, body: Body, context: Context) -> ExecutionResult:
        result = execute(
            self._schema,
            document.node,
            context_value=context,
            variable_values=body.variables,
            operation_name=body.operation_name,
            max_coercion_errors=5,
            hide_suggestions=True,
        )
        return result if isinstance(result, ExecutionResult) else await result


async def _keep_origin(asker: Asker, ports: Ports, door: Door) -> None:
    """After the answer and for all changes of the request at once. It is not why they were made."""
    try:
        await ports.keep_origin(asker, door)
    except Exception as error:  # noqa: BLE001 - whatever it is, the changes are made
        log.warning(
            "request %s: its origin is not kept: %s", door.correlation, type(error).__name__
        )


def _decoded(raw: bytes) -> Body:
    try:
        return msgspec.json.decode(raw, type=Body)
    except msgspec.ValidationError:
        told = f'{_wrong(raw)} Send {{"query": "…", "variables": {{…}}}}.'
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        told = f"The body is not valid JSON: {wrong}."
    except RecursionError:
        told = "The body is nested too deeply."
    raise Unfit([refusal(told, "BAD_REQUEST")])


def _wrong(raw: bytes) -> str:
    """What is wrong with a body that is no request. Its end was not looked at yet."""
    if raw.lstrip().startswith(b"["):
        return "Batches are off, send one operation as one object."
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "The body is not valid JSON."
    return " ".join(sentence for _, sentence in problems(Body, found))


def _refused(status: int, errors: Sequence[Mapping[str, Any]]) -> Reply:
    return Reply(status=status, body={"errors": errors})


def _reply(result: ExecutionResult, request: str, language: str) -> Reply:
    """Errors without a path were found before anything was carried out: variables, names."""
    errors = result.errors or []
    if result.data is None and errors and all(each.path is None for each in errors):
        return _refused(400, [of_request(each, "BAD_USER_INPUT") for each in errors])
    body: dict[str, Any] = {"data": result.data}
    if errors:
        body["errors"] = [of_field(each, request, language) for each in errors]
    return Reply(status=200, body=body)
