"""Who runs the servers, and that their looks are on record."""

from uuid import UUID

from domain import fleet, run_acts
from tests.given import given

VERA = UUID(int=7)
appointed = fleet.StaffAppointed(user_id=VERA)


def test_a_person_is_appointed_once():
    appoint = fleet.AppointStaff(user_id=VERA)

    given(fleet.decider).when(appoint).then(appointed)
    given(fleet.decider, appointed).when(appoint).then_refused(fleet.AlreadyStaff)


def test_only_who_belongs_to_the_staff_is_dismissed():
    dismiss, dismissed = fleet.DismissStaff(user_id=VERA), fleet.StaffDismissed(user_id=VERA)

    given(fleet.decider, appointed).when(dismiss).then(dismissed)
    given(fleet.decider).when(dismiss).then_refused(fleet.NotStaff)
    given(fleet.decider, appointed, dismissed).when(dismiss).then_refused(fleet.NotStaff)


def test_a_look_at_everybody_is_on_record_with_its_reason():
    look = fleet.ReadAsStaff(reason="runs")

    given(fleet.decider).when(look).then(fleet.ReadByStaff(reason="runs"))


def test_a_worker_is_asked_to_drain_on_record():
    drain = fleet.DrainWorker(worker="w-1:7")

    given(fleet.decider).when(drain).then(fleet.WorkerDrained(worker="w-1:7"))


def test_what_may_be_done_beside_a_newer_version_is_decided_without_the_past():
    run = {"run_id": UUID(int=1), "kind": "sync", "shop_id": None}
    export = {"format": "csv", "since": None, "until": None, "filter": None}
    asked = [
        fleet.ReadAsStaff(reason="ticket 7"),
        fleet.ExportAudit(**export),
        fleet.DrainWorker(worker="vm:1"),
        run_acts.CancelRun(**run),
        run_acts.RetryRun(**run),
        run_acts.HastenRun(**run),
        run_acts.RequestBulk(act=run_acts.Act.RETRY, query="state:failed", run_ids=()),
    ]

    assert {*map(type, asked)} == {*fleet.decider.blind}
    assert all([*fleet.decide(None, each)] for each in asked)
