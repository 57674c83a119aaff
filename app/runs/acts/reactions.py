"""What people do about runs, as the ledger is asked to do it: in the transaction of the fact."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import NAMESPACE_OID, UUID, uuid5

from domain import fleet, run_acts
from domain.events import Recorded
from domain.run import PATIENT, Again, Hasten, Resume, Run, Stop, Wish


def _(message: str) -> str:
    """Marks a message of the catalogue: a run's reason is translated where it is shown."""
    return message


# Who it was stands in the audit log: a name would outlive its person here.
CANCELLED: Mapping[str, str] = {
    "staff": _("Stock Tracker's staff cancelled it."),
    "run": _("It was cancelled by a bulk action."),
}
BY_SOMEBODY = _("Somebody of the company cancelled it.")


def react(recorded: Recorded) -> Iterator[Wish]:
    match recorded.event:
        case run_acts.RunCancelled(run_id=run_id):
            why = CANCELLED.get(recorded.origin.source, BY_SOMEBODY)
            yield Stop(run_id=run_id, why=why)
        case run_acts.RunRetried(run_id=run_id):
            yield Again(run_id=run_id)
        case run_acts.RunHastened(run_id=run_id):
            yield Hasten(run_id=run_id)
        case run_acts.RunsReleased():
            yield Resume()
        case fleet.RunsReleased():
            yield Resume(everyone=True)
        case run_acts.BulkRequested() as bulk:
            yield _bulk(bulk, recorded)


def _bulk(bulk: run_acts.BulkRequested, recorded: Recorded) -> Run:
    origin = recorded.origin
    by = None if origin.source == "staff" else origin.actor
    return Run(
        kind="bulk",
        key=bulk_key(bulk.act, bulk.query, bulk.run_ids),
        args={"act": bulk.act, "query": bulk.query, "run_ids": bulk.run_ids, "by": by},
        priority=PATIENT,
        run_id=recorded.event_id,
    )


def bulk_key(act: run_acts.Act, query: str | None, run_ids: Sequence[UUID]) -> str:
    """The same that is asked for twice, as by a button that is pressed twice, is one run."""
    told = ",".join((act, query or "", *map(str, run_ids)))
    return f"bulk:{uuid5(NAMESPACE_OID, told)}"
