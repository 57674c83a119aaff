"""Data filters: finding cells and tags by range, by A1 name or by developer metadata."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sandbox.google.errors import invalid
from sandbox.google.model.book import Book
from sandbox.google.model.rules import Tag
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.spans import Span, parse_a1, split_title
from sandbox.google.wire.metadata import DataFilter, Location, Lookup


class Area(NamedTuple):
    """A part of one tab; `span` may be open."""

    sheet: Sheet
    span: Span


def area_of(book: Book, name: str) -> Area:
    """The cells of an A1 name, a tab's title or a named range; 400 if it is none of them."""
    title, cells = split_title(name)
    if title is None and (found := _by_name(book, cells)):
        return found
    sheet = book.sheets[0] if title is None else book.titled(title)
    span = parse_a1(cells) if cells else Span()
    if sheet is None or span is None:
        raise invalid(f"Unable to parse range: {name}")
    return Area(sheet, span)


def areas(book: Book, wanted: DataFilter) -> list[Area]:
    """Every part of the file that a filter selects, in the order of the tabs and tags."""
    if wanted.grid_range is not None:
        return [Area(book.sheet(wanted.grid_range.sheet_id), wanted.grid_range.span())]
    if wanted.a1_range is not None:
        return [area_of(book, wanted.a1_range)]
    if wanted.developer_metadata_lookup is None:
        raise invalid("A data filter must have one of its fields set.")
    tags = tags_matching(book, wanted.developer_metadata_lookup)
    return [area for tag in tags for area in _tagged(book, tag)]


def tags_of(book: Book, filters: Iterable[DataFilter]) -> list[Tag]:
    """The tags that any of the filters selects, each once, by id."""
    found = {tag.id: tag for wanted in filters for tag in _filtered(book, wanted)}
    return [found[at] for at in sorted(found)]


def tags_matching(book: Book, lookup: Lookup) -> list[Tag]:
    """The tags a lookup selects; 400 if it names a tab that does not exist."""
    _check_lookup(book, lookup)
    found = [tag for tag in book.tags.values() if _named_so(tag, lookup)]
    return sorted((t for t in found if _stands_there(t, lookup)), key=lambda t: (t.at, t.id))


def _by_name(book: Book, cells: str) -> Area | None:
    sheet = book.titled(cells)
    if sheet is not None and parse_a1(cells) is None:
        return Area(sheet, Span())
    named = next((n for n in book.named.values() if n.name == cells), None)
    return Area(book.sheet(named.sheet_id), named.span) if named else None


def _tagged(book: Book, tag: Tag) -> Iterator[Area]:
    if tag.kind == "SPREADSHEET":
        yield from (Area(sheet, Span()) for sheet in book.sheets)
        return
    spans = {
        "SHEET": Span(),
        "ROW": Span(top=tag.at, bottom=tag.at + 1),
        "COLUMN": Span(left=tag.at, right=tag.at + 1),
    }
    yield Area(book.sheet(tag.sheet_id), spans[tag.kind])


def _filtered(book: Book, wanted: DataFilter) -> list[Tag]:
    if wanted.developer_metadata_lookup is not None:
        return tags_matching(book, wanted.developer_metadata_lookup)
    found = areas(book, wanted)
    return [tag for tag in book.tags.values() if any(_inside(book, tag, area) for area in found)]


def _inside(book: Book, tag: Tag, area: Area) -> bool:
    return any(
        own.sheet is area.sheet and own.span.meets(area.span)
        for own in _tagged(book, tag)
        if tag.kind != "SPREADSHEET"
    )


def _named_so(tag: Tag, lookup: Lookup) -> bool:
    wanted = (
        (lookup.metadata_id, tag.id),
        (lookup.metadata_key, tag.key),
        (lookup.metadata_value, tag.value),
        (lookup.visibility, tag.visibility),
        (lookup.location_type, tag.kind),
    )
    return all(want is None or want == have for want, have in wanted)


def _stands_there(tag: Tag, lookup: Lookup) -> bool:
    place = lookup.metadata_location
    if place is None:
        return True
    # DeveloperMetadataLookup: the strategy assumes INTERSECTING if left unspecified.
    exact = lookup.location_matching_strategy == "EXACT_LOCATION"
    return _exactly(tag, place) if exact else _intersecting(tag, place)


def _check_lookup(book: Book, lookup: Lookup) -> None:
    # The rules stand in the descriptions of DeveloperMetadataLookup's fields.
    place, strategy = lookup.metadata_location, lookup.location_matching_strategy
    if strategy is not None and place is None:
        raise invalid("locationMatchingStrategy requires a metadataLocation.")
    if strategy == "EXACT_LOCATION" and lookup.location_type is not None:
        raise invalid("locationType must be left unspecified for EXACT_LOCATION.")
    if lookup.location_type == "SPREADSHEET" and place is not None and not place.spreadsheet:
        raise invalid("locationType cannot be SPREADSHEET at a location within the spreadsheet.")
    if place is not None and place.sheet_id is not None:
        book.sheet(place.sheet_id)
    if place is not None and place.dimension_range is not None:
        book.sheet(place.dimension_range.sheet_id)


def _exactly(tag: Tag, place: Location) -> bool:
    if place.dimension_range is not None:
        line = place.dimension_range
        same = tag.kind == line.dimension.removesuffix("S") and tag.sheet_id == line.sheet_id
        return same and tag.at == line.start_index
    if place.sheet_id is not None:
        return tag.kind == "SHEET" and tag.sheet_id == place.sheet_id
    return tag.kind == "SPREADSHEET"


def _intersecting(tag: Tag, place: Location) -> bool:
    # "Spreadsheet metadata cannot intersect any other developer metadata location."
    if tag.kind == "SPREADSHEET" or place.spreadsheet:
        return tag.kind == "SPREADSHEET" and bool(place.spreadsheet)
    if place.dimension_range is None:
        return tag.sheet_id == place.sheet_id
    line = place.dimension_range
    if tag.sheet_id != line.sheet_id:
        return False
    crosses = tag.kind != line.dimension.removesuffix("S")
    return crosses or line.start_index <= tag.at < (line.end_index or tag.at + 1)
