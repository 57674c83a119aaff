"""What a run did to the sheet: true over all its tries, whatever became of the answers."""

from dataclasses import replace

import pytest

from domain.errors import Rejected, Unavailable
from domain.sheet_port import Effect
from sandbox.google.faults import Fault
from tests.infrastructure.google_drive import DEADLINE, open_desk, snapshot

A = (101, "Сирин", "Шапки", "A-1", 0, 0, 5, 7, 30, 4)
C = (103, "Сирин", "Шарфы", "C-1", 0, 0, 1, 0, 2, 0)
MORE = (*A[:6], 60, 7, 32, 4)


@pytest.fixture
async def desk():
    """Written once, by an earlier run."""
    async with open_desk() as desk:
        await desk.sync(snapshot(A, C))
        desk.effect = Effect()
        yield desk


async def again(desk, wanted):
    """The next try of the run that has done what the desk was told."""
    desk.target = replace(desk.target, before=desk.effect)
    return (await desk.sync(wanted)).effect


@pytest.fixture
async def usual(desk):
    """How many cells differ between the two snapshots."""
    async with open_desk() as other:
        await other.sync(snapshot(A, C))
        return (await other.sync(snapshot(MORE, C))).effect.cells


@pytest.mark.parametrize("mode", ["lose", "cut"])
async def test_cells_whose_answer_was_lost_count_when_the_marker_says_they_arrived(
    desk, usual, mode
):
    desk.drive.faults.add(Fault(mode=mode, match=":batchUpdate"))

    effect = (await desk.sync(snapshot(MORE, C))).effect

    assert (effect.changed, effect.cells, effect.writes) == (True, usual, 1)
    assert effect.sent is None


async def test_cells_that_an_earlier_try_wrote_are_the_runs_own(desk, usual):
    desk.drive.faults.add(Fault(mode="lose", match=":batchUpdate"))
    desk.drive.faults.add(Fault(mode="refuse", match=":getByDataFilter", times=3, skip=1))
    with pytest.raises(Unavailable):
        await desk.sync(snapshot(MORE, C))
    assert desk.effect.sent == (desk.state.pending[0], usual)

    effect = await again(desk, snapshot(MORE, C))

    assert (effect.changed, effect.cells, effect.writes) == (True, usual, 1)


async def test_a_try_that_was_lost_after_the_answer_counts_too(desk, usual):
    written = await desk.sync(snapshot(MORE, C))
    await desk.keep(written.state, written.effect)

    effect = await again(desk, snapshot(MORE, C))

    assert effect == written.effect
    assert effect.cells == usual


async def test_what_another_run_left_unanswered_is_not_this_runs_effect(desk):
    desk.drive.faults.add(Fault(mode="lose", match=":batchUpdate"))
    desk.drive.faults.add(Fault(mode="refuse", match=":getByDataFilter", times=3, skip=1))
    with pytest.raises(Unavailable):
        await desk.sync(snapshot(MORE, C))

    effect = (await desk.sync(snapshot(MORE, C))).effect

    assert (effect.changed, effect.cells, effect.writes) == (False, 0, 0)


async def test_a_batch_that_never_arrived_is_counted_once(desk, usual):
    desk.drive.faults.add(Fault(mode="refuse", status=503, match=":batchUpdate"))

    effect = (await desk.sync(snapshot(MORE, C))).effect

    assert (effect.cells, effect.writes) == (usual, 2)


async def test_a_batch_that_was_refused_did_nothing(desk):
    desk.drive.faults.add(Fault(mode="refuse", status=403, match=":batchUpdate"))
    with pytest.raises(Rejected):
        await desk.sync(snapshot(MORE, C))

    assert (desk.effect.changed, desk.effect.sent, desk.effect.cells) == (False, None, 0)


async def test_a_new_promise_changes_the_header_and_no_cell(desk):
    desk.target = replace(desk.target, deadline=DEADLINE.replace(hour=14))

    effect = (await desk.sync(snapshot(A, C))).effect

    assert (effect.changed, effect.cells, effect.writes) == (True, 0, 1)


async def test_what_it_found_is_told_by_the_run_whichever_of_its_tries_comes_to_an_end(desk):
    desk.tab.sort(3, descending=True)
    found = await desk.sync(snapshot(MORE, C))
    await desk.keep(found.state, found.effect)

    effect = await again(desk, snapshot(MORE, C))

    assert effect.notices == found.notices == ("Строки переставлены вами: порядок принят",)


async def test_what_a_refused_batch_would_have_done_is_not_told(desk):
    desk.tab.delete_rows(2, 1)
    desk.drive.faults.add(Fault(mode="refuse", status=403, match=":batchUpdate"))
    with pytest.raises(Rejected):
        await desk.sync(snapshot(MORE, C))

    assert desk.effect.notices == ()
