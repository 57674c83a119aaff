"""Cells as a client sends them."""

from functools import lru_cache

import msgspec

from sandbox.google.errors import invalid
from sandbox.google.masks import Mask, parse_mask
from sandbox.google.model.formats import PLAIN, Format, Path, written
from sandbox.google.model.values import Entered, Formula, checked, number
from sandbox.google.wire.formats import CellFormat
from sandbox.google.wire.ranges import Wire


class ExtendedValue(Wire):
    """A value of one kind."""

    number_value: float | None = None
    string_value: str | None = None
    bool_value: bool | None = None
    formula_value: str | None = None

    def entered(self) -> Entered:
        """The value as a cell keeps it; 400 if no cell can hold it."""
        if self.string_value is not None:
            return checked(self.string_value) or None
        if self.number_value is not None:
            return number(self.number_value)
        if self.formula_value is not None:
            return Formula(_formula(self.formula_value))
        return self.bool_value


class CellData(Wire):
    """A cell; the fields that only Google writes are not accepted here."""

    user_entered_value: ExtendedValue | None = None
    user_entered_format: CellFormat | None = None
    note: str | None = None

    def entered(self) -> Entered:
        return self.user_entered_value.entered() if self.user_entered_value else None

    def format(self) -> Format:
        """The canonical text of its userEnteredFormat."""
        given = self.user_entered_format
        return written(msgspec.to_builtins(given)) if given is not None else PLAIN


class RowData(Wire):
    """Cells side by side."""

    values: tuple[CellData, ...] = ()


class CellFields(msgspec.Struct, frozen=True):
    """Which parts of a cell a request changes."""

    value: bool
    note: bool
    formats: tuple[Path, ...]


@lru_cache(maxsize=128)
def cell_fields(fields: str) -> CellFields:
    """The meaning of an updateCells mask; 400 for an empty one or an unknown name."""
    if not fields:
        raise invalid("At least one field must be listed in 'fields'. (Root is CellData)")
    mask = parse_mask(fields)
    unknown = [n for n in mask.fields if n not in _KNOWN]
    if unknown:
        raise invalid(
            f"Invalid value at 'fields' (type.googleapis.com/google.protobuf.FieldMask), "
            f'"{unknown[0]}"'
        )
    return CellFields("userEnteredValue" in mask, "note" in mask, _format_paths(mask))


# dataValidation and textFormatRuns are valid names; the sandbox keeps neither, so clearing is done.
_KNOWN = {
    "userEnteredValue",
    "userEnteredFormat",
    "note",
    "dataValidation",
    "textFormatRuns",
    "hyperlink",
}


def _format_paths(mask: Mask) -> tuple[Path, ...]:
    if "userEnteredFormat" not in mask:
        return ()
    paths = mask.under("userEnteredFormat").paths()
    for path in paths:
        _check_path(path)
    return paths


def _check_path(path: Path) -> None:
    struct: type[Wire] | None = CellFormat
    for name in path:
        fields = {f.encode_name: f for f in msgspec.structs.fields(struct)} if struct else {}
        if name not in fields:
            raise invalid(
                "Invalid value at 'fields' (type.googleapis.com/google.protobuf.FieldMask): "
                f'no field "{name}".'
            )
        struct = _struct_in(fields[name].type)


def _struct_in(kind: object) -> type[Wire] | None:
    parts = getattr(kind, "__args__", (kind,))
    return next((p for p in parts if isinstance(p, type) and issubclass(p, Wire)), None)


def _formula(text: str) -> str:
    if not text.startswith("="):
        raise invalid(f"Invalid formula: {text!r} must start with an equals sign.")
    return checked(text)
