"""What moves becomes part of a snapshot, before a sheet shows it: so the same snapshot is for ever
the same sheet, also to who goes on after a killed worker."""

from collections.abc import Mapping

from app.stock.moving import Movement, Movements
from domain.flow import Flow
from domain.replenishment import idle
from domain.snapshot import Gap, Moving, Snapshot

_COLUMNS: Mapping[Flow, tuple[str, ...]] = {Flow.SUPPLIES: ("coming",), Flow.FEED: ("buyout",)}
"""What of the tab «Пополнение» a source leaves blank."""


def moving_of(found: Movements, snapshot: Snapshot) -> Moving:
    """Of the snapshot's products."""
    of = [found.of.get(nm_id) for nm_id in snapshot.nm_ids]
    return Moving(
        on_sale=tuple(each.known.on_sale if each else None for each in of),
        coming=tuple(each.known.coming if each else None for each in of),
        buyout=tuple(map(_buyout, of)),
        idle=tuple(idle(each.known) if each else None for each in of),
        vague=sum(1 for each in of if each and each.settled and each.settled.vague),
        gaps=tuple(
            Gap(source=flow, columns=_COLUMNS[flow], cause=cause)
            for flow, cause in found.causes.items()
        ),
    )


def _buyout(movement: Movement | None) -> int | None:
    return movement.settled.buyout_tenths if movement and movement.settled else None
