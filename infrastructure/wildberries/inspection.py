"""Tries a token live: which hosts let it in, and whose it is."""

from domain.errors import Outside, Rejected
from domain.ports import Account
from infrastructure.wildberries import answers, limits
from infrastructure.wildberries.gateway import Visit
from infrastructure.wildberries.hosts import Host
from infrastructure.wildberries.words import say

_SOURCES = {
    Host.CONTENT: "cards",
    Host.ANALYTICS: "stock",
    Host.STATISTICS: "orders",
    Host.MARKETPLACE: "seller_stock",
    Host.SUPPLIES: "supplies",
}


async def inspect(visit: Visit) -> Account:
    """What works and what fails, in the words of `Account`: cards, stock, orders, seller_stock,
    supplies.

    A host that says no because of the category is a failure among others; a token that works
    nowhere is Rejected, with the reason of the first host, or because it is a test token.
    """
    works: list[str] = []
    fails: list[tuple[str, Rejected]] = []
    for ping in limits.PINGS:
        try:
            await visit.call(ping, answers.PING)
            works.append(_SOURCES[ping.host])
        except Rejected as no:
            if no.cause == "token_dead":
                raise
            fails.append((_SOURCES[ping.host], no))
    claims = visit.claims
    if not works:
        raise _of_a_test(fails[0][1]) if claims.kind == "test" else fails[0][1]
    return Account(
        seller_id=claims.seller_id,
        seller_name=await _name(visit),
        token_kind=claims.kind,
        scopes=claims.scopes,
        read_only=claims.read_only,
        expires_at=claims.expires_at,
        works=tuple(works),
        fails=tuple((source, str(no)) for source, no in fails),
        causes=tuple((source, no.cause) for source, no in fails),
    )


def _of_a_test(no: Rejected) -> Rejected:
    """A test token may have every category: another one of them would open no more."""
    return Rejected(say("test_token"), cause=no.cause) if no.cause == "no_scope" else no


async def _name(visit: Visit) -> str:
    """A plain Base token may ask once a day: a name is not worth a failure. What is ours and away
    for a moment is no reason to be without it for a day."""
    try:
        return (await visit.call(limits.SELLER_INFO, answers.SELLER_INFO)).name
    except Outside as no:
        if no.cause == "our_outage":
            raise
        return ""
