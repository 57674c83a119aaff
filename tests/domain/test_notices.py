"""Who is told of what by mail: each decides for herself, and nobody is woken."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from domain import notices, tenant
from domain.access import Role
from domain.notices import ChooseNotices, MuteNotices, Notice, NoticesChosen, quiet_until, usual
from tests.given import given

ANNA, BORIS = UUID(int=1), UUID(int=2)
ALL = tuple(str(each) for each in Notice)
company = (
    tenant.Registered(owner_id=ANNA),
    tenant.MemberJoined(user_id=ANNA, role=Role.OWNER),
    tenant.MemberJoined(user_id=BORIS, role=Role.MEMBER),
)
MOSCOW, APIA = ZoneInfo("Europe/Moscow"), ZoneInfo("Pacific/Apia")


def chosen(person, *kinds, at_night=False):
    return NoticesChosen(user_id=person, kinds=kinds, at_night=at_night)


def choose(person, *kinds, at_night=False):
    return ChooseNotices(user_id=person, kinds=kinds, at_night=at_night)


@pytest.mark.parametrize(
    ("role", "kinds"),
    [(Role.OWNER, ALL), (Role.ADMIN, ALL), (Role.MEMBER, ()), (Role.VIEWER, ())],
)
def test_who_can_mend_it_is_told_unless_she_says_otherwise(role, kinds):
    assert usual(role).kinds == kinds


def test_each_decides_for_herself():
    given(tenant.decider, *company).when(choose(BORIS, "late")).then(chosen(BORIS, "late"))
    given(tenant.decider, *company).when(choose(ANNA, "late", at_night=True)).then(
        chosen(ANNA, "late", at_night=True)
    )


def test_what_she_has_already_is_no_choice():
    given(tenant.decider, *company).when(choose(ANNA, *ALL)).then_nothing_happens()
    given(tenant.decider, *company, chosen(BORIS, "late")).when(
        choose(BORIS, "late", "late")
    ).then_nothing_happens()


def test_kinds_stand_in_one_order_each_once():
    given(tenant.decider, *company).when(choose(BORIS, "recovered", "sheet", "sheet")).then(
        chosen(BORIS, "sheet", "recovered")
    )


def test_a_link_turns_one_kind_off_or_all():
    mute = MuteNotices(user_id=ANNA, kind="late")
    rest = [each for each in ALL if each != "late"]

    given(tenant.decider, *company).when(mute).then(chosen(ANNA, *rest))
    given(tenant.decider, *company).when(MuteNotices(user_id=ANNA, kind=None)).then(chosen(ANNA))
    given(tenant.decider, *company, chosen(ANNA)).when(mute).then_nothing_happens()


def test_nobody_chooses_who_is_not_there_and_who_comes_back_begins_anew():
    left = (*company, chosen(BORIS, "late"), tenant.MemberLeft(user_id=BORIS))
    back = (*left, tenant.MemberJoined(user_id=BORIS, role=Role.MEMBER))

    given(tenant.decider, *left).when(choose(BORIS, "late")).then_refused(tenant.UnknownMember)
    given(tenant.decider, *back).when(choose(BORIS, "late")).then(chosen(BORIS, "late"))


def test_only_what_her_people_can_mend_has_a_notice_of_its_own():
    assert notices.OF_CAUSE["sheet_unshared"] is Notice.SHEET
    assert notices.OF_CAUSE["no_scope"] is Notice.TOKEN_DEAD
    assert "no_funds" not in notices.OF_CAUSE


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ((23, 18, 0), (24, 5, 0)),
        ((23, 21, 30), (24, 5, 0)),
        ((23, 4, 59), (23, 5, 0)),
        ((23, 5, 0), None),
        ((23, 17, 59), None),
    ],
)
def test_nobody_is_written_to_from_nine_in_the_evening_to_eight_in_the_morning(now, until):
    day, hour, minute = now
    at = datetime(2026, 11, day, hour, minute, tzinfo=UTC)

    assert quiet_until(at, MOSCOW) == (until and datetime(2026, 11, *until, tzinfo=UTC))


def test_the_morning_is_that_of_the_shop():
    noon_in_moscow = datetime(2026, 11, 23, 9, tzinfo=UTC)

    assert quiet_until(noon_in_moscow, MOSCOW) is None
    assert quiet_until(noon_in_moscow, APIA) == datetime(2026, 11, 23, 19, tzinfo=UTC)
