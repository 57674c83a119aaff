"""What people do about runs is on record: in their company's stream, or in the fleet's."""

from uuid import UUID

import pytest

from domain import fleet, run_acts, shop, tenant
from domain.access import Role
from domain.run_acts import Act
from tests.given import given

ANNA, CAT, DOG, RUN = (UUID(int=n) for n in range(1, 5))
OPEN = {"token_id": UUID(int=9), "token_kind": "base", "expires_at": None}
COMPANY = (
    tenant.Registered(owner_id=ANNA),
    tenant.MemberJoined(user_id=ANNA, role=Role.OWNER),
    shop.ShopConnected(shop_id=CAT, marketplace="wildberries", seller_id="s-1", **OPEN),
)
SYNC = {"run_id": RUN, "kind": "sync", "shop_id": CAT}


@pytest.mark.parametrize(
    ("command", "fact"),
    [
        (run_acts.CancelRun, run_acts.RunCancelled),
        (run_acts.RetryRun, run_acts.RunRetried),
        (run_acts.HastenRun, run_acts.RunHastened),
    ],
)
def test_what_is_done_about_a_run_is_recorded_with_its_kind_and_shop(command, fact):
    given(tenant.decider, *COMPANY).when(command(**SYNC)).then(fact(**SYNC))
    given(fleet.decider).when(command(**SYNC)).then(fact(**SYNC))


def test_nothing_is_done_about_runs_of_a_company_that_is_not_there():
    given(tenant.decider).when(run_acts.CancelRun(**SYNC)).then_refused(tenant.UnknownTenant)


def test_runs_are_paused_once_and_released_once():
    hold = run_acts.HoldRuns(kind="sync", shop_id=CAT)
    held = run_acts.RunsHeld(kind="sync", shop_id=CAT)
    release = run_acts.ReleaseRuns(kind="sync", shop_id=CAT)
    released = run_acts.RunsReleased(kind="sync", shop_id=CAT)

    given(tenant.decider, *COMPANY).when(hold).then(held)
    given(tenant.decider, *COMPANY, held).when(hold).then()
    given(tenant.decider, *COMPANY, held).when(release).then(released)
    given(tenant.decider, *COMPANY, held, released).when(release).then()


def test_a_pause_of_everything_and_one_of_a_kind_are_two():
    everything = run_acts.RunsHeld(kind=None, shop_id=None)
    release = run_acts.ReleaseRuns(kind="sync", shop_id=None)

    given(tenant.decider, *COMPANY, everything).when(release).then()


def test_only_what_there_is_can_be_paused():
    company = given(tenant.decider, *COMPANY)

    company.when(run_acts.HoldRuns(kind="snyc", shop_id=None)).then_refused(run_acts.UnknownKind)
    company.when(run_acts.HoldRuns(kind=None, shop_id=DOG)).then_refused(shop.UnknownShop)
    given(fleet.decider).when(fleet.HoldRuns(kind="snyc")).then_refused(run_acts.UnknownKind)


def test_the_fleet_pauses_a_kind_or_everything_once():
    held, released = fleet.RunsHeld(kind=None), fleet.RunsReleased(kind=None)

    given(fleet.decider).when(fleet.HoldRuns(kind=None)).then(held)
    given(fleet.decider, held).when(fleet.HoldRuns(kind=None)).then()
    given(fleet.decider, held).when(fleet.ReleaseRuns(kind=None)).then(released)
    given(fleet.decider, held).when(fleet.ReleaseRuns(kind="sync")).then()


def test_a_shop_that_goes_takes_its_pauses_along():
    of_shop = run_acts.RunsHeld(kind=None, shop_id=CAT)
    of_kind = run_acts.RunsHeld(kind="sync", shop_id=None)

    given(tenant.decider, *COMPANY, of_shop, of_kind).when(shop.DisconnectShop(shop_id=CAT)).then(
        shop.ShopDisconnected(shop_id=CAT), run_acts.RunsReleased(kind=None, shop_id=CAT)
    )


def test_the_last_one_to_leave_leaves_nothing_paused():
    held = run_acts.RunsHeld(kind=None, shop_id=None)

    given(tenant.decider, *COMPANY, held).when(tenant.Leave(user_id=ANNA)).then(
        shop.ShopDisconnected(shop_id=CAT),
        run_acts.RunsReleased(kind=None, shop_id=None),
        tenant.MemberLeft(user_id=ANNA),
    )


def test_a_bulk_says_its_query_or_its_runs():
    company = given(tenant.decider, *COMPANY)
    many = tuple(UUID(int=n) for n in range(run_acts.MOST_PICKED + 1))

    def ask(query=None, run_ids=()):
        return company.when(run_acts.RequestBulk(act=Act.RETRY, query=query, run_ids=run_ids))

    def asked(query=None, run_ids=()):
        return run_acts.BulkRequested(act=Act.RETRY, query=query, run_ids=run_ids)

    ask(query="state:failed").then(asked(query="state:failed"))
    ask(run_ids=(RUN,)).then(asked(run_ids=(RUN,)))
    ask().then_refused(run_acts.NothingPicked)
    ask(query="state:failed", run_ids=(RUN,)).then_refused(run_acts.NothingPicked)
    ask(run_ids=many).then_refused(run_acts.TooManyPicked)
    ask(query="anna@example.com").then_refused(run_acts.QueryUnfit)
    ask(query="x" * (run_acts.LONGEST_QUERY + 1)).then_refused(run_acts.QueryUnfit)
