"""What a cell can hold, kept as bare Python values so that a million cells stay small."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from sandbox.google.errors import Json, invalid

# "Files you can store in Google Drive" (Drive help): 50,000 characters a cell.
LONGEST: Final = 50_000


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as it was entered, with its equals sign."""

    text: str


@dataclass(frozen=True, slots=True)
class Broken:
    """An error value: its ErrorType (REF, NAME, DIVIDE_BY_ZERO, …) and what the cell shows."""

    type: str
    message: str = ""


Entered: TypeAlias = bool | int | float | str | Formula | None
Effective: TypeAlias = bool | int | float | str | Broken | None
Row: TypeAlias = tuple[Entered, ...]

_SHOWN: Final = {
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "NAME": "#NAME?",
    "N_A": "#N/A",
    "NULL_VALUE": "#NULL!",
    "NUM": "#NUM!",
    "REF": "#REF!",
    "VALUE": "#VALUE!",
    "ERROR": "#ERROR!",
}


def shown_error(value: Broken) -> str:
    """`#REF!` and its like."""
    return _SHOWN[value.type]


def number(value: float) -> int | float:
    """A whole float becomes an integer, as JSON from Google shows it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def entered_json(value: Entered) -> Json | None:
    """The ExtendedValue of userEnteredValue; None for an empty cell."""
    if isinstance(value, Formula):
        return {"formulaValue": value.text}
    return effective_json(value)


def effective_json(value: Effective) -> Json | None:
    """The ExtendedValue of effectiveValue; None for an empty cell."""
    if value is None:
        return None
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    if isinstance(value, Broken):
        return {"errorValue": {"type": value.type, "message": value.message}}
    return {"numberValue": value}


def checked(text: str) -> str:
    """The text itself, or 400 if no cell can hold it."""
    if len(text) > LONGEST:
        raise invalid(
            "Your input contains more than the maximum of 50000 characters in a single cell."
        )
    return text
