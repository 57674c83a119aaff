"""The objects of API version 2026-10-28.endive, as far as a subscription's life needs them.

Every member that stripe/openapi's fixtures show is there, also those that are always null here.
"""

from sandbox.stripe.errors import Json

API_VERSION = "2026-10-28.endive"


def nulls(names: str) -> Json:
    """Members that are there and hold nothing."""
    return dict.fromkeys(names.split())


def listed(url: str, data: list[Json]) -> Json:
    """A whole list within an object."""
    return {"object": "list", "data": data, "has_more": False, "url": url}
