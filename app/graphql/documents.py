"""A document is parsed, measured and validated once; afterwards it is found by its text."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import MaxIntrospectionDepthRule, ValuesOfCorrectTypeRule

from app.graphql import limits
from app.graphql.errors import of_request, refusal
from app.graphql.literals import NamedValues
from domain.errors import Refused
from domain.fact import fact

TOKENS = 1_000
REMEMBERED, LONGEST = 256, 4_096
"""Documents kept, and characters of one: strangers may fill it, so it is small. One with a text of
its own in it is not kept: it comes once, and the text may be a token."""
COMPLAINTS = 5
PUBLIC = {"__schema", "__type", "__typename"}

# MaxIntrospectionDepthRule walks fragments anew at every spread; `limits` covers it in one pass.
_RULES = tuple(
    NamedValues if rule is ValuesOfCorrectTypeRule else rule
    for rule in specified_rules
    if rule is not MaxIntrospectionDepthRule
)


@fact
class Document:
    """One operation of a valid document. `public`: it asks for nothing but the schema itself;
    `patience`: it has as much time as operations of this kind."""

    node: DocumentNode
    operation: OperationType
    public: bool
    patience: OperationType


class Unfit(Exception):
    """The document cannot be carried out; `errors` as GraphQL answers them."""

    def __init__(self, errors: Sequence[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


class Documents:
    """Knows the latest valid documents. A text that is not valid is examined every time."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._patient = limits.patient(schema)
        self._known: OrderedDict[tuple[str, str | None], Document] = OrderedDict()

    def read(self, text: str, name: str | None = None) -> Document:
        """`name`: which operation, where there are several. Raises Unfit."""
        known = self._known.get((text, name))
        if known is not None:
            self._known.move_to_end((text, name))
            return known
        try:
            read = self._examine(text, name)
        except RecursionError as deep:
            raise Unfit([refusal(_sentence(limits.TooDeep()), "TOO_DEEP")]) from deep
        if len(text) <= LONGEST and '"' not in text:
            self._known[text, name] = read
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return read

    def _examine(self, text: str, name: str | None) -> Document:
        try:
            node = parse(text, max_tokens=TOKENS)
        except GraphQLError as wrong:
            raise Unfit([of_request(wrong, "GRAPHQL_PARSE_FAILED")]) from wrong
        operation = _operation(node, name)
        try:
            limits.check(self._schema, node)
        except Refused as no:
            raise Unfit([refusal(_sentence(no), no.code)]) from no
        flaws = validate(self._schema, node, _RULES, COMPLAINTS, hide_suggestions=True)
        if flaws:
            raise Unfit([of_request(each, "GRAPHQL_VALIDATION_FAILED") for each in flaws])
        asked, kind = _root_fields(node, operation.selection_set, set()), operation.operation
        slow = kind is OperationType.MUTATION or asked & self._patient
        patience = OperationType.MUTATION if slow else OperationType.QUERY
        return Document(node=node, operation=kind, public=asked <= PUBLIC, patience=patience)


def _operation(node: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The one of this name; without a name the only one."""
    operations = [each for each in node.definitions if isinstance(each, OperationDefinitionNode)]
    if name is None:
        if len(operations) == 1:
            return operations[0]
        message = f"This document has {len(operations)} operations: name one as operationName."
        raise Unfit([refusal(message, "GRAPHQL_VALIDATION_FAILED")])
    for each in operations:
        if each.name is not None and each.name.value == name:
            return each
    message = "The document has no operation of the name in operationName."
    raise Unfit([refusal(message, "BAD_USER_INPUT")])


def _root_fields(node: DocumentNode, selected: SelectionSetNode, seen: set[str]) -> set[str]:
    """Names of the fields asked of the root, through fragments; each is looked into once."""
    found: set[str] = set()
    for each in selected.selections:
        match each:
            case FieldNode():
                found.add(each.name.value)
            case InlineFragmentNode():
                found |= _root_fields(node, each.selection_set, seen)
            case FragmentSpreadNode() if each.name.value not in seen:
                seen.add(each.name.value)
                found |= _root_fields(node, _fragment(node, each.name.value), seen)
    return found


def _fragment(node: DocumentNode, name: str) -> SelectionSetNode:
    return next(
        each.selection_set
        for each in node.definitions
        if isinstance(each, FragmentDefinitionNode) and each.name.value == name
    )


def _sentence(no: Refused) -> str:
    return " ".join(str(no).split())
