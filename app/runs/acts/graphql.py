"""What callers may do about runs: each act is on record; sent again, it finds its first answer."""

from uuid import UUID

import strawberry

from app.asker import Asker
from app.graphql.context import AsStaff, Info, acting, asker_of, scope_of
from app.graphql.fields import mutation
from app.runs import read
from app.runs.acts import Acts
from app.runs.acts.shown import (
    CancelRunInput,
    CancelRunPayload,
    CancelRunsInput,
    CancelRunsPayload,
    HoldRunsInput,
    HoldRunsPayload,
    ManyRuns,
    ReleaseRunsInput,
    ReleaseRunsPayload,
    RetryRunInput,
    RetryRunPayload,
    RetryRunsInput,
    RetryRunsPayload,
)
from app.runs.acts.subjects import subjects
from app.runs.along import along_of
from app.runs.fleet.shown import Hold, hold_of
from app.runs.holds import holds
from app.runs.shown import Run, run_of
from domain.access import Role
from domain.run_acts import Act, UnknownRun


@strawberry.type
class Mutation:
    @mutation(Role.MEMBER, "Stop a run: a waiting one ends at once, one under way stops its work.")
    async def cancel_run(
        self,
        info: Info,
        input: CancelRunInput,  # noqa: A002 - its name in the API
        as_staff: AsStaff = None,
    ) -> CancelRunPayload:
        asker = await _whose(info, input, input.run_id, as_staff)
        acted = await _acts(info).cancel(asker, input.run_id)
        return CancelRunPayload(run=await _shown(info, asker, acted.run_id))

    @mutation(Role.MEMBER, "Do a finished run again, or a waiting one now.")
    async def retry_run(
        self,
        info: Info,
        input: RetryRunInput,  # noqa: A002 - its name in the API
        as_staff: AsStaff = None,
    ) -> RetryRunPayload:
        asker = await _whose(info, input, input.run_id, as_staff)
        acted = await _acts(info).retry(asker, input.run_id)
        return RetryRunPayload(run=await _shown(info, asker, acted.run_id))

    @mutation(Role.MEMBER, "Cancel many runs, by a run that can be followed and cancelled itself.")
    async def cancel_runs(
        self,
        info: Info,
        input: CancelRunsInput,  # noqa: A002 - its name in the API
        as_staff: AsStaff = None,
    ) -> CancelRunsPayload:
        return CancelRunsPayload(run=await _bulk(info, input, Act.CANCEL, as_staff))

    @mutation(Role.MEMBER, "Retry many runs, by a run that can be followed and cancelled itself.")
    async def retry_runs(
        self,
        info: Info,
        input: RetryRunsInput,  # noqa: A002 - its name in the API
        as_staff: AsStaff = None,
    ) -> RetryRunsPayload:
        return RetryRunsPayload(run=await _bulk(info, input, Act.RETRY, as_staff))

    @mutation(Role.ADMIN, "Put runs on hold: what is not under way waits until it is released.")
    async def hold_runs(
        self,
        info: Info,
        input: HoldRunsInput,  # noqa: A002 - its name in the API
        as_staff: AsStaff = None,
    ) -> HoldRunsPayload:
        asker = await acting(info, input, input.tenant_id, as_staff)
        await _acts(info).hold(asker, input.kind, input.shop_id)
        return HoldRunsPayload(holds=await _paused(info, asker))

    @mutation(Role.ADMIN, "Release runs that are on hold: the same ones as were put on hold.")
    async def release_runs(
        self,
        info: Info,
        input: ReleaseRunsInput,  # noqa: A002 - its name in the API
        as_staff: AsStaff = None,
    ) -> ReleaseRunsPayload:
        asker = await acting(info, input, input.tenant_id, as_staff)
        await _acts(info).release(asker, input.kind, input.shop_id)
        return ReleaseRunsPayload(holds=await _paused(info, asker))


def _acts(info: Info) -> Acts:
    ports = info.context.ports
    return Acts(database=ports.database, handle=ports.handle, clock=ports.clock, pace=ports.pace)


async def _whose(info: Info, given: object, run_id: UUID, as_staff: str | None) -> Asker:
    """Who acts on this run: the staff does so in the run's own company. Raises UnknownRun."""
    if as_staff is None:
        return asker_of(info, given)
    scope = await scope_of(info, as_staff)
    run = (await subjects(info.context.ports.database, scope, [run_id])).get(run_id)
    if run is None:
        raise UnknownRun(field="runId")
    return await acting(info, given, run.tenant_id, as_staff)


async def _bulk(info: Info, given: ManyRuns, act: Act, as_staff: str | None) -> Run | None:
    asker = await acting(info, given, given.tenant_id, as_staff)
    acted = await _acts(info).bulk(asker, act, given.query, given.run_ids)
    return await _shown(info, asker, acted.run_id)


async def _shown(info: Info, asker: Asker, run_id: UUID) -> Run | None:
    database = info.context.ports.database
    row = await read.run_by_id(database, asker.scope, run_id)
    if row is None:
        return None
    return run_of(row, along_of(info, asker.scope, [row], staff=asker.origin.source == "staff"))


async def _paused(info: Info, asker: Asker) -> list[Hold]:
    return [hold_of(row) for row in await holds(info.context.ports.database, asker.scope)]
