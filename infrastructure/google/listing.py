"""The part of a tab that is ours entirely: its rows stand where we put them, so none is looked for.

Its own marker names what it holds. Is that known, only differences are written; else it is cleared
and written whole, in chunks if it is long.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from domain.table import notices
from domain.table.blocks import Block, Packer
from domain.table.columns import Holds
from domain.table.difference import Difference, against, between
from domain.table.listing import Listed
from domain.table.numbers import separator
from infrastructure.google import changes, listing_looks
from infrastructure.google.answers import Properties
from infrastructure.google.batch import Aim, Part
from infrastructure.google.listing_rows import Moves, chunks, moves, order_of
from infrastructure.google.marker import Marker, short
from infrastructure.google.spans import Span
from infrastructure.google.tab import Tab

CHEAP = 4
"""If more than one cell of so many differs, all of them are written: that is shorter."""


@dataclass(slots=True, kw_only=True)
class ListingPart(Part):
    """`done` rows from the top are right after it, the others wait in the chunks of `rest`."""

    tab: str
    listed: Listed
    layout: str
    sign: str | None
    pasting: bool = True
    rest: tuple[range, ...] = ()
    done: int = 0

    def marker(self, aim: Aim, rev: int) -> Marker:
        """With the number of rows while there are more to come."""
        return Marker(
            v=1,
            shop=aim.target.shop_id,
            tab=self.tab,
            sheet=self.sheet_id,
            rev=rev,
            snap=self.listed.id,
            order="",
            layout=self.layout,
            fill=1 + self.done if self.rest else 0,
        )

    @property
    def packer(self) -> Packer:
        """Of all columns but those that hold a moment."""
        named = enumerate(self.listed.columns)
        columns = {each.tag: at for at, each in named if each.holds is not Holds.MOMENT}
        return Packer(self.listed.figures, columns, self.sign, pasting=self.pasting)


def made(aim: Aim, tab: str, where: tuple[int, str], file: Properties, room: int) -> ListingPart:
    """A tab that is not there yet: `where` is its id and title, `room` the bytes that the first
    call has left for it."""
    sheet_id, title = where
    listed = aim.listed[tab]
    part = ListingPart(
        sheet_id=sheet_id,
        marker_id=sheet_id,
        tab=tab,
        listed=listed,
        layout=_layout(aim, listed),
        sign=separator(file.locale),
        creates=True,
    )
    part.requests += listing_looks.skeleton(sheet_id, title, listed)
    _whole(part, room)
    return part


def changed(aim: Aim, seen: Tab, tab: str, held: Listed | None, room: int) -> ListingPart:
    """The tab is there; `held` is what its marker says it holds, None if nobody knows."""
    listed = aim.listed[tab]
    part = ListingPart(
        sheet_id=seen.sheet_id,
        marker_id=seen.marker_id,
        tab=tab,
        listed=listed,
        layout=_layout(aim, listed),
        sign=separator(seen.locale),
        pasting=not seen.filtered,
    )
    filling = seen.marker is not None and seen.marker.fill > 0
    trusted = held if held and not filling and _framed(part, seen, held) else None
    edits = _differing(seen, trusted).size if trusted and seen.whole else 0
    if edits:
        part.notices.append(notices.EDITS_RESTORED.say(aim.language, n=edits))
    found = moves(trusted, listed) if trusted and not edits else None
    if trusted and found is not None:
        _difference(part, trusted, found)
    else:
        _straighten(part, seen)
        _rows(part, seen, filling and held is listed, room)
        if not (listed.figures.keys and listing_looks.stands(seen, listed)):
            part.requests.append(listing_looks.header_request(part.sheet_id, listed))
    return part


def following(part: ListingPart) -> Iterator[ListingPart]:
    """The chunks after this one, each made when its turn comes."""
    for k, rows in enumerate(part.rest, 1):
        made = replace(part, requests=[], notices=[], cells=0, creates=False, rest=part.rest[k:])
        _fill(made, rows)
        yield made


def settled(part: ListingPart, seen: Tab) -> bool:
    """Is there nothing to write, not even the marker?"""
    complete = not part.requests and not part.rest
    return complete and seen.marker is not None and seen.marker.snap == part.listed.id


def _layout(aim: Aim, listed: Listed) -> str:
    """Another language, or columns of another version of ours, have another name."""
    return short(" ".join((aim.language, *(each.tag for each in listed.columns))))


def _framed(part: ListingPart, seen: Tab, held: Listed) -> bool:
    """Are the header and the size as written, and no cells merged?"""
    same = seen.marker is not None and seen.marker.layout == part.layout
    sized = seen.height == listing_looks.height(held)
    return same and sized and not _merged(seen, held) and listing_looks.stands(seen, held)


def _differing(seen: Tab, wanted: Listed) -> Difference:
    """Cells of ours that do not hold this."""
    at = {each.tag: column for column, each in enumerate(wanted.columns)}
    tags = [each.tag for each in wanted.columns if each.holds is not Holds.MOMENT]
    return against(lambda tag: seen.cells.get(at[tag], {}), wanted.figures, tags, order_of(wanted))


def _merged(seen: Tab, listed: Listed) -> bool:
    return any(span.bottom > listed.top for span in seen.merges)


def _difference(part: ListingPart, held: Listed, found: Moves) -> None:
    """Rows that went and came, cells that differ, and the moment of all of them."""
    listed, packer = part.listed, part.packer
    if listing_looks.header(held) != listing_looks.header(listed):
        part.requests.append(listing_looks.header_request(part.sheet_id, listed))
    part.requests += found.requests(part.sheet_id, listed, listing_looks.height(held))
    order = order_of(listed)
    still = tuple(at for at in order if at[1] in held.figures.index)
    difference = between(held.figures, listed.figures, packer.tags, still)
    difference.whole(listed.figures, tuple(order[i] for i in found.added))
    _write(part, packer.changes(difference, order))
    part.cells += difference.size
    if held.stamp != listed.stamp or found.added:
        part.requests += listing_looks.stamps(part.sheet_id, listed)


def _straighten(part: ListingPart, seen: Tab) -> None:
    """What she merged, then the size: a cell inside a merge could not be written."""
    listed, height = part.listed, listing_looks.height(part.listed)
    for span in seen.merges:
        if span.bottom > listed.top:
            part.requests.append(changes.unmerge(part.sheet_id, span))
    lacking = len(listed.columns) - seen.width
    if lacking > 0:
        part.requests.append(changes.append(part.sheet_id, "COLUMNS", lacking))
        part.requests += listing_looks.formats(part.sheet_id, listed, listed.top)
    if seen.height != height:
        part.requests.append(changes.height(part.sheet_id, height))
    if seen.height < height:
        part.requests += listing_looks.formats(part.sheet_id, listed, seen.height)
    if listing_looks.strewn(seen, listed):
        part.requests += listing_looks.gathered(seen, listed)


def _rows(part: ListingPart, seen: Tab, half: bool, room: int) -> None:  # noqa: FBT001 - of one call
    """Read whole, the tab tells itself what differs. A half-filled one goes on where it stopped."""
    listed = part.listed
    if seen.whole and listed.figures.keys:
        difference = _differing(seen, listed)
        if difference.size * CHEAP <= len(listed.figures.keys) * len(listed.columns):
            _write(part, part.packer.changes(difference, order_of(listed)))
            part.requests += listing_looks.stamps(part.sheet_id, listed)
            part.cells += difference.size
            return
    if half and seen.marker:
        _chunked(part, seen.marker.fill - 1, room)
        return
    region = Span(listed.top, listing_looks.height(listed), 0, len(listed.columns))
    part.requests.append(changes.clear(part.sheet_id, region))
    _whole(part, room)


def _whole(part: ListingPart, room: int) -> None:
    """All rows into cells that are empty, the moment of all of them at once."""
    part.requests += listing_looks.stamps(part.sheet_id, part.listed)
    _chunked(part, 0, room)


def _chunked(part: ListingPart, start: int, room: int) -> None:
    first, *rest = chunks(part.listed, start, room)
    part.rest = tuple(rest)
    _fill(part, first)


def _fill(part: ListingPart, rows: range) -> None:
    if rows:
        keys = part.listed.figures.keys[rows.start : rows.stop]
        _write(part, part.packer.filled(part.listed.top + rows.start, keys))
    part.cells += len(rows) * len(part.listed.columns)
    part.done = rows.stop


def _write(part: ListingPart, blocks: Iterable[Block]) -> None:
    part.requests += [changes.of_block(part.sheet_id, block) for block in blocks]
