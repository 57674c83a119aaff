"""Whatever people ask in whatever order, the history that comes of it can always be read again."""

import random
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import subscription, tenant, user
from tests.histories import happened

DECIDERS = (tenant.decider, user.decider, subscription.decider)
EVENTS = {
    "tenant": set(get_args(tenant.Event)),
    "user": set(get_args(user.Event)),
    "subscription": {*get_args(subscription.Event)},
}


def choosing(data):
    return lambda some: data.draw(st.sampled_from(some))


@pytest.mark.parametrize("decider", DECIDERS, ids=lambda decider: decider.kind)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_any_reachable_history_replays_to_a_state_that_can_be_kept(decider, data):
    history = list(happened(decider, choosing(data), data.draw(st.integers(1, 40))))

    state = decider.initial
    for event in history:
        state = decider.evolve(state, event)
        kept = msgspec.json.encode(state)
        assert msgspec.json.decode(kept, type=type(decider.initial)) == state
    assert decider.replay(history) == state


@pytest.mark.parametrize("decider", DECIDERS, ids=lambda decider: decider.kind)
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_a_history_goes_on_from_a_kept_state_as_from_its_start(decider, data):
    choose = choosing(data)
    history = list(happened(decider, choose, data.draw(st.integers(1, 25))))
    half = data.draw(st.integers(0, len(history)))

    begun = msgspec.json.encode(decider.replay(history[:half]))
    state = msgspec.json.decode(begun, type=type(decider.initial))
    for event in history[half:]:
        state = decider.evolve(state, event)

    assert state == decider.replay(history)


@pytest.mark.parametrize("decider", DECIDERS, ids=lambda decider: decider.kind)
def test_random_commands_reach_every_kind_of_fact(decider):
    choose = random.Random(9).choice  # noqa: S311 - to be the same each time
    seen = {type(each) for _ in range(30) for each in happened(decider, choose, 400)}

    assert seen == EVENTS[decider.kind]
