"""What a write leaves behind is kept as one line of text, and read back as it was."""

from datetime import UTC, datetime

from domain.table.layout import Layout, deleted, layout_of, parse

AT = datetime(2026, 11, 24, 7, tzinfo=UTC)
LEFT = Layout(
    language="ru",
    deadline=AT,
    made=("brand", "nm", "p1.s", "p2.s"),
    gone=frozenset({"p2.s", "brand"}),
    hidden=frozenset({"p1"}),
    hers=frozenset({"p2", "p3"}),
    returned=AT,
    coloured=(30, 37),
)


def test_a_layout_is_read_back_as_it_was():
    assert parse(str(LEFT)) == LEFT


def test_one_of_the_version_before_hid_and_returned_nothing():
    before = parse("en 2026-11-24T07:00:00+00:00 nm -p1.s")

    assert (before.made, before.gone) == (("nm", "p1.s"), frozenset({"p1.s"}))
    assert (before.hidden, before.hers, before.returned) == (frozenset(), frozenset(), None)


def test_cells_are_coloured_as_they_usually_are_unless_it_is_said():
    usual = parse("en 2026-11-24T07:00:00+00:00 nm")

    assert usual.coloured == (14, 21)
    assert str(usual).endswith(" nm")


def test_deleted_columns_are_told_in_the_order_in_which_they_were_made():
    assert deleted(str(LEFT)) == ["brand", "p2.s"]


def test_text_that_is_no_layout_tells_nothing():
    assert layout_of("") is None
    assert deleted("so it is") == ()
