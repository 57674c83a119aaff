"""Who writes a shop's sheet: what may be decided, and what is remembered of it."""

from dataclasses import replace
from uuid import UUID

import pytest

from domain import shop, tenant, writer
from domain.access import Role
from domain.writer import GoogleSignInMissing, Key, Writer
from tests.domain.test_tenant import OTHER, OWNER, SHOP, connect, connected, registered, with_sheet
from tests.given import given

KEY_ID, CONSENT, NEWER = (UUID(int=n) for n in range(11, 14))
FIRST, SECOND, HERS = (f"{name}@p.iam.gserviceaccount.com" for name in ("first", "second", "hers"))

assigned = writer.RobotAssigned(shop_id=SHOP, address=FIRST)
key_given = writer.KeyGiven(shop_id=SHOP, address=HERS, key_id=KEY_ID)
signed_in = writer.GoogleSignedIn(shop_id=SHOP, consent_id=CONSENT, user_id=OWNER)
made = writer.SheetMade(shop_id=SHOP, spreadsheet_id="2Made")
asked = shop.SyncRequested(shop_id=SHOP)


def after(*events):
    """Who writes then."""
    return tenant.decider.replay((*registered, *connected, *events)).shops[SHOP]


def test_a_new_shop_is_given_an_address_of_the_pool_if_there_is_one():
    shop_connected, schedule_set = connected
    given(tenant.decider, *registered).when(replace(connect, robot=FIRST)).then(
        replace(shop_connected, robot=FIRST), schedule_set
    )
    given(tenant.decider, *registered).when(connect).then(*connected)


def test_who_writes_for_an_old_shop_is_put_on_record_once():
    settle = writer.SettleRobot(shop_id=SHOP, address=FIRST)

    given(tenant.decider, *with_sheet).when(settle).then(assigned)
    given(tenant.decider, *with_sheet, assigned).when(settle).then_nothing_happens()


@pytest.mark.parametrize("hers", [(key_given,), (signed_in, made), (signed_in,)])
def test_what_she_chose_is_not_overruled_by_a_sync_that_began_before(hers):
    settle = writer.SettleRobot(shop_id=SHOP, address=SECOND)

    given(tenant.decider, *with_sheet, assigned, *hers).when(settle).then_nothing_happens()


def test_another_writer_is_seen_at_work_at_once():
    give = writer.GiveKey(shop_id=SHOP, address=HERS, key_id=KEY_ID)
    back = writer.AssignRobot(shop_id=SHOP, address=FIRST)

    given(tenant.decider, *with_sheet).when(give).then(key_given, asked)
    given(tenant.decider, *with_sheet, key_given).when(back).then(assigned, asked)
    given(tenant.decider, *registered, *connected).when(give).then(key_given)
    given(tenant.decider, *with_sheet, assigned).when(back).then_nothing_happens()


def test_signing_in_changes_nothing_for_a_sheet_until_one_is_made():
    sign_in = writer.SignIn(shop_id=SHOP, consent_id=CONSENT, user_id=OWNER)

    given(tenant.decider, *with_sheet).when(sign_in).then(signed_in)
    assert after(assigned, signed_in).writer == Writer(
        robot=FIRST, consent_id=CONSENT, signed_by=OWNER
    )


def test_a_sheet_is_made_only_for_who_signed_in():
    make = writer.ConnectMade(shop_id=SHOP, spreadsheet_id="2Made")

    given(tenant.decider, *with_sheet).when(make).then_refused(GoogleSignInMissing)
    given(tenant.decider, *with_sheet, signed_in).when(make).then(made)


def test_signing_in_again_lets_a_sheet_of_hers_go_on():
    again = writer.SignIn(shop_id=SHOP, consent_id=NEWER, user_id=OWNER)

    given(tenant.decider, *with_sheet, signed_in, made).when(again).then(
        writer.GoogleSignedIn(shop_id=SHOP, consent_id=NEWER, user_id=OWNER), asked
    )


def test_a_sheet_in_her_drive_is_hers_to_write_and_a_shared_one_the_robots_again():
    hers, shared = after(assigned, signed_in, made), with_sheet[-1]

    assert hers.spreadsheet_id == "2Made"
    assert hers.writer == Writer(robot=FIRST, consent_id=CONSENT, signed_by=OWNER, herself=True)
    assert after(assigned, signed_in, made, shared).writer == Writer(robot=FIRST)


def test_only_what_still_speaks_for_her_has_to_be_kept():
    token = connect.token_id

    assert after(assigned).secrets == {token}
    assert after(key_given, signed_in).secrets == {token, KEY_ID, CONSENT}
    assert after(key_given, signed_in, made).secrets == {token, CONSENT}
    assert after(signed_in, key_given).secrets == {token, KEY_ID}
    assert after(key_given, assigned).secrets == {token}


def test_who_could_open_a_sheet_is_put_on_record_with_it_but_not_beside_a_key_of_hers():
    command = shop.ConnectSheet(shop_id=SHOP, spreadsheet_id="1AbC", robot=SECOND)
    moved = writer.RobotAssigned(shop_id=SHOP, address=SECOND)

    given(tenant.decider, *registered, *connected, assigned).when(command).then(
        moved, with_sheet[-1]
    )
    given(tenant.decider, *registered, *connected, key_given).when(command).then(with_sheet[-1])
    assert after(key_given).writer.key == Key(address=HERS, key_id=KEY_ID)


def test_who_leaves_takes_her_consent_along_and_the_others_shops_go_on():
    joined = tenant.MemberJoined(user_id=OTHER, role=Role.ADMIN)
    by_her = replace(signed_in, user_id=OTHER)
    history = (*with_sheet, joined, by_her, made)

    given(tenant.decider, *history).when(tenant.Leave(user_id=OTHER)).then(
        writer.GoogleSignedOut(shop_id=SHOP), tenant.MemberLeft(user_id=OTHER)
    )
    given(tenant.decider, *with_sheet, joined, signed_in).when(tenant.Leave(user_id=OTHER)).then(
        tenant.MemberLeft(user_id=OTHER)
    )
    left = after(joined, by_her, made, writer.GoogleSignedOut(shop_id=SHOP))
    assert left.writer == Writer(herself=True)
    assert left.secrets == {connect.token_id}
