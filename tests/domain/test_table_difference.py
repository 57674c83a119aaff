"""What changed, and how it is packed: nothing forgotten, nothing of hers touched."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from domain.place import Kind, Place
from domain.snapshot import Period, PlaceColumns, Snapshot
from domain.table.blocks import Clear, Packer, Paste, Typed
from domain.table.cells import Cells
from domain.table.columns import KEY
from domain.table.difference import Difference, against, between
from domain.table.figures import GONE

COLUMNS = {
    "brand": 0,
    "subject": 1,
    "sku": 2,
    "nm": 3,
    "to_client": 4,
    "returns": 5,
    "orders": 7,
    "stock": 8,
    "cover": 9,
    "p1.s": 10,
    "p1.o": 11,
    "p1.c": 12,
}
HERS = 6
NUMBERS = st.one_of(st.none(), st.integers(0, 50))
PRODUCTS = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from(["А", "=Б", ""]), NUMBERS, NUMBERS, NUMBERS),
    unique_by=lambda row: row[0],
    max_size=10,
)
SIGNS = st.sampled_from([",", ".", None])


def snapshot(rows, days=7):
    """Of (nmID, text, to buyer, stock, orders); place 1 holds all of it."""
    nm_ids, texts, to_client, stock, orders = zip(*sorted(rows), strict=True) if rows else [()] * 5
    place = Place(key="wb", kind=Kind.WB_TOTAL, name="Склад WB", number=1)
    return Snapshot(
        taken_at=datetime(2026, 11, 23, tzinfo=UTC),
        period=Period(first=date(2026, 11, 23 - days), last=date(2026, 11, 22)),
        nm_ids=nm_ids,
        brands=texts,
        subjects=texts,
        skus=texts,
        to_client=to_client,
        returns=to_client,
        orders=orders,
        stock=stock,
        places=(PlaceColumns(place=place, stock=stock, orders=orders),),
    )


def shown(cells, order):
    """Every cell of ours, as (row, column) → what a person would see; blanks left out."""
    grid = {}
    for tag, column in COLUMNS.items():
        for row, nm in order:
            i = cells.index.get(nm, GONE)
            value = nm if tag == KEY else cells.values(tag, [i])[0]
            grid[row, column] = value / 10 if tag.endswith(("cover", ".c")) and value else value
    return {at: value for at, value in grid.items() if value not in (None, "")}


def apply(grid, blocks, sign):
    """Google's part, on a plain dictionary."""
    grid = dict(grid)
    for block in blocks:
        match block:
            case Paste(row=row, column=column, text=text):
                lines = [line.split("\t") for line in text.split("\n")]
                cells = [[number(field, sign) for field in line] for line in lines]
            case Typed(row=row, column=column, rows=cells):
                pass
            case Clear(row=row, column=column, height=height, width=width):
                cells = [[None] * width] * height
        for down, line in enumerate(cells):
            for right, value in enumerate(line):
                grid[row + down, column + right] = value
    return {at: value for at, value in grid.items() if value is not None}


def number(field, sign):
    return float(field.replace(sign or ".", ".")) if field else None


def figures(grid):
    """Without the texts of products that are gone: nobody can tell those any more."""
    return {at: value for at, value in grid.items() if at[1] > 3}


@given(PRODUCTS, PRODUCTS, SIGNS, st.integers(1, 7), st.randoms())
def test_old_cells_and_the_difference_make_the_new_cells(old, new, sign, days, chance):
    before, after = Cells(snapshot(old)), Cells(snapshot(new, days))
    nm_ids = [row[0] for row in old]
    chance.shuffle(nm_ids)
    order = tuple(enumerate(nm_ids, 2))
    hers = {(row, HERS): "её" for row in range(2, 15)}
    packer = Packer(after, COLUMNS, sign)

    difference = between(before, after, packer.tags, order)
    blocks = [*packer.changes(difference, order)]
    fresh = [nm for nm in after.keys if nm not in nm_ids]
    if fresh:
        blocks += packer.filled(2 + len(order), fresh)
    grid = apply({**shown(before, order), **hers}, blocks, sign)

    whole = (*order, *enumerate(fresh, 2 + len(order)))
    assert figures(grid) == figures({**shown(after, whole), **hers})


