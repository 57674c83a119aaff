"""What callers say and are told about acts on runs."""

from uuid import UUID

import strawberry

from app.graphql.errors import UserError, refusals
from app.graphql.fields import SIZE, said
from app.runs.fleet.shown import Hold
from app.runs.shown import Run
from domain.run import KINDS


@strawberry.input(description="A run to stop.")
class CancelRunInput:
    run_id: UUID = said("Which run, wherever it stands, as long as it has not ended.")


@strawberry.type(description="What came of cancelling a run.")
class CancelRunPayload:
    run: Run | None = strawberry.field(
        default=None, description="The run: it stops at once, or ends before it has begun."
    )
    user_errors: list[UserError] = refusals()


@strawberry.input(description="A run to do again, or not to wait with.")
class RetryRunInput:
    run_id: UUID = said("Which run. One that waits is tried at once.")


@strawberry.type(description="What came of asking for a run again.")
class RetryRunPayload:
    run: Run | None = strawberry.field(
        default=None,
        description="The new run, or the live one: it waits no more, or is for the same work.",
    )
    user_errors: list[UserError] = refusals()


@strawberry.input
class ManyRuns:
    query: str | None = strawberry.field(
        default=None, description="Such as `state:failed kind:sync`; then no ids."
    )
    run_ids: list[UUID] = strawberry.field(
        default_factory=list, description="Up to 500 runs; then no query."
    )
    tenant_id: UUID | None = strawberry.field(
        default=None, description="For the staff: of this company alone."
    )


@strawberry.input(description="Runs to stop: those that a query means, or some that are named.")
class CancelRunsInput(ManyRuns):
    pass


@strawberry.input(description="Runs to do again: those that a query means, or some that are named.")
class RetryRunsInput(ManyRuns):
    pass


@strawberry.type
class BulkPayload:
    run: Run | None = strawberry.field(
        default=None, description="A run of the kind bulk that does it; its result counts them."
    )
    user_errors: list[UserError] = refusals()


@strawberry.type(description="What came of asking to cancel many runs.")
class CancelRunsPayload(BulkPayload):
    pass


@strawberry.type(description="What came of asking to retry many runs.")
class RetryRunsPayload(BulkPayload):
    pass


@strawberry.input
class WhichRuns:
    kind: str | None = strawberry.field(
        default=None, description=f"Of this kind alone: {', '.join(KINDS)}."
    )
    shop_id: UUID | None = strawberry.field(default=None, description="Of this shop alone.")
    tenant_id: UUID | None = strawberry.field(
        default=None, description="For the staff: of this company alone."
    )


@strawberry.input(description="Runs to put on hold. Without kind and shop: all.")
class HoldRunsInput(WhichRuns):
    pass


@strawberry.input(description="A hold to end: the same kind and shop as it began with.")
class ReleaseRunsInput(WhichRuns):
    pass


@strawberry.type
class HoldsPayload:
    holds: list[Hold] = strawberry.field(
        default_factory=list,
        metadata={SIZE: 10},
        description="All that is on hold now, the widest first.",
    )
    user_errors: list[UserError] = refusals()


@strawberry.type(description="What came of putting runs on hold.")
class HoldRunsPayload(HoldsPayload):
    pass


@strawberry.type(description="What came of letting runs go on.")
class ReleaseRunsPayload(HoldsPayload):
    pass
