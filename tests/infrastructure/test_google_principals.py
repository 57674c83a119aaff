"""Each kind of principal at Google: how it is let in, whose budget it spends, what refusals mean."""

import json
from dataclasses import replace
from datetime import UTC, timedelta
from uuid import uuid4

import pytest

from domain.errors import Invalid, Rejected
from domain.principals import chosen
from domain.secrecy import Secret
from infrastructure.google.principal import FILES
from tests.infrastructure.google_accounts import OLGA, VERIFIER, open_google, robots
from tests.infrastructure.google_drive import MORNING

FIRST, SECOND, HERS = (each.email for each in robots())


@pytest.fixture
async def google():
    async with open_google() as google:
        yield google


def given(google, **changes):
    """A key, with some fields of another value; None: left out."""
    whole = {**google.key(), **changes}
    return Secret(json.dumps({name: value for name, value in whole.items() if value is not None}))


async def refused(of, cause):
    with pytest.raises(Rejected) as no:
        await of
    assert no.value.cause == cause
    return str(no.value)


# The pool


async def test_each_of_the_pool_opens_what_is_shared_with_it_and_nothing_else(google):
    file = google.file(FIRST)

    assert (await google.principals.robot(FIRST).check(file.id)).title == "Остатки"
    said = await refused(google.principals.robot(SECOND).check(file.id), "sheet_unshared")
    assert SECOND in said


async def test_who_stands_in_for_one_that_left_the_pool_says_so(google):
    file = google.file("gone@ours.iam.gserviceaccount.com")

    there = google.principals.robot(SECOND, instead=True)

    said = await refused(there.check(file.id), "robot_gone")
    assert f"share it with {SECOND} (Editor)" in said


async def test_a_company_is_given_the_same_one_by_every_process_and_many_are_spread():
    companies = [uuid4() for _ in range(200)]

    given = [chosen(each, (FIRST, SECOND)) for each in companies]

    assert given == [chosen(each, (SECOND, FIRST)) for each in companies]
    assert 50 < given.count(FIRST) < 150


async def test_without_a_pool_the_sheet_says_what_is_missing():
    async with open_google(pool=()) as google:
        said = await refused(google.principals.robot("").check("f"), "google_credentials")

        assert "GOOGLE_SERVICE_ACCOUNT" in said
        assert google.principals.robots == ()


# Budgets


def spent(budget):
    return {key for key in budget._buckets if key.startswith("google:")}


async def test_each_principal_spends_buckets_of_its_own_and_its_projects(google):
    file = google.file(FIRST, HERS)
    address, key = google.principals.read(given(google))
    await google.principals.robot(FIRST).check(file.id)
    await google.principals.by_key(uuid4(), key).check(file.id)

    assert address == HERS
    assert spent(google.budget) == {
        *(f"google:{kind}:{who}" for kind in ("read", "write") for who in (FIRST, HERS)),
        *(
            f"google:{kind}:project:{of}"
            for kind in ("read", "write")
            for of in ("ours", "project")
        ),
    }


async def test_what_a_principal_spends_is_known_without_its_key(google):
    address, key = google.principals.read(given(google))
    hers, consent_id, file = await google.consent(), uuid4(), google.file(FIRST, HERS)
    asked = [
        (FIRST, google.principals.robot(FIRST).check(file.id)),
        (address, google.principals.by_key(uuid4(), key).check(file.id)),
        (consent_id, google.principals.by_consent(consent_id, hers).make("Stock Tracker")),
    ]

    for writer, call in asked:
        google.budget._buckets.clear()
        await call
        assert spent(google.budget) <= {each.key for each in google.principals.spends(writer)}
        assert len(google.principals.spends(writer)) == 4


async def test_one_principal_without_quota_does_not_hold_up_another(google):
    file = google.file(FIRST, SECOND)
    await google.budget.learn(f"google:read:{FIRST}", remaining=0, retry_after=30)

    await google.principals.robot(SECOND).check(file.id)

    assert google.budget.waited == 0


async def test_the_operator_sees_the_buckets_of_the_pool_and_each_projects_once(google):
    assert sorted((each.what, each.of) for each in google.principals.allowances) == [
        ("project_reads", "ours"),
        ("project_writes", "ours"),
        *(("reads", each) for each in (FIRST, SECOND)),
        *(("writes", each) for each in (FIRST, SECOND)),
    ]


# Her own key


async def test_her_own_account_opens_what_she_shared_with_it(google):
    file = google.file(HERS)
    address, key = google.principals.read(given(google))

    sheet = google.principals.by_key(uuid4(), key)

    assert sheet.address == address == HERS
    assert (await sheet.check(file.id)).spreadsheet_id == file.id


