"""The calls behind a write: how many, how large, what refusals mean, and what a lost answer does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import Invalid, Rejected, Unavailable
from infrastructure.google import chunks, finding
from infrastructure.google.credentials import account
from sandbox.google import Fault
from sandbox.google.model.spans import Span
from sandbox.google.tokens import Principal
from tests.buckets import bucket
from tests.infrastructure.google_drive import MORNING, WB, open_desk, snapshot

A = (101, "Лён и Ко", "Полотенца", "A", 6, 1, 64, 7, 32, 4)
B = (102, "Лён и Ко", "Скатерти", "B", 0, 0, 18, 0, 0, 0)
C = (103, "Хлопок", "Ковры", "C", 3, 0, 10, 1, 5, 1)


def many(n, stock=5):
    """A shop of n products, in the order in which a first write shows them."""
    rows = [(1000 + k, "Б", "П", f"SKU-{k:05}", 0, 0, stock, 1) for k in range(n)]
    return snapshot(*rows, places=(WB,))


def refuse(desk, status, times=9):
    desk.drive.faults.add(Fault(mode="refuse", status=status, match="/v4", times=times))


async def test_checking_a_file_names_it():
    async with open_desk(zone="Asia/Yekaterinburg") as desk:
        file = await desk.sheets.check(desk.file.id)

        assert (file.title, file.locale, file.time_zone) == (
            "Поставки",
            "ru_RU",
            "Asia/Yekaterinburg",
        )


@pytest.mark.parametrize("role", [None, "reader"])
async def test_a_file_that_is_not_shared_is_refused_with_the_address_to_share_it_with(role):
    async with open_desk() as desk:
        desk.file.unshare(desk.sheets.address)
        if role:
            desk.file.share(desk.sheets.address, role)

        with pytest.raises(Rejected) as refused:
            await desk.sheets.check(desk.file.id)

        assert refused.value.cause == "sheet_unshared"
        assert f"откройте её для {desk.sheets.address} (Редактор)" in str(refused.value)


async def test_a_deleted_file_is_refused_with_the_cure():
    async with open_desk() as desk:
        await desk.sync(snapshot(A))
        desk.drive.delete(desk.file.id)

        with pytest.raises(Rejected, match="Таблица удалена или закрыта") as refused:
            await desk.sync(snapshot(A, day=24))

        assert refused.value.cause == "sheet_deleted"


async def test_a_refusal_speaks_the_language_of_the_tab():
    async with open_desk() as desk:
        desk.target = replace(desk.target, language="en")
        desk.file.unshare(desk.sheets.address)

        with pytest.raises(Rejected, match="No access: share it with"):
            await desk.sync(snapshot(A))


async def test_a_full_file_is_refused_and_nothing_is_applied():
    async with open_desk() as desk:
        desk.file.book.sheets[0].height = 9_999_000 // desk.file.book.sheets[0].columns

        with pytest.raises(Rejected, match="Файл упёрся в предел Google") as refused:
            await desk.sync(many(100))

        assert refused.value.cause == "sheet_full"
        assert len(desk.file.book.sheets) == 1


async def test_a_key_that_google_no_longer_accepts_is_named():
    async with open_desk() as desk:
        desk.drive.accounts.closed.add(desk.sheets.address)

        with pytest.raises(Rejected, match="Google не принял ключ") as refused:
            await desk.sync(snapshot(A))

        assert refused.value.cause == "google_credentials"


async def test_an_empty_quota_is_waited_for_and_not_called_again():
    async with open_desk() as desk:
        refuse(desk, 429)

        with pytest.raises(Unavailable) as waits:
            await desk.sync(snapshot(A))
        with pytest.raises(Unavailable):
            await desk.sync(snapshot(A))

        assert waits.value.cause == "google_quota"
        assert waits.value.until > MORNING + timedelta(seconds=1)
        assert desk.drive.calls.count("Read") == 1


async def test_only_the_bucket_that_google_calls_empty_is_closed():
    async with open_desk() as desk:
        quotas = desk.drive.quotas
        quotas.spend("Read", Principal("olga@example.com", "sandbox", frozenset()))
        quotas._spent["Read", "project:sandbox"] = 300

        with pytest.raises(Unavailable):
            await desk.sync(snapshot(A))

        mine = f"google:read:{desk.sheets.address}"
        assert await desk.budget.take(bucket(mine, 60, 1)) == 0
        assert await desk.budget.take(bucket("google:read:project:sandbox", 300, 0.2)) > 0


async def test_reads_survive_a_moment_of_trouble():
    async with open_desk() as desk:
        refuse(desk, 503, times=2)

        written = await desk.sync(snapshot(A))

        assert written.effect.reads == 3
        assert 0.5 < desk.budget.waited < 3


async def test_longer_trouble_ends_the_run_for_now():
    async with open_desk() as desk:
        refuse(desk, 500)

        with pytest.raises(Unavailable) as waits:
            await desk.sync(snapshot(A))

        assert waits.value.cause == "google_unavailable"


async def test_a_write_whose_answer_is_lost_is_looked_for_and_not_repeated():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, C))
        desk.drive.faults.add(Fault(mode="lose", status=500, match=":batchUpdate"))
        desk.calls()

        written = await desk.sync(snapshot(A, B, C))

        assert desk.calls() == (2, 1)
        assert desk.tab.column(3, 2) == [101, 103, 102]
        assert (written.effect.changed, written.state.pending) == (True, None)


async def test_who_may_not_keep_a_write_when_its_turn_has_come_has_sent_nothing():
    """Its run may have become another's while it waited for the quota."""
    async with open_desk() as desk:
        steps = []
        desk.budget.before_write = lambda: steps.append("turn")

        async def keep(*_):
            steps.append("keep")
            raise LookupError

        desk.keep = keep
        with pytest.raises(LookupError):
            await desk.sync(snapshot(A))

        assert steps == ["turn", "keep"]
        assert desk.calls() == (1, 0)


