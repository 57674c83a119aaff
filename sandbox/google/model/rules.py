"""What hangs on ranges of a tab: protection, conditional formats, the filter, named ranges."""

from dataclasses import dataclass, field, replace

from sandbox.google.errors import Json
from sandbox.google.model.axis import Axis, Edit, moved_span
from sandbox.google.model.spans import Span


@dataclass(frozen=True, slots=True)
class Protection:
    """A protected range; `editors` are addresses, the owner may always edit."""

    id: int
    span: Span
    description: str = ""
    warning_only: bool = False
    editors: tuple[str, ...] = ()
    free: tuple[Span, ...] = ()

    def stops(self, span: Span, who: str, owner: str) -> bool:
        """Whether this person may not write into the span."""
        if self.warning_only or who in (owner, *self.editors) or not self.span.meets(span):
            return False
        return not any(free.covers(span) for free in self.free)

    def after(self, axis: Axis, edit: Edit) -> "Protection | None":
        span = moved_span(self.span, axis, edit)
        free = [moved_span(old, axis, edit) for old in self.free]
        return replace(self, span=span, free=tuple(s for s in free if s)) if span else None


@dataclass(frozen=True, slots=True)
class Rule:
    """A conditional format: its ranges and the rule's JSON, never changed in place."""

    spans: tuple[Span, ...]
    body: Json = field(hash=False)

    def after(self, axis: Axis, edit: Edit) -> "Rule | None":
        spans = tuple(s for old in self.spans if (s := moved_span(old, axis, edit)))
        return replace(self, spans=spans) if spans else None


@dataclass(frozen=True, slots=True)
class Filter:
    """The basic filter of a tab: criteria by column index, and how it last sorted."""

    span: Span
    criteria: dict[int, Json] = field(hash=False)
    sort: tuple[Json, ...] = ()

    def after(self, axis: Axis, edit: Edit) -> "Filter | None":
        span = moved_span(self.span, axis, edit)
        if not span:
            return None
        if axis == "ROWS":
            return replace(self, span=span)
        moved = ((edit.index(column), rule) for column, rule in self.criteria.items())
        return replace(self, span=span, criteria={c: r for c, r in moved if c is not None})


@dataclass(frozen=True, slots=True)
class Named:
    """A named range of the file."""

    id: str
    name: str
    sheet_id: int
    span: Span


@dataclass(frozen=True, slots=True)
class Tag:
    """Developer metadata on the file, a tab, one row or one column."""

    id: int
    key: str
    value: str
    visibility: str
    kind: str
    sheet_id: int = 0
    at: int = 0

    def after(self, sheet_id: int, axis: Axis, edit: Edit) -> "Tag | None":
        if self.sheet_id != sheet_id or self.kind != axis.removesuffix("S"):
            return self
        at = edit.index(self.at)
        return None if at is None else replace(self, at=at)

    def json(self) -> Json:
        """The DeveloperMetadata of the API."""
        answer: Json = {"metadataId": self.id, "metadataKey": self.key}
        if self.value:
            answer["metadataValue"] = self.value
        answer["location"] = self._location()
        answer["visibility"] = self.visibility
        return answer

    def _location(self) -> Json:
        if self.kind == "SPREADSHEET":
            return {"locationType": self.kind, "spreadsheet": True}
        if self.kind == "SHEET":
            return {"locationType": self.kind, "sheetId": self.sheet_id}
        bounds = {"startIndex": self.at, "endIndex": self.at + 1}
        where = {"sheetId": self.sheet_id, "dimension": self.kind + "S", **bounds}
        return {"locationType": self.kind, "dimensionRange": where}
