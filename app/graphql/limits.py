"""How deep and how dear a document is: one pass over it, each fragment measured once.

Strawberry's own limiters walk fragments again at every spread, which 26 chained ones turn into
minutes of work; and a shallow document with few fields may still ask for a million of them.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLSchema,
    GraphQLWrappingType,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    get_named_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter

from app.graphql.fields import COST, SIZE, SIZED_BY, WAITS
from domain.errors import Refused
from domain.fact import fact

DEPTH = 12
POINTS = 5_000
LEAF, NODE = 1, 10
"""An object is a point, a plain value a tenth of one: reckoned in tenths, in whole numbers."""
LIST_SIZE = 10
"""What a list that declares no size is reckoned with."""
PAGE = 100
"""The most that `first` may ask for; a variable is reckoned with that, of whatever argument."""
SELF_DESCRIPTION = {"types": 80, "fields": 5, "directives": 5, "ofType": 1}
"""Lists of the schema itself; the others are short."""
SHORT = 2
FROM_MEMORY = 4
"""What the schema says of itself asks no database: a quarter of the cost. The query of the usual
tools then costs half of what is allowed."""


class TooDeep(Refused):
    """The document is nested too deeply: 12 levels are allowed."""


class TooExpensive(Refused):
    """The document asks for too much at once: 5,000 points are allowed. Ask for smaller pages."""


@fact
class Measure:
    """`cost` in tenths of a point."""

    depth: int = 0
    cost: int = 0


def check(schema: GraphQLSchema, document: DocumentNode) -> None:
    """Raise TooDeep or TooExpensive. Names that do not exist are validation's affair."""
    ruler = _Ruler(schema, document)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            root = schema.get_root_type(definition.operation)
            measured = ruler.measure(definition.selection_set, root)
            if measured.depth > DEPTH:
                raise TooDeep
            if measured.cost > POINTS * NODE:
                raise TooExpensive


def patient(schema: GraphQLSchema) -> set[str]:
    """Fields of Query that wait for a neighbour."""
    fields = schema.query_type.fields if schema.query_type else {}
    return {name for name, field in fields.items() if _metadata(field).get(WAITS)}


class _Ruler:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments: Mapping[str, FragmentDefinitionNode] = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        self._measured: dict[str, Measure] = {}

    def measure(self, selected: SelectionSetNode, parent: GraphQLNamedType | None) -> Measure:
        """Of everything selected, for one object of type `parent`."""
        parts = []
        for each in selected.selections:
            match each:
                case FieldNode():
                    parts.append(self._field(each, parent))
                case InlineFragmentNode():
                    named = each.type_condition
                    inner = self._schema.get_type(named.name.value) if named else parent
                    parts.append(self.measure(each.selection_set, inner))
                case FragmentSpreadNode():
                    parts.append(self._fragment(each.name.value))
        depth = max((part.depth for part in parts), default=0)
        return Measure(depth=depth, cost=sum(part.cost for part in parts))

    def _fragment(self, name: str) -> Measure:
        """A fragment inside itself measures nothing here; validation refuses it."""
        known = self._measured.get(name)
        if known is None:
            self._measured[name] = Measure()
            found = self._fragments.get(name)
            if found is not None:
                parent = self._schema.get_type(found.type_condition.name.value)
                self._measured[name] = self.measure(found.selection_set, parent)
            known = self._measured[name]
        return known

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> Measure:
        name = node.name.value
        field = _definition(name, parent)
        metadata = _metadata(field)
        if node.selection_set is None:
            return Measure(depth=1, cost=LEAF + metadata.get(COST, 0) * NODE)
        below = self.measure(node.selection_set, get_named_type(field.type) if field else None)
        if parent is not None and parent.name.startswith("__"):
            return Measure(
                depth=below.depth + (name != "ofType"),
                cost=LEAF + SELF_DESCRIPTION.get(name, SHORT) * below.cost,
            )
        if name in ("__schema", "__type"):
            return Measure(depth=below.depth + 1, cost=NODE + below.cost // FROM_MEMORY)
        cost = metadata.get(COST, 1) * NODE + _size(node, field, metadata) * below.cost
        return Measure(depth=below.depth + 1, cost=cost)


def _definition(name: str, parent: GraphQLNamedType | None) -> GraphQLField | None:
    meta = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}.get(name)
    fields: Mapping[str, GraphQLField] = getattr(parent, "fields", {})
    return meta or fields.get(name)


def _metadata(field: GraphQLField | None) -> Mapping[str, Any]:
    declared = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF) if field else None
    metadata: Mapping[str, Any] = getattr(declared, "metadata", {})
    return metadata


def _size(node: FieldNode, field: GraphQLField | None, metadata: Mapping[str, Any]) -> int:
    """A connection multiplies by `first`, so its own list of edges counts once."""
    if SIZE in metadata:
        return int(metadata[SIZE])
    name, most = metadata.get(SIZED_BY, ("first", PAGE))
    if field is not None and name in field.args:
        asked = next((each.value for each in node.arguments or () if each.name.value == name), None)
        if isinstance(asked, IntValueNode):
            return int(max(1, min(int(asked.value[:5]), most)))
        return PAGE if asked is not None else int(field.args[name].default_value)
    return LIST_SIZE if field is not None and _is_list(field) else 1


def _is_list(field: GraphQLField) -> bool:
    each = field.type
    while isinstance(each, GraphQLWrappingType):
        if isinstance(each, GraphQLList):
            return True
        each = each.of_type
    return False
