"""The audit log as a page: sentences, what they changed, what led to them, and the way to a file."""

import csv
import io
import json
import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest

from app.audit.page_words import HEALTH
from app.audit.taking import BURST
from domain.events import Origin
from tests.app.console_stock import Shop
from tests.app.graphql_audit_world import statements

SENTENCE = re.compile(r"<p>([^<]+)\.</p>\s*(?:<p>.*?</p>)?\s*<details id=\"e\d+\">", re.DOTALL)
NEXT = re.compile(r'href="([^"]+)" rel="next"')
AGENT = "Firefox/140"


def sentences(page):
    return [unescape(each) for each in SENTENCE.findall(page.text)]


def words(page):
    return " ".join(page.text.split())


@pytest.fixture
async def anna(console):
    return await console.anna(**{"user-agent": AGENT})


@pytest.fixture
async def shop(console, anna):
    return await Shop.connected(console, anna)


async def change_hours(anna, shop, hours):
    token, wish = await anna.token(), {"days": "*", "zone": "Europe/Moscow"}
    for hour in hours:
        await anna.send("/start/schedule", csrf=token, shop=shop.id, hour=hour, **wish)


async def test_every_change_is_a_sentence_the_newest_on_top(anna, shop):
    page = await anna.open("/audit")

    assert sentences(page)[-3:] == [
        "Анна Котова started the Free plan",
        "Анна Котова joined the company as owner",
        "Анна Котова registered the company",
    ]
    assert sentences(page)[0].startswith("Анна Котова connected the sheet")
    assert "Today, <time" in page.text
    assert "6 of 6" in words(page)
    assert '<time datetime="2026-11-23T07:40:00+03:00">07:40</time>' in page.text


async def test_it_speaks_her_language(console):
    anna = await console.anna(language="ru")

    page = await anna.open("/audit")

    assert sentences(page)[0] == "Анна Котова: начат тариф «Бесплатный»"
    assert "Каждое изменение по порядку" in page.text


async def test_a_change_shows_what_was_before_and_what_led_to_it_and_where_from(anna, shop):
    await change_hours(anna, shop, [9])

    page = await anna.open("/audit?action=tenant.schedule_set")
    entry = words(page).partition("<li>")[2].partition("</li>")[0]

    assert "<dt>Schedule</dt>" in entry
    assert "Ready by 08:00 every day, Moscow</span>" in entry
    assert "</span>Ready by 09:00 every day, Moscow</dd>" in entry
    assert "Анна Котова sent a request" in entry
    assert f'<br><span class="soft">{AGENT}</span>' in page.text


async def test_the_address_of_a_request_is_for_owners_and_admins(console, anna, shop):
    await change_hours(anna, shop, [9])
    owner = await anna.open("/audit")
    await console.change_role(anna, "viewer")
    viewer = await anna.open("/audit")

    ip = anna.http.headers["x-forwarded-for"]
    assert (ip in owner.text, AGENT in owner.text) == (True, True)
    assert (ip in viewer.text, AGENT in viewer.text) == (False, False)
    assert sentences(viewer) == sentences(owner)


async def test_what_a_machine_did_says_why_and_leads_to_its_run(console, anna, shop):
    run = await shop.ran(console.clock() - timedelta(hours=1), "failed")
    origin = Origin(source="run", actor=None, correlation=uuid4(), causation=f"run:{run}")
    await shop.report_broken("token_dead", origin)

    page = await anna.open(f"/audit?action={','.join(HEALTH)}")

    assert sentences(page) == [
        "Stock Tracker can no longer sync the shop “Рыжий кот”: its token no longer works"
    ]
    assert "Because: The sync of the shop “Рыжий кот”." in page.text
    assert f'href="/runs/{run}"' in page.text
    assert 'aria-current="page">Health of shops</a>' in page.text


NARROWED = [
    ("action=subscription.*", 1),
    ("target=рыжий", 5),
    ("target=zzzzzzz", 0),
    ("source=staff", 0),
    ("source=user&since=2026-11-23&until=2026-11-23", 6),
    ("until=2026-11-22", 0),
    ("since=2026-11-24", 0),
]


async def test_the_log_is_narrowed_by_what_is_chosen_and_the_choice_is_kept(anna, shop):
    for asked, count in NARROWED:
        page = await anna.open(f"/audit?{asked}")

        assert len(sentences(page)) == count, asked
        assert ("Nothing matches" in page.text) == (count == 0)
        assert f'value="{asked.partition("=")[2].partition("&")[0]}"' in page.text


async def test_one_request_and_one_person_have_pages_of_their_own(console, anna, shop):
    page = await anna.open("/audit")
    of_request, of_person = re.findall(r'href="(/audit\?(?:correlation|actor)=[^"]+)"', page.text)[
        :2
    ]

    assert len(sentences(await anna.open(of_request))) == 1
    assert len(sentences(await anna.open(of_person))) == 6
    assert '<option value="' in (await anna.open(of_person)).text


WRONG = [
    ("actor=x", "There is no such person in the log."),
    ("action=no.such", "There is no such action."),
    ("action=%27", "There is no such action."),
    ("source=x", "There is no such door."),
    ("order=x", "Choose the newest or the oldest first."),
    ("since=yesterday", "Write a day such as 2026-11-23."),
    ("until=9999-12-31", "Write a day such as 2026-11-23."),
    ("since=2026-11-24&until=2026-11-23", "The last day must not be before the first one."),
    ("correlation=x", "This is not the id of a request"),
    (f"target={'x' * 300}", "Search for at most 200 letters and figures."),
]


