"""Facts become bytes and come back, also those that an older version stored."""

from datetime import datetime, timedelta, timezone
from types import UnionType
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.wiring.facts import CODEC, FACTS
from domain.events import Unread
from domain.fact import fact
from domain.schedule import Cron, ReadyBy, Schedule
from infrastructure.postgres.codec import Codec, Upcaster

KINDS = {
    name: kind
    for kind, events in FACTS
    for name, event in CODEC.types.items()
    if name.startswith(f"{kind}.") and event in (get_args(events) or (events,))
}
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda n: timezone(timedelta(minutes=n)))


@fact
class Moved:
    """In its first version it had `place`, in its second `city`."""

    city: str
    street: str | None
    floors: int


UPCASTERS = (
    Upcaster(name="house.moved", version=2, up=lambda told: told | {"floors": 1}),
    Upcaster(
        name="house.moved",
        version=1,
        up=lambda told: {"city": told["place"], "street": told.get("street")},
    ),
)


def of(kind):
    """Every value that a field of this type can have."""
    if isinstance(kind, UnionType):
        return st.one_of([of(each) for each in get_args(kind)])
    if kind is datetime:
        return st.datetimes(datetime(1970, 1, 2), datetime(9999, 1, 1), timezones=OFFSETS)  # noqa: DTZ001 - Hypothesis adds the zone
    if kind is Schedule:
        forms = ({"ready_by": of(ReadyBy)}, {"cron": of(Cron)})
        return st.one_of([st.builds(Schedule, **form) for form in forms])
    return st.from_type(kind)


def facts_of(event):
    return st.builds(event, **{n: of(f.type) for n, f in event.__dataclass_fields__.items()})


@pytest.mark.parametrize("name", sorted(CODEC.types))
@settings(deadline=None, max_examples=10)
@given(data=st.data())
def test_every_fact_comes_back_as_it_went(name, data):
    event = data.draw(facts_of(CODEC.types[name]))

    stored, version, payload = CODEC.encode(KINDS[name], event)

    assert stored == name
    assert version == CODEC.version(name)
    assert CODEC.decode(name, version, payload) == event


@pytest.fixture(scope="module")
def codec():
    return Codec([("house", Moved)], UPCASTERS)


@settings(deadline=None)
@given(place=st.text(), street=st.none() | st.text())
def test_a_fact_of_any_older_version_is_read_in_todays_shape(codec, place, street):
    old = Codec([("house", Moved)])._encoder
    first, second = {"place": place, "street": street}, {"city": place, "street": street}

    expected = Moved(city=place, street=street, floors=1)
    assert codec.decode("house.moved", 1, old.encode(first)) == expected
    assert codec.decode("house.moved", 2, old.encode(second)) == expected


def test_what_is_written_carries_todays_version(codec):
    name, version, payload = codec.encode("house", Moved(city="Тула", street=None, floors=2))

    assert (name, version) == ("house.moved", 3)
    assert codec.decode(name, version, payload) == Moved(city="Тула", street=None, floors=2)


@pytest.mark.parametrize(
    "upcasters",
    [
        [Upcaster(name="house.moved", version=2, up=dict)],
        [Upcaster(name="house.moved", version=n, up=dict) for n in (1, 3)],
        [Upcaster(name="house.moved", version=1, up=dict)] * 2,
        [Upcaster(name="house.moved", version=0, up=dict)],
        [Upcaster(name="house.sold", version=1, up=dict)],
    ],
    ids=["no beginning", "a hole", "twice", "before the first", "no such fact"],
)
def test_a_chain_that_leads_nowhere_is_refused_at_the_start(upcasters):
    with pytest.raises(ValueError, match=r"No way leads from house\.\w+ version \d"):
        Codec([("house", Moved)], upcasters)


@pytest.mark.parametrize(("name", "version"), [("house.painted", 1), ("house.moved", 4)])
def test_what_only_a_newer_version_knows_is_handed_on_unread(codec, name, version):
    assert codec.decode(name, version, b'{"x": 1}') == Unread(
        schema_version=version, payload=b'{"x": 1}'
    )


def test_an_unread_fact_is_not_stored_again(codec):
    with pytest.raises(KeyError):
        codec.encode("house", Unread(schema_version=4, payload=b"{}"))
