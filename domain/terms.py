"""The terms by which a shop restocks: a setting of hers, or what she types into her own tab.

A part of the shop, so its facts stand in the tenant's stream too. While her sheet has the tab
«Пополнение», its yellow cells decide and the setting follows them: one of two would be wrong.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias
from uuid import UUID

from domain.errors import Invalid, Refused
from domain.fact import fact
from domain.replenishment import BOUNDS, Terms
from domain.table.words import Words

FIELDS = {"lead": "leadDays", "cover": "coverDays", "pack": "pack", "safety": "safetyDays"}
"""What callers call them."""
OUT_OF_BOUNDS = Words(
    ru="Напишите в `{field}` целое число от {least} до {most}.",
    en="Write a whole number from {least} to {most} into `{field}`.",
)


@fact
class ReplenishmentTermsChanged:
    """From now on these hold, all of them. `from_tab`: she typed them into her sheet."""

    shop_id: UUID
    lead: int
    cover: int
    pack: int
    safety: int
    from_tab: bool


@fact
class ChangeTerms:
    """None: as it is."""

    shop_id: UUID
    lead: int | None = None
    cover: int | None = None
    pack: int | None = None
    safety: int | None = None


@fact
class FollowTab:
    """What her tab says."""

    shop_id: UUID
    terms: Terms


Command: TypeAlias = ChangeTerms | FollowTab


class TermsInTab(Refused):
    """The tab “Replenishment” decides. Type them into the yellow cells at its top, A3 to D3: they
    hold here too with the next update."""


def decide(terms: Terms, command: Command, *, in_tab: bool) -> Iterator[ReplenishmentTermsChanged]:
    """`in_tab`: her sheet has the tab. What a run saw in one that is no longer filled counts for
    nothing."""
    from_tab = isinstance(command, FollowTab)
    if in_tab and not from_tab:
        raise TermsInTab
    wished = command.terms if isinstance(command, FollowTab) else _wished(terms, command)
    ensure(wished)
    if wished != terms and in_tab == from_tab:
        yield ReplenishmentTermsChanged(
            shop_id=command.shop_id,
            lead=wished.lead,
            cover=wished.cover,
            pack=wished.pack,
            safety=wished.safety,
            from_tab=from_tab,
        )


def of(event: ReplenishmentTermsChanged) -> Terms:
    return Terms(lead=event.lead, cover=event.cover, pack=event.pack, safety=event.safety)


def ensure(terms: Terms, within: str = "") -> None:
    """Raises Invalid for one that is out of bounds; `within`: what they are part of."""
    for name, (least, most) in BOUNDS.items():
        if not least <= getattr(terms, name) <= most:
            field = within + FIELDS[name]
            said = OUT_OF_BOUNDS.both(field=field, least=least, most=most)
            raise Invalid(str(said), field=field)


def _wished(terms: Terms, command: ChangeTerms) -> Terms:
    told = {name: getattr(command, name) for name in FIELDS}
    return replace(terms, **{name: value for name, value in told.items() if value is not None})
