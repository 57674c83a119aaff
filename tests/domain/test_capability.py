"""What a token opens: what was seen last, since when, and for how long a refusal is believed."""

from datetime import UTC, datetime, timedelta

from domain.capability import RECHECK, Evidence, Known, Reading, Standing, seen

NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = NOON + timedelta(minutes=20)


def tried(reading, cause=""):
    return seen(None, reading, Evidence.TRIAL, NOON, cause)


def test_a_standing_is_as_old_as_its_first_sight():
    known = Known([tried(Reading.CARDS)])

    found = known.saw(Reading.CARDS, LATER)

    assert (found.standing, found.since, found.checked_at) == (Standing.ALLOWED, NOON, LATER)
    assert found.evidence is Evidence.ANSWER


def test_another_standing_begins_when_it_was_seen():
    known = Known([tried(Reading.ORDERS)])

    assert known.saw(Reading.ORDERS, LATER, "no_scope").since == LATER
    assert known.of(Reading.ORDERS).standing is Standing.FORBIDDEN
    assert known.saw(Reading.ORDERS, LATER, "method_off").standing is Standing.OFF


def test_a_refusal_is_believed_for_an_hour():
    known = Known([tried(Reading.ORDERS, "no_scope")])

    assert known.closed(Reading.ORDERS, NOON + RECHECK - timedelta(seconds=1))
    assert known.closed(Reading.ORDERS, NOON + RECHECK) is None
    assert known.closed(Reading.CARDS, NOON) is None


def test_only_what_is_new_is_kept_and_what_stands_once_an_hour():
    before = Known().saw(Reading.CARDS, NOON)
    known = Known([before])

    known.saw(Reading.CARDS, LATER)
    assert known.news() == []
    assert known.saw(Reading.CARDS, NOON + RECHECK) in known.news()


def test_a_first_sight_and_a_change_are_news():
    known = Known([tried(Reading.ORDERS)])
    refused = known.saw(Reading.ORDERS, LATER, "no_funds")
    first = known.saw(Reading.FBS, LATER)

    assert known.news() == [refused, first]


def test_a_list_of_warehouses_is_good_for_a_day():
    known = Known()
    known.listed({1: "Мой склад"}, NOON)

    assert known.warehouses.fresh(NOON + timedelta(hours=23))
    assert not known.warehouses.fresh(NOON + timedelta(days=1))
    assert known.grown


def test_a_catalogue_of_the_same_size_is_no_news():
    known = Known(cards=3, sizes=7)
    known.counted(3, 7)
    assert not known.grown

    known.counted(4, 8)
    assert known.grown