async def test_nothing_is_kept_of_a_key_but_what_is_needed(google):
    _, kept = google.principals.read(given(google, comment="нужен бухгалтеру"))

    assert json.loads(kept.reveal()).keys() == {
        "type",
        "private_key",
        "client_email",
        "token_uri",
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"type": "authorized_user"}, "type: "),
        ({"type": None}, "type: "),
        ({"client_email": None}, "client_email: "),
        ({"client_email": "anna@example.com"}, "client_email: "),
        ({"client_email": ["a"]}, "client_email: "),
        ({"private_key": "-----BEGIN PRIVATE KEY-----\nAAAA\n"}, "private_key: "),
        ({"private_key": "x" * 5_000}, "private_key: "),
        ({"private_key": None}, "private_key: "),
        ({"token_uri": "http://169.254.169.254/token"}, "token_uri: "),
        ({"token_uri": "https://oauth2.googleapis.com.evil.example/token"}, "token_uri: "),
        ({"token_uri": None}, "token_uri: "),
        ({"universe_domain": "evil.example"}, "universe_domain: "),
    ],
)
async def test_what_is_wrong_with_a_key_is_named_by_its_field(google, changes, said):
    with pytest.raises(Invalid) as no:
        google.principals.read(given(google, **changes))

    assert no.value.field == "key"
    assert said in str(no.value)
    assert google.drive.calls.made == []


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "5", '"{}"', "{" * 5_000, "[" * 8_000])
async def test_what_is_no_key_at_all_is_refused_in_words(google, text):
    with pytest.raises(Invalid, match="not the JSON key of a service account"):
        google.principals.read(Secret(text))


async def test_all_that_is_wrong_is_said_at_once_and_nothing_of_the_key(google):
    with pytest.raises(Invalid) as no:
        google.principals.read(given(google, type="x", token_uri="https://canary.example"))

    assert "type: " in str(no.value)
    assert "token_uri: " in str(no.value)
    assert "canary" not in str(no.value)
    assert "PRIVATE" not in str(no.value)


async def test_a_key_that_google_no_longer_takes_is_for_her_to_replace(google):
    _, key = google.principals.read(given(google))
    google.drive.accounts.closed.add(HERS)

    sheet = google.principals.by_key(uuid4(), key)

    said = await refused(sheet.reach(), "own_key_refused")
    assert HERS in said


async def test_a_key_that_writes_nothing_for_an_hour_leaves_the_memory(google, monkeypatch):
    (_, key), begun = google.principals.read(given(google)), MORNING.astimezone(UTC)
    means, kept = google.principals._means, []
    for minutes, use in ((0, uuid4()), (59, still := uuid4()), (61, None)):
        now = begun + timedelta(minutes=minutes)
        monkeypatch.setattr(google.principals, "_means", replace(means, clock=lambda now=now: now))
        google.principals.by_key(use, key) if use else google.principals.robot(FIRST)
        kept.append(list(google.principals._own))

    assert (len(kept[1]), kept[2]) == (2, [still])


async def test_a_key_is_never_printed(google):
    _, key = google.principals.read(given(google))

    assert "PRIVATE" not in repr((key, google.principals, google.principals.by_key(uuid4(), key)))


# She herself


async def test_a_sheet_is_made_in_her_drive_and_written_in_her_name(google):
    sheet = await google.herself()

    made = await sheet.make("Stock Tracker · Кот")

    file = google.drive.files[made.spreadsheet_id]
    assert (file.owner, file.book.title) == (OLGA, "Stock Tracker · Кот")
    assert (made.locale, made.time_zone) == ("ru_RU", "Europe/Moscow")
    assert (await sheet.check(made.spreadsheet_id)).title == made.title


async def test_her_consent_opens_no_file_that_the_product_did_not_make(google):
    sheet, other = await google.herself(), google.file()

    await refused(sheet.check(other.id), "own_sheet_gone")


async def test_a_consent_that_she_took_back_is_for_her_to_give_again(google):
    sheet = await google.herself()
    made = await sheet.make("Stock Tracker")
    google.withdraw()

    said = await refused(sheet.check(made.spreadsheet_id), "consent_revoked")
    assert "sign in with Google again" in said


async def test_an_hour_later_her_token_is_renewed(google):
    sheet = await google.herself()
    made = await sheet.make("Stock Tracker")
    google.drive.tokens.secret = "x" * 64  # what was given out is worth nothing any more

    assert (await sheet.check(made.spreadsheet_id)).title == "Stock Tracker"


async def test_a_consent_lasts_over_a_new_one_for_files_that_were_made_before(google):
    made = await (await google.herself()).make("Stock Tracker")
    google.withdraw()

    assert (await (await google.herself()).check(made.spreadsheet_id)).title == "Stock Tracker"


async def test_who_says_no_comes_back_without_a_code(google):
    assert await google.answer("mine", act="deny") == {"error": "access_denied", "state": "mine"}


async def test_a_code_is_worth_nothing_with_another_verifier_or_a_second_time(google):
    sign_in = google.principals.sign_in
    stolen, used = [Secret((await google.answer())["code"]) for _ in range(2)]
    await sign_in.consent(used, VERIFIER)

    await refused(sign_in.consent(stolen, "w" * 43), "consent_not_given")
    await refused(sign_in.consent(used, VERIFIER), "consent_not_given")


async def test_who_lets_us_make_no_files_is_told_to_leave_the_box_ticked(google):
    code = Secret((await google.answer(asked=f"openid {FILES}", scope="openid"))["code"])

    await refused(google.principals.sign_in.consent(code, VERIFIER), "consent_without_files")


async def test_a_product_that_google_does_not_know_is_the_operators_to_mend(google):
    consent = await google.consent()
    google.drive.accounts.clients.clear()

    sheet = google.principals.by_consent(uuid4(), consent)

    said = await refused(sheet.check("f"), "google_client_refused")
    assert "GOOGLE_OAUTH_CLIENT_ID" in said
