"""Which sources of stock a token may use, the best first: by information, then by cost."""

from collections.abc import Collection

from domain.fact import fact
from domain.place import Source

WB = (Source.WB_WAREHOUSES, Source.REMAINS)
OWN = (Source.SELLER_WAREHOUSES, Source.FBS)

_SCOPE = {
    Source.WB_WAREHOUSES: "analytics",
    Source.REMAINS: "analytics",
    Source.SELLER_WAREHOUSES: "analytics",
    Source.FBS: "marketplace",
}


@fact
class Plan:
    """Sources to try in order, for Wildberries' warehouses and for the seller's own."""

    wb: tuple[Source, ...]
    seller: tuple[Source, ...]


def plan(
    kind: str, *, with_secret: bool, scopes: Collection[str], refused: Collection[Source]
) -> Plan:
    """The order of trying. Who may call what: limits of dev.wildberries.ru, 2026-10-24.

    A source whose category the token does not claim goes last instead of away: the bits of the
    claim are documented by position only, and a call that is refused costs little.
    """
    full = kind in ("personal", "service")
    return Plan(
        wb=_ordered(WB if full or with_secret else WB[1:], scopes, refused),
        seller=_ordered(OWN if full else OWN[1:], scopes, refused),
    )


def _ordered(
    sources: tuple[Source, ...], scopes: Collection[str], refused: Collection[Source]
) -> tuple[Source, ...]:
    allowed = [source for source in sources if source not in refused]
    return tuple(sorted(allowed, key=lambda source: _SCOPE[source] not in scopes))
