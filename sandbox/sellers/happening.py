"""The shape of everything that can happen to a seller: a tagged value that can be kept as JSON."""

import msgspec


class Happening(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"
):
    """A change; subclasses have ``apply(seller, at)``, ``at`` in epoch seconds, and raise
    UnknownToSeller before they touch anything.
    """
