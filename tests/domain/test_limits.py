"""What a plan limits: how much there is of each, and what is said of more."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import limit_words, limits
from domain.both import Both, both
from domain.limits import Allowed, Limit
from domain.plan import LIMITS, Kept, Plan
from domain.plan import limits as limits_of

NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
FREE, PRO = (Allowed(plan=each, limits=LIMITS[each]) for each in (Plan.FREE, Plan.PRO))
BEST = Allowed(plan=Plan.ENTERPRISE, limits=LIMITS[Plan.ENTERPRISE])

amounts = st.integers(0, 1_000_000)
kept = st.none() | st.builds(Kept, products=amounts, interval=st.integers(1, 2_000))
companies = st.builds(
    lambda plan, kept: Allowed(plan=plan, limits=limits_of(plan, kept)), st.sampled_from(Plan), kept
)


def refused(kind, check, *given):
    """What it says, in English."""
    with pytest.raises(kind) as no:
        check(*given)
    return both(str(no.value)).sentence("en")


@given(st.sampled_from(Limit), amounts)
def test_a_limit_is_lifted_by_the_cheapest_plan_that_allows_so_much(limit, wanted):
    def allows(plan):
        there = getattr(LIMITS[plan], limit)
        return there <= wanted if limit is Limit.INTERVAL else there >= wanted

    found = limits.lifted_by(limit, wanted)

    order = list(Plan)
    cheaper = order if found is None else order[: order.index(found)]
    assert found is None or allows(found)
    assert not any(allows(plan) for plan in cheaper)


@given(companies, amounts)
def test_what_lifts_a_refusal_is_a_dearer_plan_than_the_one_in_force(company, wanted):
    order = list(Plan)

    for limit in Limit:
        there = getattr(company.limits, limit)
        beyond = there > wanted if limit is Limit.INTERVAL else there < wanted
        found = limits.lifted_by(limit, wanted)
        if beyond and found is not None:
            assert order.index(found) > order.index(company.plan)


@given(amounts)
def test_without_billing_nothing_is_refused(much):
    for ensure in (limits.ensure_shop, limits.ensure_seat, limits.ensure_webhook):
        ensure(None, much)
    limits.ensure_history(None, much, "days")
    limits.ensure_pause(None, timedelta(minutes=1), "cron")
    limits.ensure_now(None, NOW, NOW)
    limits.ensure_products(None, much)

    assert limits.grown(None, much) is None
    assert limits.possible_at(None, NOW) is None
    assert not limits.too_fast(None, timedelta(0))


@given(companies, amounts)
def test_one_may_be_added_while_there_are_fewer_than_the_plan_has(company, there):
    for ensure, limit, no in (
        (limits.ensure_shop, Limit.SHOPS, limits.TooManyShops),
        (limits.ensure_seat, Limit.SEATS, limits.TooManySeats),
        (limits.ensure_webhook, Limit.WEBHOOKS, limits.TooManyWebhooks),
    ):
        if there < getattr(company.limits, limit):
            ensure(company, there)
        else:
            assert company.plan.name in refused(no, ensure, company, there)


@given(companies, amounts)
def test_a_fifth_more_products_are_tolerated_and_told_of(company, products):
    most = company.limits.products * 120 // 100

    assert (limits.grown(company, products) is None) == (products <= company.limits.products)
    if products <= most:
        limits.ensure_products(company, products)
    else:
        said = refused(limits.TooManyProducts, limits.ensure_products, company, products)
        assert f"{products:,} products" in said


@given(companies, st.integers(1, 3_000))
def test_what_a_company_came_with_never_slows_it(company, minutes):
    pause = timedelta(minutes=minutes)

    assert limits.too_fast(company, pause) == (minutes < company.limits.interval)
    if limits.too_fast(company, pause):
        refused(limits.TooOften, limits.ensure_pause, company, pause, "cron")
    else:
        limits.ensure_pause(company, pause, "cron")


@given(companies, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_a_person_waits_for_no_longer_than_her_plan_says(company, passed):
    pause = timedelta(minutes=company.limits.interval)

    assert limits.possible_at(company, NOW) == NOW + pause
    if passed >= pause:
        limits.ensure_now(company, NOW, NOW + passed)
    else:
        refused(limits.TooOften, limits.ensure_now, company, NOW, NOW + passed)


def test_a_shop_that_was_never_synced_may_be_synced_at_once():
    limits.ensure_now(FREE, None, NOW)


def test_each_refusal_names_the_limit_the_plan_and_the_one_that_lifts_it():
    hour = timedelta(hours=1)

    assert refused(limits.TooManyShops, limits.ensure_shop, FREE, 1) == (
        "Number of shops on the plan FREE: at most 1. PRO has 3. Those you have go on as before."
    )
    assert refused(limits.TooManySeats, limits.ensure_seat, FREE, 2) == (
        "Number of people on the plan FREE: at most 2. STARTER has 3."
    )
    assert refused(limits.TooManyWebhooks, limits.ensure_webhook, FREE, 0) == (
        "Number of webhook endpoints on the plan FREE: at most 0. STARTER has 1."
    )
    assert refused(limits.HistoryTooLong, limits.ensure_history, FREE, 91, "days") == (
        "Days of history on the plan FREE: 30. PRO has 365. What is older was not deleted."
    )
    assert refused(limits.TooOften, limits.ensure_pause, FREE, hour / 4, "cron") == (
        "The plan FREE syncs a shop every 6 h at most, this schedule would every 15 min. "
        "PRO allows a sync every 15 min."
    )
    assert refused(limits.TooOften, limits.ensure_now, FREE, NOW, NOW + hour) == (
        "On the plan FREE a shop is synced by hand at most 5 times in any 6 h; the next time is "
        "possible at 2026-11-23 13:40 (Moscow). The schedule goes on as before. "
        "STARTER allows 5 times in any hour."
    )
    assert refused(limits.TooManyProducts, limits.ensure_products, FREE, 601) == (
        "There are 601 products, and the plan FREE is for 500: the sync stops, the numbers in the "
        "sheet stay as they were, and whole. STARTER has 5,000."
    )


def test_beyond_the_best_plan_no_other_one_is_named():
    many, often = 20, timedelta(minutes=1)

    assert refused(limits.TooManyShops, limits.ensure_shop, BEST, many).endswith(
        "No plan has more. Those you have go on as before."
    )
    assert refused(limits.TooOften, limits.ensure_pause, BEST, often, "cron").endswith(
        "No plan is faster."
    )


@pytest.mark.parametrize(
    ("company", "passed", "said"),
    [
        (FREE, 0, "ENTERPRISE allows 5 times in any 5 min."),
        (FREE, 59, "PRO allows 5 times in any 15 min."),
        (PRO, 3, "ENTERPRISE allows 5 times in any 5 min."),
        (BEST, 3, "No plan is faster."),
    ],
)
def test_who_presses_too_often_hears_which_plan_lets_her_press_more(company, passed, said):
    now = NOW + timedelta(minutes=passed)

    assert refused(limits.TooOften, limits.ensure_now, company, NOW, now).endswith(said)


def test_the_minute_that_the_next_press_is_possible_at_is_one_in_which_it_is():
    first = NOW + timedelta(seconds=1)

    said = refused(limits.TooOften, limits.ensure_now, FREE, first, NOW + timedelta(hours=1))

    assert "possible at 2026-11-23 13:41 (Moscow)" in said
    limits.ensure_now(FREE, first, NOW + timedelta(hours=6, minutes=1))


@pytest.mark.parametrize(
    ("minutes", "ru", "en"),
    [
        (1, "минуту", "minute"),
        (15, "15 мин", "15 min"),
        (60, "час", "hour"),
        (90, "90 мин", "90 min"),
        (360, "6 ч", "6 h"),
        (1_440, "день", "day"),
    ],
)
def test_how_often_is_said_as_people_say_it(minutes, ru, en):
    assert limit_words.every(minutes) == Both(ru=ru, en=en)


def test_a_refusal_speaks_russian_as_well():
    with pytest.raises(limits.TooManyShops) as no:
        limits.ensure_shop(PRO, 3)

    assert no.value.code == "TOO_MANY_SHOPS"
    assert both(str(no.value)).sentence("ru") == (
        "Магазинов на тарифе PRO: не больше 3. На тарифе ENTERPRISE: 20. "
        "Подключённые работают как прежде."
    )


def test_a_run_that_stops_says_how_many_there_are_and_may_be():
    with pytest.raises(limits.TooManyProducts) as no:
        limits.ensure_products(FREE, 612)

    assert (no.value.cause, no.value.products, no.value.may) == ("over_plan", 612, 500)
    assert limits.grown(FREE, 550).en == (
        "There are 550 products, and the plan FREE is for 500. The sync stops when there are more "
        "than 600. STARTER has 5,000"
    )
