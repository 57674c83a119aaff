"""Her sheet through ten thousand steps: sorted, typed over and taken apart, with a marketplace that
changes, neighbours that fail and workers that are killed in any await."""

import pytest

from infrastructure.google import finding
from tests.chaos.sheet_storm import Storm
from tests.chaos.sheet_world import KINDS, open_world
from tests.databases import of_its_own

STEPS = 3_000
STORMS = [*((kind, seed, True) for seed, kind in enumerate(KINDS, 1)), ("personal", 4, False)]
"""Token, seed, and whether all of our cells are looked at, as in a small tab, or only the keys."""


@pytest.mark.parametrize(("kind", "seed", "small"), STORMS)
async def test_our_cells_are_right_and_hers_untouched_whatever_happens(  # noqa: PLR0913, PLR0917 - fixtures
    postgres_url, kind, seed, small, limit, capsys, monkeypatch
):
    if not small:
        monkeypatch.setattr(finding, "SMALL", -1)
    async with of_its_own(postgres_url) as url, open_world(url, seed, kind) as world:
        storm = Storm(world, seed, plain=not small)
        await storm.blow(STEPS, over=limit.over)

    with capsys.disabled():
        killed = f"killed in {len(set(world.crashed))} places"
        print(f"\n{kind}: {storm.steps} steps, {killed}, {dict(storm.counts)}")  # noqa: T201
    assert not limit.whole or (storm.steps == STEPS and storm.counts["compared"] > STEPS / 40)
