"""Snapshots: one read of a marketplace becomes rows, columns and totals that add up."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.place import SELLER_UNNAMED, WB_TOTAL
from domain.snapshot import Gap, flaws, period
from domain.stock import OrderCount, Unread, unread
from tests.domain.one_read import MINSK, SADOVAYA, TOWEL, TVER, WEEK, column, ordered, snap

# Days and rows


def test_the_period_is_the_last_complete_days_of_moscow():
    assert (WEEK.first, WEEK.last, WEEK.days) == (date(2026, 11, 16), date(2026, 11, 22), 7)
    late = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)  # midnight there
    assert period(late, 1).last == date(2026, 11, 23)


def test_rows_are_cards_and_stock_and_orders_by_nm_id():
    taken = snap({WB_TOTAL: {300: 4}}, [ordered(200)], cards={101: TOWEL})

    assert taken.nm_ids == (101, 200, 300)
    assert taken.skus == ("LN-70/140", "", "")
    assert taken.stock == (0, 0, 4)
    assert taken.orders == (0, 1, 0)


def test_goods_on_the_way_have_columns_of_their_own_and_are_not_stock():
    taken = snap({WB_TOTAL: {1: 5}}, to_client={1: 6, 2: 1}, returns={1: 2})

    assert (taken.to_client, taken.returns, taken.stock) == ((6, 1), (2, 0), (5, 0))


# Totals


def test_the_total_is_wildberries_and_all_of_hers_and_named_ones_are_not_added_again():
    taken = snap({WB_TOTAL: {1: 50}, MINSK: {1: 15}, SADOVAYA: {1: 3}, TVER: {1: 4}})

    assert taken.stock == (57,)
    assert flaws(taken) == ()


def test_orders_of_a_named_warehouse_are_inside_those_of_wildberries():
    orders = [ordered(1, pieces=3), ordered(1, "Минск", 2)]

    taken = snap({WB_TOTAL: {1: 9}, MINSK: {1: 4}}, orders)

    assert column(taken, "wb").orders == (5,)
    assert column(taken, "wb:Минск").orders == (2,)
    assert taken.orders == (5,)


def test_orders_that_name_no_warehouse_leave_the_named_ones_blank():
    taken = snap({WB_TOTAL: {1: 9}, MINSK: {1: 4}}, [ordered(1)])

    assert column(taken, "wb:Минск").orders == (None,)
    assert column(taken, "wb:Минск").stock == (4,)
    assert [gap.columns for gap in taken.gaps] == [("p2.o", "p2.c")]


def test_no_orders_at_all_are_a_counted_zero_everywhere():
    taken = snap({WB_TOTAL: {1: 9}, MINSK: {1: 4}})

    assert column(taken, "wb:Минск").orders == (0,)
    assert taken.gaps == ()


def test_orders_that_were_not_read_are_blank_with_a_reason():
    gap = unread(Unread.ORDERS, "no_quota")

    taken = snap({WB_TOTAL: {1: 9}}, None, gaps=(gap,))

    assert taken.orders == (None,)
    assert column(taken, "wb").orders == (None,)
    assert taken.gaps == (
        Gap(source="orders", columns=("orders", "cover", "p1.o", "p1.c"), cause="no_quota"),
    )


# Whose warehouse an order left


def test_the_type_of_an_order_beats_its_name():
    taken = snap({SADOVAYA: {1: 1}, TVER: {1: 1}}, [ordered(1, "Склад WB РФ", by_seller=True)])

    assert column(taken, SELLER_UNNAMED.key).orders == (1,)
    assert "wb" not in {each.place.key for each in taken.places}


def test_an_order_of_hers_belongs_to_the_warehouse_of_exactly_that_name():
    taken = snap({SADOVAYA: {1: 1}, TVER: {1: 1}}, [ordered(1, " Тверь ", by_seller=True)])

    assert column(taken, "seller:6").orders == (1,)


def test_an_order_without_a_name_belongs_to_her_only_warehouse():
    taken = snap({SADOVAYA: {}}, [ordered(1, "Склад WB РФ", by_seller=True)])

    assert column(taken, "seller:5").orders == (1,)


def test_her_warehouses_are_remembered_where_they_could_not_be_read():
    gap = unread(Unread.SELLER, "no_scope")
    known = [replace(TVER, number=1), replace(SADOVAYA, number=2)]

    taken = snap(
        {WB_TOTAL: {1: 2}}, [ordered(1, "Тверь", by_seller=True)], gaps=(gap,), known=known
    )

    assert column(taken, "seller:6").orders == (1,)
    assert column(taken, "seller:6").stock == (None,)


def test_the_unnamed_place_has_orders_and_no_stock():
    taken = snap({SADOVAYA: {}, TVER: {}}, [ordered(1, "?", by_seller=True)])

    assert column(taken, SELLER_UNNAMED.key).stock == (None,)
    assert taken.stock == (0,)


# Columns and their numbers


def test_new_places_are_numbered_in_the_order_of_a_first_sheet():
    places = {TVER: {1: 1}, SADOVAYA: {1: 1}, MINSK: {1: 1}, WB_TOTAL: {1: 1}}

    taken = snap(places, [ordered(1, "?", by_seller=True)])

    assert [(each.place.number, each.place.name) for each in taken.places] == [
        (1, "Склад WB"),
        (2, "Минск"),
        (3, "Склад на Садовой"),
        (4, "Тверь"),
        (5, "Мои склады (склад не указан)"),
    ]


def test_a_later_place_comes_after_the_known_ones():
    known = [replace(TVER, number=1), replace(WB_TOTAL, number=2)]

    taken = snap({WB_TOTAL: {1: 1}, TVER: {1: 1}, MINSK: {1: 1}}, known=known)

    assert [each.place.key for each in taken.places] == ["seller:6", "wb", "wb:Минск"]
    assert [each.place.number for each in taken.places] == [1, 2, 3]


def test_a_place_gets_a_column_with_its_first_piece_or_order():
    assert snap({WB_TOTAL: {1: 0}, SADOVAYA: {}}).places == ()
    with_order = snap({SADOVAYA: {}}, [ordered(1, "Склад на Садовой", by_seller=True)])
    assert [each.place.key for each in with_order.places] == ["seller:5"]


def test_a_known_place_that_is_empty_now_holds_zeros():
    taken = snap({WB_TOTAL: {1: 1}}, known=[replace(MINSK, number=1)])

    assert column(taken, "wb:Минск").stock == (0,)


def test_a_known_place_whose_source_names_nobody_is_blank():
    gap = unread(Unread.WB_NAMED, "hidden_place")

    taken = snap({WB_TOTAL: {1: 1}}, known=[replace(MINSK, number=1)], gaps=(gap,))

    assert column(taken, "wb:Минск").stock == (None,)
    assert taken.gaps == (replace(gap, columns=("p1.s", "p1.c")),)
    assert taken.stock == (1,)


def test_a_gap_that_leaves_no_column_blank_is_not_mentioned():
    assert snap({WB_TOTAL: {1: 1}}, gaps=(unread(Unread.WB_NAMED, "hidden_place"),)).gaps == ()


def test_a_warehouse_she_renamed_keeps_its_column():
    known = [replace(SADOVAYA, number=4)]

    taken = snap({replace(SADOVAYA, name="Новая Садовая"): {1: 1}}, known=known)

    assert [(each.place.number, each.place.name) for each in taken.places] == [(4, "Новая Садовая")]


# Checks


def test_sums_that_do_not_add_up_are_told():
    whole = snap({WB_TOTAL: {1: 5}, MINSK: {1: 5}}, [ordered(1)])

    assert flaws(replace(whole, stock=(6,))) == ("the places' stock does not add up to the total",)
    assert flaws(replace(whole, orders=(2,))) == ("the places' orders do not add up to the total",)
    shelf = replace(whole.places[1], stock=(6,))
    assert len(flaws(replace(whole, places=(whole.places[0], shelf)))) == 1


PIECES = st.dictionaries(st.integers(1, 30), st.integers(0, 10_000), max_size=20)
NAMES = st.sampled_from(["Склад WB РФ", "Минск", "Склад на Садовой", "Тверь", "?"])
ORDERS = st.lists(
    st.builds(
        OrderCount,
        nm_id=st.integers(1, 30),
        by_seller=st.booleans(),
        warehouse=NAMES,
        pieces=st.integers(1, 50),
    ),
    max_size=30,
)


@settings(deadline=None)  # the machine may be busy
@given(wb=PIECES, own=PIECES, other=PIECES, orders=ORDERS)
def test_nothing_is_lost_and_nothing_counted_twice(wb, own, other, orders):
    taken = snap({WB_TOTAL: wb, SADOVAYA: own, TVER: other, MINSK: wb}, orders)

    assert sum(taken.stock) == sum(wb.values()) + sum(own.values()) + sum(other.values())
    assert sum(taken.orders) == sum(order.pieces for order in orders)
    assert flaws(taken) == ()
    assert list(taken.nm_ids) == sorted(set(taken.nm_ids))
