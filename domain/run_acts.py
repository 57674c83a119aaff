"""What people do about runs: stop one, do it again, act on many, pause what is to come.

A part of the tenant, whose stream holds the facts about its runs; the fleet asks here for the runs
that belong to it.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TypeAlias, assert_never
from uuid import UUID

from domain.errors import Invalid, Refused, Unknown
from domain.fact import fact
from domain.run import KINDS

MOST_PICKED = 500
"""Runs that are named one by one in a bulk; a query names any number."""
LONGEST_QUERY = 500


class Act(StrEnum):
    """What is done to many runs at once."""

    RETRY = "retry"
    CANCEL = "cancel"


# What can happen


@fact
class RunCancelled:
    """Somebody wanted it to stop: it ends as cancelled, unless it was done in that moment."""

    run_id: UUID
    kind: str
    shop_id: UUID | None


@fact
class RunRetried:
    """A finished one is done once more, by a new run that has this fact's id."""

    run_id: UUID
    kind: str
    shop_id: UUID | None


@fact
class RunHastened:
    """One that waits is tried at once."""

    run_id: UUID
    kind: str
    shop_id: UUID | None


@fact
class BulkRequested:
    """The same for many, by a run that has this fact's id: for those that `query` means, or these.
    Ids stand in the query, and never a name."""

    act: Act
    query: str | None
    run_ids: tuple[UUID, ...]


@fact
class RunsHeld:
    """What is not under way waits until it is released: of one kind, of one shop, or all."""

    kind: str | None
    shop_id: UUID | None


@fact
class RunsReleased:
    kind: str | None
    shop_id: UUID | None


RunEvent: TypeAlias = RunCancelled | RunRetried | RunHastened | BulkRequested
Event: TypeAlias = RunEvent | RunsHeld | RunsReleased


# What we remember


@fact
class Hold:
    """Which runs are paused; None is every one."""

    kind: str | None = None
    shop_id: UUID | None = None


Holds: TypeAlias = tuple[Hold, ...]


def held(holds: Holds, event: RunsHeld | RunsReleased) -> Holds:
    """What is paused after this."""
    this = Hold(kind=event.kind, shop_id=event.shop_id)
    others = tuple(each for each in holds if each != this)
    return (*others, this) if isinstance(event, RunsHeld) else others


# What may be asked


@fact
class CancelRun:
    run_id: UUID
    kind: str
    shop_id: UUID | None


@fact
class RetryRun:
    run_id: UUID
    kind: str
    shop_id: UUID | None


@fact
class HastenRun:
    run_id: UUID
    kind: str
    shop_id: UUID | None


@fact
class RequestBulk:
    act: Act
    query: str | None
    run_ids: tuple[UUID, ...]


@fact
class HoldRuns:
    kind: str | None
    shop_id: UUID | None


@fact
class ReleaseRuns:
    kind: str | None
    shop_id: UUID | None


RunCommand: TypeAlias = CancelRun | RetryRun | HastenRun | RequestBulk
Command: TypeAlias = RunCommand | HoldRuns | ReleaseRuns


# How we answer


class UnknownRun(Unknown):
    """There is no such run. `runs` lists them."""


class UnknownKind(Invalid):
    """There are no runs of this kind. There are these: sync, bulk."""


class RunUnderWay(Refused):
    """This run is under way. Wait for its end, or cancel it first."""


class RunEnding(Refused):
    """This run is being cancelled. Look again in a few seconds."""


class RunFinished(Refused):
    """This run is finished: there is nothing left to cancel."""


class NothingPicked(Invalid):
    """Pick the runs, or say by a query which ones are meant: one of the two."""


class TooManyPicked(Invalid):
    """Pick 500 runs at most, or say by a query which ones are meant."""


class QueryUnfit(Invalid):
    """A query has 500 characters at most and names nobody by an address: it stays for ever."""


def decide(command: RunCommand) -> Iterator[RunEvent]:
    """About single runs: whether they are there, and how they stand, the ledger knows alone."""
    match command:
        case CancelRun(run_id=run_id, kind=kind, shop_id=shop_id):
            yield RunCancelled(run_id=run_id, kind=kind, shop_id=shop_id)
        case RetryRun(run_id=run_id, kind=kind, shop_id=shop_id):
            yield RunRetried(run_id=run_id, kind=kind, shop_id=shop_id)
        case HastenRun(run_id=run_id, kind=kind, shop_id=shop_id):
            yield RunHastened(run_id=run_id, kind=kind, shop_id=shop_id)
        case RequestBulk(act=act, query=query, run_ids=run_ids):
            _ensure_some(query, run_ids)
            yield BulkRequested(act=act, query=query, run_ids=run_ids)
        case _:
            assert_never(command)


def hold(holds: Holds, command: HoldRuns | ReleaseRuns) -> Iterator[Event]:
    """To pause what is paused, or to release what is not, is nothing happening."""
    ensure_kind(command.kind)
    this = Hold(kind=command.kind, shop_id=command.shop_id)
    if isinstance(command, HoldRuns) and this not in holds:
        yield RunsHeld(kind=this.kind, shop_id=this.shop_id)
    if isinstance(command, ReleaseRuns) and this in holds:
        yield RunsReleased(kind=this.kind, shop_id=this.shop_id)


def release(holds: Sequence[Hold]) -> Iterator[Event]:
    """For what is no more, nothing is paused."""
    for each in holds:
        yield RunsReleased(kind=each.kind, shop_id=each.shop_id)


def ensure_kind(kind: str | None) -> None:
    """Raises UnknownKind: a mistyped one would pause nothing, and stay in the facts for ever."""
    if kind is not None and kind not in KINDS:
        raise UnknownKind(field="kind")


def _ensure_some(query: str | None, run_ids: Sequence[UUID]) -> None:
    if (query is None) == (not run_ids):
        raise NothingPicked(field="query")
    if query is not None and (len(query) > LONGEST_QUERY or "@" in query):
        raise QueryUnfit(field="query")
    if len(run_ids) > MOST_PICKED:
        raise TooManyPicked(field="runIds")
