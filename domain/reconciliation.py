"""What the seller's own cabinet says otherwise than we do: figure by figure, and why.

A reason stands there only if it accounts for the whole difference; without one a line says so.
"""

from datetime import datetime
from uuid import UUID

from domain.fact import fact
from domain.table.words import Words


@fact
class Discrepancy:
    """One figure of one product. `difference` is ours − cabinet; None: one of them is not known.
    `explained`: the reason has been proven."""

    nm_id: int
    sku: str
    figure: Words
    ours: float | None
    cabinet: float | None
    difference: float | None
    reason: Words
    cure: Words
    explained: bool = True


@fact
class Reconciliation:
    """One check of all products: `equal` of the `compared` figures are so. `id` is its own."""

    id: UUID
    at: datetime
    products: int
    compared: int
    equal: int
    discrepancies: tuple[Discrepancy, ...]

    @property
    def explained(self) -> int:
        """Differing figures whose reason is known."""
        return sum(each.explained for each in self.discrepancies)

    @property
    def unexplained(self) -> int:
        """The others."""
        return len(self.discrepancies) - self.explained
