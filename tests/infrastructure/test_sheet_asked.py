"""A person asks for an update: the tab is looked at even if its numbers are right already."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import Rejected
from sandbox.google.model.rules import Protection
from sandbox.google.model.spans import Span
from tests.infrastructure.google_drive import MORNING, open_desk, snapshot

A = (101, "Лён и Ко", "Полотенца", "A", 6, 1, 64, 7, 32, 4)


async def test_who_asks_has_an_unchanged_tab_looked_at_with_one_read():
    async with open_desk() as desk:
        await desk.sync(snapshot(A))
        desk.target = replace(desk.target, look=True)
        desk.calls()

        written = await desk.sync(replace(snapshot(A), taken_at=MORNING + timedelta(hours=1)))

        assert (written.effect.changed, written.effect.reads, desk.calls()) == (False, 1, (1, 0))
        assert "на 23.11.2026 07:40 (Мск)" in desk.tab.note(0, 0)


async def test_who_asks_gets_back_what_was_damaged_or_deleted():
    async with open_desk() as desk:
        await desk.sync(snapshot(A))
        desk.target = replace(desk.target, look=True)
        desk.tab.edit(2, 7, "1")
        await desk.sync(snapshot(A))
        repaired = desk.row(101)[7]
        desk.tab.delete()

        await desk.sync(snapshot(A))

        assert (repaired, desk.row(101)[7]) == (96, 96)


@pytest.mark.parametrize("fate", ["deleted", "unshared", "protected", "viewer", "unproven"])
async def test_who_asks_hears_that_nothing_could_be_written(fate, monkeypatch):
    async with open_desk() as desk:
        await desk.sync(snapshot(A))
        desk.target = replace(desk.target, look=True)
        if fate == "deleted":
            desk.drive.delete(desk.file.id)
        elif fate == "protected":
            desk.tab.protect(Span(2, 4, 7, 8), "Итоги Ольги")
        else:
            desk.file.unshare(desk.sheets.address)
        if fate == "viewer":  # to whom Google does not say that she can edit a protected range
            monkeypatch.setattr(Protection, "stops", lambda *_: True)
        if fate == "unproven":
            desk.tab.unprotect()
        if fate in ("viewer", "unproven"):
            desk.file.share(desk.sheets.address, "reader")

        with pytest.raises(Rejected) as refused:
            await desk.sync(snapshot(A))

        cause = {"viewer": "unshared", "unproven": "unshared"}.get(fate, fate)
        assert refused.value.cause == f"sheet_{cause}"
