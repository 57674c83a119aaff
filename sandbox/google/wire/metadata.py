"""Developer metadata and the filters that find it."""

from typing import Literal, TypeAlias

from sandbox.google.wire.ranges import DimensionRange, GridRange, Wire

Kind: TypeAlias = Literal["ROW", "COLUMN", "SHEET", "SPREADSHEET"]
Visibility: TypeAlias = Literal["DOCUMENT", "PROJECT"]


class Location(Wire):
    """The file, a tab, or one row or column; locationType is what Google adds."""

    location_type: Kind | None = None
    spreadsheet: bool | None = None
    sheet_id: int | None = None
    dimension_range: DimensionRange | None = None


class DeveloperMetadata(Wire):
    metadata_id: int | None = None
    metadata_key: str | None = None
    metadata_value: str | None = None
    location: Location | None = None
    visibility: Visibility | None = None


class Lookup(Wire):
    """Which metadata is meant: every given part must match."""

    location_type: Kind | None = None
    metadata_location: Location | None = None
    location_matching_strategy: Literal["EXACT_LOCATION", "INTERSECTING_LOCATION"] | None = None
    metadata_id: int | None = None
    metadata_key: str | None = None
    metadata_value: str | None = None
    visibility: Visibility | None = None


class DataFilter(Wire):
    """One of three ways to name a range."""

    a1_range: str | None = None
    grid_range: GridRange | None = None
    developer_metadata_lookup: Lookup | None = None
