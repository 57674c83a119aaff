"""Requests about developer metadata."""

from dataclasses import replace
from typing import Any, Final

from sandbox.google.changes.change import Change
from sandbox.google.errors import Json, invalid
from sandbox.google.masks import parse_mask
from sandbox.google.model.book import Book
from sandbox.google.model.rules import Tag
from sandbox.google.reading.filters import tags_of
from sandbox.google.wire.metadata import DeveloperMetadata, Location
from sandbox.google.wire.ranges import DimensionRange
from sandbox.google.wire.requests import (
    CreateDeveloperMetadata,
    DeleteDeveloperMetadata,
    UpdateDeveloperMetadata,
)

# "Read & write developer metadata", Sheets API guide: 30,000 characters for the file's own
# metadata and for all of a tab.
_ROOM: Final = 30_000


def create_developer_metadata(change: Change, request: CreateDeveloperMetadata) -> Json:
    """A new tag; its id is chosen if not given."""
    given, book = request.developer_metadata, change.book
    if not given.metadata_key or given.location is None or given.visibility is None:
        raise invalid("Developer metadata must have a key, a location and a visibility.")
    if given.metadata_id is not None and given.metadata_id in book.tags:
        raise invalid(f"Developer metadata with ID {given.metadata_id} already exists.")
    new_id = given.metadata_id or book.new_id(book.tags.__contains__)
    value = given.metadata_value or ""
    tag = Tag(new_id, given.metadata_key, value, given.visibility, *_place(book, given.location))
    book.tags[new_id] = tag
    _check_room(book, tag)
    return {"createDeveloperMetadata": {"developerMetadata": tag.json()}}


def update_developer_metadata(change: Change, request: UpdateDeveloperMetadata) -> Json:
    """Change the named fields of every tag the filters select."""
    if not request.fields:
        raise invalid("At least one field must be listed in 'fields'.")
    parts = _parts(change.book, request.developer_metadata, request.fields)
    changed = [replace(tag, **parts) for tag in tags_of(change.book, request.data_filters)]
    for tag in changed:
        change.book.tags[tag.id] = tag
        _check_room(change.book, tag)
    answer = {"developerMetadata": [tag.json() for tag in changed]}
    return {"updateDeveloperMetadata": answer if changed else {}}


def delete_developer_metadata(change: Change, request: DeleteDeveloperMetadata) -> Json:
    """Remove every tag the filter selects."""
    found = tags_of(change.book, [request.data_filter])
    for tag in found:
        del change.book.tags[tag.id]
    gone = {"deletedDeveloperMetadata": [tag.json() for tag in found]}
    return {"deleteDeveloperMetadata": gone if found else {}}


def _parts(book: Book, given: DeveloperMetadata, fields: str) -> dict[str, Any]:
    mask = parse_mask(fields)
    parts: dict[str, Any] = {}
    if "metadataValue" in mask:
        parts["value"] = given.metadata_value or ""
    if "metadataKey" in mask and given.metadata_key:
        parts["key"] = given.metadata_key
    if "visibility" in mask and given.visibility:
        parts["visibility"] = given.visibility
    if "location" in mask and given.location is not None:
        parts |= zip(("kind", "sheet_id", "at"), _place(book, given.location), strict=True)
    return parts


def _place(book: Book, location: Location) -> tuple[str, int, int]:
    if location.spreadsheet:
        return "SPREADSHEET", 0, 0
    if location.sheet_id is not None:
        return "SHEET", book.sheet(location.sheet_id).id, 0
    if location.dimension_range is None:
        raise invalid("The location of developer metadata must be set.")
    return _line(book, location.dimension_range)


def _line(book: Book, line: DimensionRange) -> tuple[str, int, int]:
    sheet = book.sheet(line.sheet_id)
    start, end = line.bounds(sheet.length(line.dimension))
    if line.end_index is None or end - start != 1:
        raise invalid("The dimension range of developer metadata must be one row or column.")
    return line.dimension.removesuffix("S"), sheet.id, start


def _check_room(book: Book, tag: Tag) -> None:
    of_file = tag.kind == "SPREADSHEET"
    alike = [
        other
        for other in book.tags.values()
        if (other.kind == "SPREADSHEET") == of_file and other.sheet_id == tag.sheet_id
    ]
    if sum(len(other.key) + len(other.value) for other in alike) > _ROOM:
        raise invalid(f"Developer metadata may not exceed {_ROOM} characters here.")
