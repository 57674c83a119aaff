"""Why the cabinet shows another figure: each reason with its proof, tried in one order.

A reason that covers a part of a difference proves nothing. Two may share one, no more: of three
numbers some sum fits nearly everything. What would be a habit of the cabinet's is none where more
products speak against it than for it, however well it fits one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from itertools import combinations
from uuid import UUID

from domain.cabinet import COUNTED, Figure, Ours, Shown, agrees, apart
from domain.fact import fact
from domain.place import Kind
from domain.reconciliation import Compared, Discrepancy, Key, Reason, Reconciliation
from domain.snapshot import Snapshot

Pieces = Mapping[int, int]
"""By article: how many more than we the cabinet has for this reason."""

HABITS = (Reason.CANCELLED, Reason.BOUNDARY)
TOGETHER = timedelta(minutes=90)
"""Snapshots taken within this of the report may have seen what it saw."""
_AN_HOUR_AND_A_TENTH = 17
"""In 120ths of a day."""


@fact
class Evidence:
    """What is known beside the two. `agreed`: what was the same in another snapshot of the 90
    minutes, or in a look an hour later. `orders`, by reason, in the order of trying: cancelled ones
    of the period; unpaid, which the feed alone has; those that a period of UTC days would have
    more; and, as less, those that were cancelled after our read.

    `elsewhere`: articles of which the same lies at WB, `unread`: the seller's own stock may not be
    read; `gone`: articles whose card is no more; `short`: the report had fewer products than its
    pages promised; `stale`: our figures were older than it by more than 90 minutes.
    """

    agreed: Collection[Key] = ()
    orders: Mapping[Reason, Pieces] = field(default_factory=dict)
    elsewhere: Collection[int] = ()
    unread: bool = False
    gone: Collection[int] = ()
    short: bool = False
    stale: bool = False


def same_at_wb(snapshot: Snapshot, at_wb: Mapping[int, Shown]) -> Collection[int]:
    """Articles of which the same lies at the marketplace's warehouses, by a report of those."""
    found = [each.stock for each in snapshot.places if each.place.kind is Kind.WB_TOTAL]
    return {
        nm_id
        for column in found
        for nm_id, pieces in zip(snapshot.nm_ids, column, strict=True)
        if nm_id in at_wb and at_wb[nm_id].stock == pieces
    }


def settled(found: Reconciliation, agreed: Collection[Key], id_: UUID) -> Reconciliation:
    """The same after a second look: what has `agreed` then was a lag. `id_`: its new one."""
    lines = [
        replace(each, reasons=(Reason.LAG,)) if (each.nm_id, each.figure) in agreed else each
        for each in found.discrepancies
    ]
    return replace(found, id=id_, discrepancies=tuple(lines))


def reconcile(
    named: tuple[UUID, datetime],
    snapshot: Snapshot,
    cabinet: Mapping[int, Shown],
    compared: Compared,
    evidence: Evidence,
) -> Reconciliation:
    """All that differs, by article, with what has been proven of it. `named`: its id, and when."""
    days = snapshot.period.days
    evidence = _without_chance(compared, cabinet, evidence)
    found = [
        told
        for nm_id in sorted(compared.differing)
        for told in _product(compared.differing[nm_id], cabinet.get(nm_id), days, evidence)
    ]
    found += _blank(snapshot, cabinet, compared, evidence)
    return Reconciliation(
        id=named[0],
        at=named[1],
        taken_at=snapshot.taken_at,
        products=compared.products,
        compared=compared.equal + len(found),
        equal=compared.equal,
        discrepancies=tuple(found),
    )


def _without_chance(
    compared: Compared, cabinet: Mapping[int, Shown], evidence: Evidence
) -> Evidence:
    kept = {
        reason: pieces
        for reason, pieces in evidence.orders.items()
        if reason not in HABITS or _is_habit(reason, compared, cabinet, evidence)
    }
    return replace(evidence, orders=kept)


def _is_habit(
    reason: Reason, compared: Compared, cabinet: Mapping[int, Shown], evidence: Evidence
) -> bool:
    """Against it speak products whose orders are the same, though for this reason alone they
    should not be."""
    others = [pieces for other, pieces in evidence.orders.items() if other is not reason]
    weight = 0
    for nm_id, pieces in evidence.orders[reason].items():
        lines = (d for d in compared.differing.get(nm_id, ()) if d.figure is Figure.ORDERS)
        line = next(lines, None)
        if line is not None:
            weight += line.difference == -pieces
        elif pieces and nm_id in cabinet and not any(each.get(nm_id) for each in others):
            weight -= 1
    return weight >= 0


