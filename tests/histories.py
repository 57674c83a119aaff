"""Histories that could have happened: random commands over a few ids, decided one after another.

`choose` picks one of several: `random.Random(n).choice`, or a draw of Hypothesis that shrinks.
"""

import collections.abc
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from datetime import UTC, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin
from uuid import UUID

from domain import fleet, shop, subscription, tenant, user
from domain.doubt import Seen
from domain.errors import Refused
from domain.levels import Fell
from domain.limits import Allowed
from domain.notices import Notice
from domain.plan import LIMITS, Kept, Plan
from domain.replenishment import USUAL, Terms
from domain.schedule import EVERY_MORNING, CatchUp, Overlap, Schedule, by_cron, ready_by
from domain.token_term import DAYS

Choose = Callable[[Sequence[Any]], Any]

IDS = tuple(UUID(int=n) for n in range(1, 4))
TEXTS = ("1", "2", "Я 𝄞")
TEXTS_OF = {
    "marketplace": ("wildberries",),
    "kind": ("sync", "bulk", "1"),
    "kinds": tuple(Notice),
}
SCHEDULES = (
    EVERY_MORNING,
    ready_by("23:05", "America/New_York", (1, 3, 7)),
    by_cron("30 * * * *", "UTC"),
    replace(by_cron("0 7 * * *", "Europe/Moscow"), catch_up=CatchUp.SKIP, overlap=Overlap.RERUN),
)
KEPT = (Kept(products=500_000, interval=15), Kept(products=1, interval=360))
ALLOWED = tuple(Allowed(plan=each, limits=LIMITS[each]) for each in (Plan.FREE, Plan.PRO))
SEEN = (Seen(was=1200, now=40, lost=37), Seen(was=1200, now=45, lost=37))
TIMES = (datetime(2027, 4, 30, 22, tzinfo=UTC), datetime(2027, 5, 1, tzinfo=UTC))
TIMES_OF = {
    "expires_at": (datetime(2027, 5, 1, tzinfo=UTC), datetime(2027, 5, 11, tzinfo=UTC)),
    "good_at": (datetime(2027, 4, 30, tzinfo=UTC),),
}

# Nobody can be invited yet: who joins is put in as the fact that an invitation will end in.
ASKED = {
    "tenant": (*get_args(tenant.Command), tenant.MemberJoined),
    "user": get_args(user.Command),
    "subscription": get_args(subscription.Command),
    "fleet": get_args(fleet.Command),
}
FIRST = {
    "tenant": tenant.Register,
    "user": user.Register,
    "subscription": subscription.Start,
    "fleet": fleet.AppointStaff,
}


def happened(decider, choose: Choose, tries: int, history: Sequence[Any] = ()) -> Iterator[Any]:
    """What came of so many commands after this history; what was refused left nothing behind."""
    state = decider.replay(history)
    for n in range(tries):
        kinds = ASKED[decider.kind] if n or history else (FIRST[decider.kind],)
        command = made(choose, choose(kinds))
        with suppress(Refused):
            for event in answered(decider, state, command):
                state = decider.evolve(state, event)
                yield event


def answered(decider, state, command) -> Sequence[Any]:
    match command:
        case tenant.MemberJoined(user_id=person):
            return [command] if state.exists and person not in state.members else []
        case shop.ConnectShop(shop_id=shop_id) if shop_id in getattr(state, "shops", ()):
            return []  # whoever connects a shop makes a new id for it
        case subscription.Observe():  # begun from what is known
            known = {"customer": state.customer, "basis": state.claims.standing}
            return list(decider.decide(state, replace(command, **known)))
    return list(decider.decide(state, command))


def made(choose: Choose, kind: type) -> Any:
    """A command or fact with every field chosen."""
    return kind(**{each.name: _value(choose, each.name, each.type) for each in fields(kind)})


def _value(choose: Choose, name: str, kind: Any) -> Any:
    if isinstance(kind, UnionType):
        return _value(choose, name, choose(get_args(kind)))
    if get_origin(kind) in (tuple, collections.abc.Sequence):
        return (_value(choose, name, get_args(kind)[0]),) * choose((0, 1))
    if get_origin(kind) is collections.abc.Mapping:
        key, value = (_value(choose, name, each) for each in get_args(kind))
        return choose(({}, {key: value}))
    if issubclass(kind, Enum):
        return choose(tuple(kind))
    pools = {
        UUID: IDS,
        str: TEXTS_OF.get(name, TEXTS),
        Fell: (Fell(), Fell(low=1, low_products=(11,)), Fell(out=30, out_products=(12, 13))),
        datetime: TIMES_OF.get(name, TIMES),
        int: DAYS if name == "days" else (0, 1, 7, 500_000),
        NoneType: (None,),
        bool: (False, True),
        Schedule: SCHEDULES,
        Kept: KEPT,
        Seen: SEEN,
        Allowed: ALLOWED,
        Terms: (USUAL, Terms(lead=30, pack=6)),
    }
    return choose(pools[kind]) if kind in pools else made(choose, kind)
