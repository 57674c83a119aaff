"""What led to a run: a fact, a slot of its schedule, another run, or whoever asked."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias
from uuid import UUID

from markupsafe import Markup, escape

from app.runs import words
from app.runs.listed import timed
from app.runs.read import RunRow
from app.web.console import Visitor
from domain.access import TenantScope
from domain.causation import slot, split
from domain.fact import fact
from domain.ids import id_in


class Told(Protocol):
    """A fact that led to a run, as the audit log says it."""

    @property
    def sentence(self) -> str: ...
    @property
    def position(self) -> int: ...


Cause: TypeAlias = Callable[[TenantScope, UUID, str], Awaitable[Told | None]]
"""(scope, id of a fact, language) → the fact in words; None for one that is not there."""


@fact
class Because:
    """What led to a run, in words; `run` or `told` is it, where it is one of these."""

    words: Markup | str
    run: UUID | None = None
    told: Told | None = None


async def because(cause: Cause, scope: TenantScope, run: RunRow, visitor: Visitor) -> Because:
    """As exactly as it is still known."""
    kind, ident = split(run.causation)
    if kind == "event" and (event_id := id_in(ident)):
        told = await cause(scope, event_id, visitor.language)
        if told is not None:
            return Because(words=told.sentence, told=told)
    if kind == "run" and (run_id := id_in(ident)):
        return Because(words=visitor.say("Another run asked for it."), run=run_id)
    if kind == "schedule" and (at := slot(ident)):
        said = escape(visitor.say("The schedule: its time was"))
        return Because(words=Markup("{} {}").format(said, timed(visitor, at)))
    who = words.source(run.source, visitor.language)
    return Because(words=visitor.say("Asked for by %(who)s.", who=who))
