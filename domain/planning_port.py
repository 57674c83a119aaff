"""What the domain needs to be told of a marketplace to plan a read, in its own words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.capability import Capability, Known
from domain.planner import Extent, Holder, Need


class Planning(Protocol):
    """What there is to read, and what that asks; nothing is asked."""

    def capabilities(self, holder: Holder, known: Known) -> Sequence[Capability]:
        """How each reading stands for such a token."""

    def needs(
        self, holder: Holder, known: Known, extent: Extent, at: datetime, *, beside: bool = False
    ) -> Sequence[Need]:
        """What a sync that begins then reads; `beside`: the run that reads what moves."""
