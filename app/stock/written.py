"""What a sync did to the sheet, as the run tells it: kept before each write, for a worker may be
lost and a run cancelled between a write and its answer."""

from collections.abc import Mapping
from typing import Any

import msgspec

from domain.ports import Memory
from domain.run import EFFECT
from domain.sheet_port import Effect


async def keep(memory: Memory, effect: Effect) -> None:
    """For the run's next try, and for how it is told if it does not come to its end."""
    await memory.keep(EFFECT, msgspec.json.encode(result(effect)))


async def recalled(memory: Memory) -> Effect:
    """What the run's earlier tries did."""
    kept = await memory.recall(EFFECT)
    if kept is None:
        return Effect()
    told = msgspec.json.decode(kept)
    sent = told.get("unanswered")
    return Effect(
        changed=told["changed"],
        cells=told["cells"],
        reads=told["googleReads"],
        writes=told["googleWrites"],
        sent=(sent["batch"], sent["cells"]) if sent else None,
        notices=tuple(told.get("notices", ())),
    )


def result(effect: Effect) -> Mapping[str, Any]:
    """As a run's result. `unanswered`: what was sent, and may have arrived."""
    told: dict[str, Any] = {
        "changed": effect.changed,
        "cells": effect.cells,
        "googleReads": effect.reads,
        "googleWrites": effect.writes,
        **({"notices": list(effect.notices)} if effect.notices else {}),
    }
    if effect.sent is None:
        return told
    batch, cells = effect.sent
    return {**told, "unanswered": {"batch": batch, "cells": cells}}
