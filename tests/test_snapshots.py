"""What others build on is checked in: a change shows in review, and never by accident.

UPDATE_SNAPSHOTS=1 pytest tests/test_snapshots.py writes them anew.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import msgspec
import pytest
from graphql import build_schema

from app.main import application
from app.schema import schema
from app.wiring.facts import CODEC
from domain import (
    arrangement,
    doubt,
    fleet,
    health,
    levels,
    notices,
    run_acts,
    shop,
    subscription,
    tenant,
    terms,
    user,
    writer,
)
from domain.access import Role
from domain.plan import Plan
from domain.schedule import by_cron
from domain.secrecy import Secret

SNAPSHOTS = Path(__file__).parent / "snapshots"


ANNA, BORIS, CAT, DOG, TOKEN = (UUID(int=n) for n in range(1, 6))
NIGHT = datetime(2026, 11, 23, 5, tzinfo=UTC)
OPEN = {"token_id": TOKEN, "token_kind": "base", "expires_at": None}
FALLEN = {"was": 1200, "now": 40, "lost": 37}
HISTORIES = {
    "tenant": (
        tenant.decider,
        [
            tenant.Registered(owner_id=ANNA),
            tenant.MemberJoined(user_id=ANNA, role=Role.OWNER),
            tenant.MemberJoined(user_id=BORIS, role=Role.ADMIN),
            shop.ShopConnected(shop_id=CAT, marketplace="wildberries", seller_id="s-1", **OPEN),
            shop.ShopConnected(shop_id=DOG, marketplace="wildberries", seller_id="s-2", **OPEN),
            shop.ScheduleSet(shop_id=CAT, schedule=by_cron("0 7 * * *", "Europe/Moscow")),
            shop.SheetConnected(shop_id=CAT, spreadsheet_id="1AbC"),
            arrangement.DataTabSwitched(shop_id=CAT, on=True),
            arrangement.ReplenishmentTabSwitched(shop_id=CAT, on=True),
            terms.ReplenishmentTermsChanged(
                shop_id=CAT, lead=30, cover=20, pack=6, safety=3, from_tab=True
            ),
            arrangement.CheckTabSwitched(shop_id=CAT, on=False),
            arrangement.EmptyPlacesSwitched(shop_id=CAT, hidden=True),
            arrangement.ColumnsReturned(shop_id=CAT),
            shop.TokenReplaced(shop_id=CAT, **{**OPEN, "token_id": ANNA}),
            shop.SyncRequested(shop_id=CAT),
            health.ShopBroke(shop_id=CAT, cause="token_dead"),
            health.ShopRecovered(shop_id=CAT),
            health.ShopBroke(shop_id=CAT, cause="sheet_unshared"),
            health.TokenExpiring(shop_id=CAT, token_id=ANNA, days=14, expires_at=NIGHT),
            health.HourMissed(shop_id=CAT, hour=NIGHT),
            writer.RobotAssigned(shop_id=CAT, address="robot@p.iam.gserviceaccount.com"),
            writer.KeyGiven(shop_id=CAT, address="hers@p.iam.gserviceaccount.com", key_id=BORIS),
            writer.GoogleSignedIn(shop_id=CAT, consent_id=DOG, user_id=ANNA),
            writer.GoogleSignedIn(shop_id=DOG, consent_id=CAT, user_id=BORIS),
            writer.GoogleSignedOut(shop_id=DOG),
            writer.SheetMade(shop_id=DOG, spreadsheet_id="2DeF"),
            doubt.NumbersHeldBack(shop_id=CAT, at=NIGHT, **FALLEN),
            doubt.NumbersBack(shop_id=CAT),
            doubt.NumbersHeldBack(shop_id=CAT, at=NIGHT, **FALLEN),
            doubt.NumbersConfirmed(shop_id=CAT, at=NIGHT, **FALLEN),
            doubt.NumbersAccepted(shop_id=CAT, because=doubt.Because.SOLD, **FALLEN),
            levels.StockFell(shop_id=CAT, low=2, out=1, low_products=(11, 12), out_products=(13,)),
            shop.ShopDisconnected(shop_id=DOG),
            tenant.AuditExported(format="csv", since=None, until=None),
            tenant.ReadByStaff(reason="ticket 1"),
            notices.NoticesChosen(user_id=ANNA, kinds=("late", "sheet"), at_night=True),
            notices.NoticesChosen(user_id=BORIS, kinds=(), at_night=False),
            tenant.MemberLeft(user_id=BORIS),
            run_acts.RunCancelled(run_id=TOKEN, kind="sync", shop_id=CAT),
            run_acts.RunRetried(run_id=TOKEN, kind="sync", shop_id=CAT),
            run_acts.RunHastened(run_id=TOKEN, kind="bulk", shop_id=None),
            run_acts.BulkRequested(act=run_acts.Act.RETRY, query="kind:sync", run_ids=()),
            run_acts.RunsHeld(kind="sync", shop_id=CAT),
            run_acts.RunsHeld(kind=None, shop_id=None),
            run_acts.RunsReleased(kind=None, shop_id=None),
        ],
    ),
    "user": (
        user.decider,
        [
            user.Registered(),
            user.SignedIn(session_id=CAT),
            user.SignedOut(session_id=CAT),
            user.SessionStolen(session_id=DOG),
            user.Erased(),
        ],
    ),
    "subscription": (
        subscription.decider,
        [
            subscription.Started(plan=Plan.FREE),
            subscription.LimitsKept(products=500_000, interval=15),
            subscription.CustomerLinked(customer="cus_1"),
            subscription.CustomerLinked(customer="cus_2"),
        ],
    ),
    "fleet": (
        fleet.decider,
        [
            fleet.StaffAppointed(user_id=ANNA),
            fleet.StaffAppointed(user_id=BORIS),
            fleet.StaffDismissed(user_id=ANNA),
            fleet.ReadByStaff(reason="runs"),
            fleet.AuditExported(format="csv", since=None, until=None, filter=None),
            fleet.RunsHeld(kind="sync"),
            fleet.RunsHeld(kind=None),
            fleet.RunsReleased(kind="sync"),
            run_acts.BulkRequested(act=run_acts.Act.CANCEL, query=None, run_ids=(TOKEN,)),
            fleet.WorkerDrained(worker="w-1:1"),
        ],
    ),
}


NOTHING = SimpleNamespace(
    clock=None, keys=None, limiter=None, on=False, open_breakers=None, lane=None, stored=None
)


def graphql_schema():
    return schema.as_str() + "\n"


def events():
    """Every stored name with the JSON Schema of its payload in every version it ever had: this
    code's are added to what is checked in, and nothing that is checked in is replaced."""
    shapes = msgspec.json.decode((SNAPSHOTS / "events.json").read_bytes())
    for name, event in sorted(CODEC.types.items()):
        known = shapes.setdefault(name, {})
        known.setdefault(str(CODEC.version(name)), msgspec.json.schema(event))
    return msgspec.json.format(msgspec.json.encode(shapes), indent=2).decode() + "\n"