@given(PRODUCTS, SIGNS, st.dictionaries(st.tuples(st.integers(2, 9), st.integers(0, 12)), NUMBERS))
def test_whatever_stands_in_our_cells_becomes_right(rows, sign, present):
    cells = Cells(snapshot(rows))
    order = tuple(enumerate((row[0] for row in rows), 2))
    stands = {at: value for at, value in present.items() if value is not None}
    by_tag = {
        tag: {row: value for (row, at), value in stands.items() if at == column}
        for tag, column in COLUMNS.items()
    }
    packer = Packer(cells, COLUMNS, sign)

    difference = against(by_tag.__getitem__, cells, packer.tags, order)
    grid = apply(stands, packer.changes(difference, order), sign)

    last = 2 + len(order)
    hers = {at: v for at, v in stands.items() if at[0] >= last or at[1] == HERS}
    assert grid == {**shown(cells, order), **hers}


def blocks_of(*changed, total=12, **packing):
    """How a tab of so many products packs new stock of those rows."""
    rows = [(n, "А", 1, 5, 1) for n in range(1, total + 1)]
    new = [(n, "А", 1, 6, 1) if n in changed else row for n, row in enumerate(rows, 1)]
    order = tuple(enumerate(range(1, total + 1), 1))
    packer = Packer(Cells(snapshot(new)), COLUMNS, ",", **packing)
    difference = between(Cells(snapshot(rows)), packer.cells, packer.tags, order)
    return list(packer.changes(difference, order))


def test_changed_rows_near_each_other_share_a_paste():
    near, far = blocks_of(2, 5), blocks_of(2, 6)

    assert [(block.row, block.height) for block in near] == [(2, 4)]
    assert [(block.row, block.height) for block in far] == [(2, 1), (6, 1)]


def test_a_paste_spans_only_the_columns_that_changed():
    (block,) = blocks_of(3)

    assert (block.column, block.width, block.text) == (8, 5, "6\t42,0\t6\t1\t42,0")


def test_without_pasting_every_cell_is_typed():
    blocks = blocks_of(3, pasting=False)

    assert [type(block) for block in blocks] == [Typed, Typed]


def test_a_single_cell_and_a_cell_that_becomes_blank_are_never_pasted():
    old = snapshot([(1, "А", 1, 5, 1), (2, "А", 1, 5, None)])
    new = replace(old, to_client=(2, 1), returns=(None, 1))
    order = ((2, 1), (3, 2))
    packer = Packer(Cells(new), COLUMNS, ",")

    blocks = list(packer.changes(between(Cells(old), packer.cells, packer.tags, order), order))

    assert blocks == [
        Typed(row=2, column=4, rows=((2,),)),
        Clear(row=2, column=5, height=1, width=1),
    ]


def test_her_row_between_products_is_never_inside_a_block():
    rows = [(n, "А", 1, 5, 1) for n in (1, 2)]
    new = [(n, "А", 1, 6, 1) for n in (1, 2)]
    order = ((2, 1), (4, 2))
    packer = Packer(Cells(snapshot(new)), COLUMNS, ",")

    difference = between(Cells(snapshot(rows)), packer.cells, packer.tags, order)

    assert {block.height for block in packer.changes(difference, order)} == {1}


def test_a_tick_box_is_not_the_number_one():
    cells = Cells(snapshot([(1, "А", 1, 5, 1)]))

    difference = against(lambda _: {2: True}, cells, ("to_client",), ((2, 1),))

    assert difference.write == {2: 1}


def test_an_unchanged_snapshot_has_no_difference():
    cells = Cells(snapshot([(1, "А", 1, 5, 1)]))

    difference = between(cells, cells, (*COLUMNS,), ((2, 1),))

    assert difference.size == 0


def test_a_row_nobody_knows_is_written_whole():
    cells = Cells(snapshot([(1, "А", None, 5, 1)]))
    difference = Difference((*COLUMNS,))

    difference.whole(cells, ((7, 1),))

    assert difference.size == len(COLUMNS)
    assert difference.clear == {7: 0b110000}
