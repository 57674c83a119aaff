"""What is kept of a tab between calls, so that who comes after a killed worker can judge it."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from domain.sheet_port import Effect, ListingState, TabState
from infrastructure.google.batch import Batch
from infrastructure.google.believing import Believed
from infrastructure.google.tab import Tab

Keep = Callable[[TabState, Effect], Awaitable[None]]

A_DAY = timedelta(days=1)
UNKNOWN = 0
"""The revision of a tab whose contents we do not know: no marker bears it."""


class Trail:
    """`state` is what is known now; None before the first call of a new tab."""

    def __init__(
        self, state: TabState | None, keep: Keep, snapshot_id: UUID, now: datetime
    ) -> None:
        self.state = state
        self._keep = keep
        self._snapshot_id = snapshot_id
        self._now = now

    @property
    def unchecked(self) -> bool:
        """Has nobody read all of our cells for a day?"""
        return self.state is not None and self._now - self.state.checked_at >= A_DAY

    def found(self, tab: Tab, known: Believed, batch: Batch) -> None:
        """What a look says: the last write stands, a lost answer's did, or nobody knows."""
        rev = tab.marker.rev if tab.marker else UNKNOWN
        state = self.state or self._of(batch, UNKNOWN)
        if state.pending and state.pending[0] == rev and known.enough:
            arrived = state.pending[1]
            state = replace(state, rev=rev, snapshot_id=arrived, order=known.order or ())
            state = replace(state, layout=state.coming or state.layout)
        elif rev != state.rev or state.sheet_id != tab.sheet_id:
            state = replace(state, rev=UNKNOWN)
        self.state = replace(state, sheet_id=tab.sheet_id, pending=None, coming="")

    def starts(self, batch: Batch) -> None:
        """A new tab, which holds nothing yet."""
        self.state = replace(self._of(batch, UNKNOWN), order=())

    async def sends(self, batch: Batch, rev: int, effect: Effect) -> None:
        """Before a call."""
        state = self.state or self._of(batch, UNKNOWN)
        pending, coming = (rev, self._snapshot_id), str(batch.layout)
        self.state = replace(state, pending=pending, coming=coming)
        await self._keep(self.state, effect)

    async def refused(self, effect: Effect) -> None:
        """After a call that did nothing, in so many words."""
        if self.state:
            await self._keep(self.state, effect)

    def answered(
        self, batch: Batch, rev: int, listings: Iterable[ListingState], *, checked: bool
    ) -> TabState:
        """After it: this is what the tabs hold now."""
        new = replace(self._of(batch, rev), listings=tuple(listings))
        if self.state and not checked:
            new = replace(new, checked_at=self.state.checked_at)
        if self.state and self.state.snapshot_id == new.snapshot_id and batch.layout.banner:
            new = replace(new, written_at=self.state.written_at)  # no number is newer
        self.state = new
        return new

    def _of(self, batch: Batch, rev: int) -> TabState:
        return TabState(
            sheet_id=batch.sheet_id,
            rev=rev,
            snapshot_id=self._snapshot_id,
            order=batch.order,
            layout=str(batch.layout),
            written_at=self._now,
            checked_at=self._now,
            listings=self.state.listings if self.state else (),
        )
