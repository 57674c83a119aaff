"""What is on the way: goods that were sent and are not on sale yet."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.flow import Good, Stage, Supply, coming
from domain.snapshot import MOSCOW

PIECES = st.integers(0, 10**9)
GOODS = st.lists(
    st.builds(Good, nm_id=st.integers(1, 5), quantity=PIECES, accepted=PIECES, on_sale=PIECES)
)
STAGES = st.sampled_from(Stage)
NOON = datetime(2026, 11, 23, 12, tzinfo=MOSCOW)


def good(quantity=30, accepted=0, on_sale=0):
    return Good(nm_id=7, quantity=quantity, accepted=accepted, on_sale=on_sale)


@pytest.mark.parametrize(
    ("stage", "goods", "expected"),
    [
        (Stage.UNLOADED, [good(on_sale=20)], 10),
        (Stage.ALLOWED, [good(), good(5)], 35),
        (Stage.ACCEPTING, [good(accepted=25, on_sale=20)], 10),
        (Stage.ACCEPTED, [good(accepted=25, on_sale=20)], 5),
        (Stage.ACCEPTED, [good(accepted=20, on_sale=20)], 0),
        (Stage.UNLOADED, [good(10, on_sale=12), good(10, on_sale=4)], 6),
        (Stage.PLANNED, [good()], 0),
        (Stage.NOT_PLANNED, [good()], 0),
    ],
)
def test_thirty_sent_and_twenty_on_sale_are_ten_on_the_way(stage, goods, expected):
    assert coming(stage, goods) == {7: expected}


def supply(stage, **times):
    return Supply(
        supply_id=1,
        stage=stage,
        made_at=NOON,
        shipped_at=times.get("shipped"),
        changed_at=times.get("changed"),
    )


def test_accepted_goods_are_waited_for_two_weeks_and_others_without_end():
    assert supply(Stage.ACCEPTED, changed=NOON).counts_until == date(2026, 12, 7)
    assert supply(Stage.ACCEPTED, shipped=NOON).counts_until == date(2026, 12, 7)
    assert supply(Stage.ACCEPTING, changed=NOON).counts_until is None


def test_a_supply_is_another_when_its_stage_or_its_change_is():
    marks = {supply(Stage.ACCEPTED, changed=NOON).mark, supply(Stage.ACCEPTING, changed=NOON).mark}

    assert len({*marks, supply(Stage.ACCEPTED).mark}) == 3


@settings(deadline=None, max_examples=50)
@given(stage=STAGES, first=GOODS, second=GOODS)
def test_two_halves_of_a_supply_are_the_whole_and_nothing_is_owed(stage, first, second):
    both, parts = coming(stage, [*first, *second]), (coming(stage, first), coming(stage, second))

    assert {nm: sum(part.get(nm, 0) for part in parts) for nm in both} == both
    assert all(pieces >= 0 for pieces in both.values())


@settings(deadline=None, max_examples=50)
@given(stage=STAGES, goods=GOODS)
def test_no_more_is_on_the_way_than_was_sent_or_accepted(stage, goods):
    most = sum(max(each.quantity, each.accepted) for each in goods)

    assert sum(coming(stage, goods).values()) <= most
