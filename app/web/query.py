"""What stands behind the question mark of an address: only known names, each at most once."""

from collections.abc import Collection
from typing import Any

from litestar.connection import ASGIConnection

from domain.errors import Invalid


class WrongQuery(Invalid):
    """A parameter of the address cannot be used."""


def ensure_known(connection: ASGIConnection[Any, Any, Any, Any], known: Collection[str]) -> None:
    """Raise WrongQuery for a name that means nothing here: it may be a slip of the pen, and the
    answer would be another than was asked for."""
    names = [name for name, _ in connection.query_params.multi_items()]
    for name in names:
        shown = "".join(each for each in name if each.isprintable())[:40]
        if name not in known:
            message = f"`{shown}` is not known here. Known are: {', '.join(known)}."
            raise WrongQuery(message, field=shown)
        if names.count(name) > 1:
            raise WrongQuery(f"`{name}` comes more than once. Give it once.", field=name)
