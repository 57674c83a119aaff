"""Pages by keyset: a cursor is the key of a row, so nothing is skipped or shown twice.

Strawberry's ListConnection counts from the start: slow far down, wrong while rows come and go.
"""

import base64
from binascii import Error as NotBase64
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Generic, TypeVar

import msgspec
import strawberry

from app.graphql.fields import SIZE, resolved, said
from domain.errors import Invalid

T = TypeVar("T")
Row = TypeVar("Row")
Key = TypeVar("Key")

MOST = 100
COUNTED = 10_000
"""Rows are counted up to here; one more says that there are more."""


@strawberry.type(description="Where a page stands among the others.")
class PageInfo:
    has_next_page: bool = said("There is more after `endCursor`.")
    has_previous_page: bool = said("This is not the first page.")
    start_cursor: str | None = said("Cursor of the first row, if there is one.")
    end_cursor: str | None = said("Give it as `after` to go on.")


@strawberry.type(description="A row and where it stands.")
class Edge(Generic[T]):
    cursor: str = said("Opaque; valid for the same order only.")
    node: T = said("The row itself.")


@strawberry.type(description="One page of rows, and how to go on.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The rows.", metadata={SIZE: 1})
    page_info: PageInfo = said("How to go on.")
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @resolved(
        "How many rows there are in all, exact up to 10,000; 10,001 means more. "
        "Counted only when asked for."
    )
    async def total_count(self) -> int:
        return await self.count()


def page_size(first: int) -> int:
    """Raises Invalid unless 1 to 100."""
    if not 1 <= first <= MOST:
        raise Invalid(f"`first` must be 1 to {MOST}.", field="first")
    return first


def connection(
    rows: Sequence[Row],
    first: int,
    after: str | None,
    edge_of: Callable[[Row], Edge[T]],
    count: Callable[[], Awaitable[int]],
) -> Connection[T]:
    """A page of `rows`, of which one more than `first` was read to know whether there is one."""
    edges = [edge_of(row) for row in rows[:first]]
    page_info = PageInfo(
        has_next_page=len(rows) > first,
        has_previous_page=after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges=edges, page_info=page_info, count=count)


def cursor(*key: object) -> str:
    """A row's key as opaque text."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode()


def key_of(after: str, shape: type[Key]) -> Key:
    """The key in a cursor. Raises Invalid for text that is not a cursor of this order."""
    try:
        key = msgspec.json.decode(base64.urlsafe_b64decode(after), type=shape)
        for moment in (each for each in _parts(key) if isinstance(each, datetime)):
            moment.astimezone(UTC)  # one before the year 1 there is none that a database knows
    except (NotBase64, ValueError, OverflowError, msgspec.DecodeError) as wrong:
        message = "`after` is not a cursor of this list. Take `endCursor` of the page before."
        raise Invalid(message, field="after") from wrong
    return key


def _parts(key: object) -> tuple[object, ...]:
    return key if isinstance(key, tuple) else ()


def text(value: str | None, field: str, longest: int = 200) -> str | None:
    """Trimmed; empty is None. Raises Invalid for text that PostgreSQL cannot hold, or too long."""
    if value is None or not value.strip():
        return None
    if len(value) > longest or not value.isprintable():
        message = f"`{field}` must be at most {longest} printable characters."
        raise Invalid(message, field=field)
    return value.strip()