async def test_after_a_crash_and_a_torn_sort_nothing_is_taken_for_granted(monkeypatch):
    monkeypatch.setattr(finding, "SMALL", -1)
    async with open_desk() as desk:
        await desk.sync(snapshot(A, C))
        desk.drive.faults.add(Fault(mode="lose", match=":batchUpdate"))
        desk.drive.faults.add(Fault(mode="refuse", match=":getByDataFilter", times=3, skip=1))
        with pytest.raises(Unavailable):
            await desk.sync(snapshot(A, B, C))
        right = {nm_id: desk.row(nm_id) for nm_id in (101, 102, 103)}
        desk.tab.sort(3, descending=True, span=Span(2, 5, 0, 4))

        await desk.sync(snapshot(A, B, C))

        assert desk.tab.column(3, 2) == [103, 102, 101]
        assert {nm_id: desk.row(nm_id) for nm_id in right} == right


async def test_after_a_crash_the_former_numbers_are_not_believed_to_stand():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, C))
        desk.drive.faults.add(Fault(mode="lose", match=":batchUpdate"))
        desk.drive.faults.add(Fault(mode="refuse", match=":getByDataFilter", times=3, skip=1))
        with pytest.raises(Unavailable):
            await desk.sync(snapshot((*A[:6], 60, 7, 32, 4), C))

        await desk.sync(snapshot(A, C))

        assert desk.row(101)[7] == 96


async def test_a_write_that_never_arrived_is_made_again():
    async with open_desk() as desk:
        await desk.sync(snapshot(A, C))
        desk.drive.faults.add(Fault(mode="refuse", status=503, match=":batchUpdate"))
        desk.calls()

        await desk.sync(snapshot(A, B, C))

        assert desk.calls() == (2, 2)
        assert desk.tab.column(3, 2) == [101, 103, 102]


async def test_a_first_write_whose_answer_is_lost_makes_no_second_tab():
    async with open_desk() as desk:
        desk.drive.faults.add(Fault(mode="lose", status=503, match=":batchUpdate"))

        await desk.sync(snapshot(A, B))

        assert [sheet.title for sheet in desk.file.book.sheets] == ["Stock Tracker", "Лист1"]
        assert desk.tab.column(3, 2) == [101, 102]


async def test_a_long_first_write_is_cut_into_bodies_of_two_million_bytes(monkeypatch):
    monkeypatch.setattr(chunks, "SHORT", 30_000)
    async with open_desk() as desk:
        written = await desk.sync(many(200))

        sent = [call.received for call in desk.drive.calls.made if call.kind == "Write"]
        assert len(sent) == written.effect.writes > 2
        assert max(sent) <= 30_000
        assert desk.tab.column(3, 2) == [*range(1000, 1200)]
        assert desk.row(1199, 12)[4:] == [0, 0, 1, 5, 35, 5, 1, 35]


@pytest.mark.parametrize("small", [50_000, -1])
async def test_a_half_filled_tab_goes_on_where_it_stopped(monkeypatch, small):
    monkeypatch.setattr(chunks, "SHORT", 30_000)
    monkeypatch.setattr(finding, "SMALL", small)
    async with open_desk() as desk:
        desk.drive.faults.add(Fault(mode="refuse", status=403, match=":batchUpdate", skip=1))
        with pytest.raises(Rejected):
            await desk.sync(many(200))
        filled = len(desk.tab.column(3, 2))

        written = await desk.sync(many(200, stock=6))

        assert 0 < filled < 200
        assert desk.tab.column(3, 2) == [*range(1000, 1200)]
        assert {desk.tab.value(row, 7) for row in range(2, 202)} == {6}
        assert desk.tab.sheet.height == 200 + 52
        assert written.notices == ()


async def test_a_key_that_is_no_key_is_refused_in_words():
    with pytest.raises(Invalid, match="нет private_key") as refused:
        account('{"client_email": "a@b.c", "token_uri": "https://x"}')

    assert refused.value.field == "GOOGLE_SERVICE_ACCOUNT_KEY_PATH"


async def test_a_key_may_be_a_file_or_its_text(tmp_path):
    text = '{"client_email": "a@p.iam", "private_key": "k", "token_uri": "https://x"}'
    path = tmp_path / "key.json"
    path.write_text(text)

    assert account(path) == account(text)
    assert account(text, token_uri="http://127.0.0.1/token").key["token_uri"].startswith("http:")