async def test_what_cannot_be_is_told_beside_its_field(anna):
    for asked, said in WRONG:
        page = await anna.open(f"/audit?{asked}")

        assert (page.status_code, asked) == (422, asked)
        assert said in page.text
        assert 'aria-invalid="true"' in page.text


async def test_a_page_that_there_is_not_is_refused_in_words(anna):
    page = await anna.open("/audit?after=nonsense")

    assert page.status_code == 422
    assert "There is no such page of this list." in page.text


async def test_pages_go_on_in_both_orders_without_missing_or_repeating_one(anna, shop):
    await change_hours(anna, shop, [*range(1, 16), *range(1, 12)])
    for order in ("", "?order=oldest"):
        found, path = [], f"/audit{order}"
        while path:
            page = await anna.open(path)
            found += re.findall(r'<details id="(e\d+)">', page.text)
            path = (NEXT.findall(unescape(page.text)) or [""])[0]

        positions = [int(each[1:]) for each in found]
        assert len(found) == len(set(found)) == 32
        assert positions == sorted(positions, reverse=not order)


async def test_an_owner_takes_the_log_along_and_the_log_says_so(anna, shop):
    taken = await anna.press("/audit/take", format="jsonl", source="")
    page = await anna.open("/audit")
    lines = [json.loads(line) for line in taken.text.splitlines()]

    assert taken.status_code == 200
    assert taken.headers["content-disposition"].startswith('attachment; filename="audit-')
    assert taken.headers["content-type"] == "application/jsonl; charset=utf-8"
    assert [each["line"] for each in lines] == ["header", "seal", *7 * ["fact"], "trailer"]
    assert sentences(page)[0] == (
        "Анна Котова exported the audit log (jsonl), from the beginning to the end"
    )
    assert "Sealed up to 7 facts." in page.text


async def test_a_file_holds_what_the_page_shows_in_her_language(console):
    anna = await console.anna(language="ru")
    wish = {"action": "subscription.*", "since": "2026-11-23", "until": "2026-11-23"}

    taken = await anna.press("/audit/take", format="csv", **wish)
    rows = list(csv.reader(io.StringIO(taken.text)))

    assert 'filename="audit-extract-' in taken.headers["content-disposition"]
    assert [row[4] for row in rows[1:2]] == ["Анна Котова: начат тариф «Бесплатный»"]
    assert rows[-1][4].startswith("Это выборка")


@pytest.mark.parametrize("role", ["member", "viewer"])
async def test_only_owners_and_admins_are_offered_the_file_and_given_it(console, anna, role):
    token = await anna.token()
    await console.change_role(anna, role)

    page = await anna.open("/audit")
    refused = await anna.send("/audit/take", csrf=token, format="csv")

    assert "/audit/take" not in page.text
    assert refused.status_code == 403


async def test_a_file_is_counted_as_one_by_the_api_is(anna):
    token = await anna.token()
    for _ in range(BURST):
        await anna.send("/audit/take", csrf=token, format="csv")

    answer = await anna.send("/audit/take", csrf=token, format="csv")

    assert answer.status_code == 429
    assert "Too many attempts." in answer.text


async def test_a_file_is_never_made_for_another_site(anna):
    answer = await anna.send("/audit/take", headers={"sec-fetch-site": "cross-site"}, format="csv")

    assert answer.status_code == 403


async def test_staff_reads_another_companys_log_and_its_people_see_that(anna, shop, vera):
    company = shop.key[0]

    page = await vera.open(f"/audit?tenant={company}")
    taken = await vera.press("/audit/take", format="csv", tenant=company)
    seen = await anna.open("/audit")

    assert "<h1>Audit: Рыжий кот</h1>" in page.text
    assert "You look at another company as our staff." in page.text
    assert f'name="tenant" value="{company}"' in page.text
    assert taken.status_code == 200
    assert sentences(seen)[:2] == [
        "Stock Tracker's staff exported the audit log (csv), from the beginning to the end",
        "Stock Tracker's staff looked into the company's data, reason: console",
    ]
    assert vera.http.headers["x-forwarded-for"] not in seen.text


async def test_a_company_that_there_is_not_is_a_page_in_words(vera):
    for company in ("x", uuid4()):
        page = await vera.open(f"/audit?tenant={company}")

        assert page.status_code == 404
        assert "<h1>Nothing here</h1>" in page.text


async def test_nobody_else_reads_another_companys_log(console, shop):
    stranger = await console.anna()

    page = await stranger.open(f"/audit?tenant={shop.key[0]}")
    taken = await stranger.press("/audit/take", format="csv", tenant=shop.key[0])

    assert (page.status_code, taken.status_code) == (404, 404)


async def test_names_stay_text(console, anna):
    await Shop.connected(console, anna, name="<script>alert(1)</script>")

    page = await anna.open("/audit?target=%3Cscript%3Ealert")

    assert "<script>alert" not in page.text
    assert any("<script>alert(1)</script>" in each for each in sentences(page))


async def test_a_page_takes_no_more_statements_for_more_facts(console, anna, shop):
    with statements(console.database) as few:
        await anna.open("/audit?source=user")
    await change_hours(anna, shop, range(10, 20))
    with statements(console.database) as many:
        page = await anna.open("/audit?source=user")

    assert len(sentences(page)) == 16
    assert len(many) == len(few)
