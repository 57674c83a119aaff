"""Values written into a document are refused by the name of their argument, as variables are.

The library says where they stand, and of scalars that are not its own not even that.
"""

from graphql import GraphQLError, GraphQLInputType, ValueNode
from graphql.language import SKIP, VisitorAction
from graphql.pyutils import print_path_list
from graphql.utilities import validate_input_literal
from graphql.validation import ValuesOfCorrectTypeRule


class NamedValues(ValuesOfCorrectTypeRule):
    """The library's rule, which also says of which argument a value is."""

    def is_valid_value_node(
        self, node: ValueNode, input_type: GraphQLInputType | None
    ) -> VisitorAction:
        def refused(error: GraphQLError, path: list[str | int]) -> None:
            told = f"{self._argument()} has invalid value{print_path_list(path)}: {error.message}"
            self.report_error(GraphQLError(told, nodes=error.nodes or node))

        if input_type:
            validate_input_literal(node, input_type, refused, hide_suggestions=True)
        return SKIP

    def _argument(self) -> str:
        """Of a field or of a directive; a value that is of none is the default of a variable."""
        sought = self.context.get_argument()
        for each in (self.context.get_directive(), self.context.get_field_def()):
            for name, argument in each.args.items() if each and sought else ():
                if argument is sought:
                    return f"Argument '{name}'"
        return "A default"