def folds():
    """What one history of each kind comes to, in every edition that its decider ever had."""
    known = msgspec.json.decode((SNAPSHOTS / "folds.json").read_bytes())
    for kind, (decider, history) in HISTORIES.items():
        known.setdefault(kind, {}).setdefault(str(decider.edition), folded(decider, history))
    return msgspec.json.format(msgspec.json.encode(known), indent=2).decode() + "\n"


def folded(decider, history):
    return msgspec.json.decode(msgspec.json.encode(decider.replay(history)))


def openapi():
    """The REST side, as an application says that nothing stands behind."""
    parts = (
        "accounts",
        "ahead",
        "breaker",
        "budgets",
        "database",
        "exports",
        "handle",
        "history",
        "marketplace",
        "plans",
        "post",
        "principals",
        "reports",
        "vault",
    )
    nothing = SimpleNamespace(
        **dict.fromkeys(parts, NOTHING),
        billing=None,
        settings=SimpleNamespace(
            public_url="",
            trusted_proxies=0,
            secret_key=Secret("none"),
            wildberries=SimpleNamespace(service_secret=None),
        ),
    )
    schema = application(nothing).openapi_schema.to_schema()
    schema = msgspec.json.encode(schema, order="deterministic")  # headers come in any order
    return msgspec.json.format(schema, indent=2).decode() + "\n"


@pytest.mark.parametrize(
    ("name", "made", "cure"),
    [
        ("schema.graphql", graphql_schema, "Clients break when something leaves it."),
        ("openapi.json", openapi, "Clients break when something leaves it."),
        ("folds.json", folds, "Kept states would be wrong: raise the decider's edition."),
        ("events.json", events, "Stored facts stay as they are: a change needs an upcaster."),
    ],
)
def test_the_snapshot_is_what_the_code_says(name, made, cure):
    path = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(made())

    assert path.read_text() == made(), f"{name} has changed. {cure} {__doc__}"


@pytest.mark.parametrize("name", sorted(CODEC.types))
def test_a_stored_fact_keeps_its_shape_until_an_upcaster_leads_to_the_next(name):
    checked_in = msgspec.json.decode((SNAPSHOTS / "events.json").read_bytes())[name]
    today = msgspec.json.decode(msgspec.json.encode(msgspec.json.schema(CODEC.types[name])))

    assert checked_in[str(CODEC.version(name))] == today, (
        f"{name} has another shape than the one that is stored. Add an Upcaster to "
        "app.wiring.facts.UPCASTERS, then write the snapshots anew."
    )
    assert [*checked_in] == [str(n) for n in range(1, CODEC.version(name) + 1)]


@pytest.mark.parametrize("kind", HISTORIES)
def test_the_same_history_comes_to_the_same_state_until_the_decider_has_a_new_edition(kind):
    decider, history = HISTORIES[kind]
    checked_in = msgspec.json.decode((SNAPSHOTS / "folds.json").read_bytes())[kind]

    assert checked_in[str(decider.edition)] == folded(decider, history), (
        f"{kind}: the same facts have come to mean another state, and states are kept. Raise the "
        "decider's `edition`, then write the snapshots anew."
    )


def test_no_stored_fact_is_forgotten():
    checked_in = msgspec.json.decode((SNAPSHOTS / "events.json").read_bytes())

    assert checked_in.keys() == CODEC.types.keys()


def test_every_type_and_every_field_says_what_it_means():
    ours = build_schema(graphql_schema()).type_map.values()
    silent = {
        f"{each.name}.{name}"
        for each in ours
        for name, part in getattr(each, "fields", {}).items()
        if not each.name.startswith("__") and not part.description
    }

    assert silent == set()