def _product(
    found: Sequence[Discrepancy], theirs: Shown | None, days: int, evidence: Evidence
) -> Iterator[Discrepancy]:
    """What is counted first, for the rest may follow from it."""
    counted = {
        each.figure: replace(each, reasons=_first(_counted(each, theirs, evidence)))
        for each in found
        if each.figure in COUNTED
    }
    yield from counted.values()
    above = [counted[each] for each in (Figure.STOCK, Figure.ORDERS) if each in counted]
    for each in found:
        if each.figure not in COUNTED and theirs is not None:
            yield replace(each, reasons=_first(_derived(each, theirs, days, above, evidence)))


def _first(reasons: Iterator[tuple[Reason, ...]]) -> tuple[Reason, ...]:
    return next(reasons, (Reason.UNEXPLAINED,))


def _counted(
    line: Discrepancy, theirs: Shown | None, evidence: Evidence
) -> Iterator[tuple[Reason, ...]]:
    """What accounts for all of it, in the order of trying."""
    nm_id = line.nm_id
    if (nm_id, line.figure) in evidence.agreed:
        yield (Reason.LAG,)
    if line.figure is Figure.ORDERS and line.ours is not None and line.cabinet is not None:
        yield from _ordered(nm_id, line.cabinet - line.ours, evidence)
    if line.figure is Figure.STOCK and evidence.unread and nm_id in evidence.elsewhere:
        yield (Reason.SCOPE,)
    if theirs is not None and theirs.deleted and nm_id in evidence.gone and not line.ours:
        yield (Reason.DELETED_CARD,)
    yield from _either(theirs, evidence)


def _ordered(nm_id: int, more: float, evidence: Evidence) -> Iterator[tuple[Reason, ...]]:
    parts = {
        reason: pieces[nm_id] for reason, pieces in evidence.orders.items() if pieces.get(nm_id)
    }
    for n in (1, 2):
        for some in combinations(parts, n):
            if sum(parts[each] for each in some) == more:
                yield some


def _derived(
    line: Discrepancy,
    theirs: Shown,
    days: int,
    above: Sequence[Discrepancy],
    evidence: Evidence,
) -> Iterator[tuple[Reason, ...]]:
    """Of an average or a turnover. `above`: what differs of the stock and orders it is made of."""
    if (line.nm_id, line.figure) in evidence.agreed:
        yield (Reason.LAG,)
    if line.figure is Figure.TURNOVER and not above and _rounded(line, theirs):
        yield (Reason.ROUNDING,)
    if above and all(each.explained for each in above) and _by_theirs(line.figure, theirs, days):
        yield (Reason.FOLLOWS,)
    if line.figure is Figure.TURNOVER and not theirs.computed:
        yield (Reason.NOT_COMPUTED,)
    yield from _either(theirs, evidence)


def _rounded(line: Discrepancy, theirs: Shown) -> bool:
    if line.ours is None or line.cabinet is None:
        return False
    return apart(round(line.ours * 10), max(theirs.hours, 0)) <= _AN_HOUR_AND_A_TENTH


def _by_theirs(figure: Figure, theirs: Shown, days: int) -> bool:
    """Do the cabinet's own stock and orders give its figure by our formula?"""
    as_they_say = Ours(
        stock=theirs.stock,
        to_client=theirs.to_client,
        returns=theirs.returns,
        orders=theirs.orders,
        days=days,
    )
    return agrees(figure, as_they_say, theirs) is True


def _either(theirs: Shown | None, evidence: Evidence) -> Iterator[tuple[Reason, ...]]:
    if theirs is None and evidence.short:
        yield (Reason.SHORT_REPORT,)
    if evidence.stale:
        yield (Reason.STALE,)


def _blank(
    snapshot: Snapshot, cabinet: Mapping[int, Shown], compared: Compared, evidence: Evidence
) -> Iterator[Discrepancy]:
    """Stock that is blank in our table because the token reads no warehouses of the seller's."""
    if not evidence.unread:
        return
    skus = dict(zip(snapshot.nm_ids, snapshot.skus, strict=True))
    for nm_id in sorted(set(compared.blank) & set(evidence.elsewhere)):
        yield Discrepancy(
            nm_id=nm_id,
            sku=skus[nm_id],
            figure=Figure.STOCK,
            ours=None,
            cabinet=cabinet[nm_id].stock,
            reasons=(Reason.SCOPE,),
        )
