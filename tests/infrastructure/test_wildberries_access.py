"""A token: what it says of itself, what a live try says of it, and that nobody else ever sees it."""

import logging
import traceback
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import msgspec
import pytest

from domain.both import both
from domain.errors import Outside, Rejected, Unavailable
from domain.ports import Access
from infrastructure.wildberries import limits
from infrastructure.wildberries.claims import check_alive, read_claims
from infrastructure.wildberries.words import SENTENCES, say
from sandbox.wildberries import tokens
from tests.infrastructure.wildberries_shop import NOON, open_shop

CURE = "Кабинет WB → Настройки → Доступ к API"


@pytest.fixture
async def shop():
    async with open_shop() as opened:
        yield opened


def jwt(**claims) -> str:
    payload = urlsafe_b64encode(msgspec.json.encode(claims)).rstrip(b"=").decode()
    return f"e30.{payload}.c2ln"


# What it says of itself


@pytest.mark.parametrize("kind", ["base", "test", "personal", "service"])
def test_the_kind_of_a_token_is_in_its_claims(kind):
    claims = read_claims(tokens.issue("0b5c", kind, expires=2_000_000_000))

    assert (claims.kind, claims.seller_id, claims.read_only) == (kind, "0b5c", True)
    assert claims.scopes == ("content", "analytics", "marketplace", "statistics", "supplies")
    assert claims.expires_at == datetime(2033, 5, 18, 3, 33, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("claims", "kind"),
    [
        ({"for": "self"}, "personal"),
        ({"for": "asid:7"}, "service"),
        ({"t": True}, "test"),
        ({}, "base"),
        ({"acc": 99}, "base"),
    ],
)
def test_a_token_without_a_known_type_is_told_by_its_other_claims(claims, kind):
    assert read_claims(jwt(sid="s", exp=2_000_000_000, **claims)).kind == kind


@pytest.mark.parametrize(
    ("token", "what"),
    [
        ("", "поле пустое"),
        ("abc", "три части"),
        ("a..c", "три части"),
        ("a.b.c", "не читается"),
        ("e30.e30.e30", "не читается"),
        ("Bearer e30.e30.e30", "пробелы"),
        ("e30.e30.e30\r\nX-Evil: 1", "пробелы"),
        ("токен.из.букв", "посторонние знаки"),
        ("a" * 5_000, "слишком длинный"),
        (jwt(sid="s", exp=-1), "не читается"),
        (jwt(sid="s", exp="soon"), "не читается"),
        (jwt(sid="", exp=1), "не читается"),
        (jwt(exp=1), "не читается"),
        (jwt(sid="s", exp=10**30), "не читается"),
    ],
)
def test_what_is_no_token_is_refused_with_the_reason_and_the_cure(token, what):
    with pytest.raises(Rejected, match=what) as no:
        read_claims(token)

    assert no.value.cause == "token_dead"
    assert CURE in str(no.value)


def test_a_token_is_alive_until_its_last_second():
    claims = read_claims(jwt(sid="s", exp=2_000_000_000))
    check_alive(claims, datetime(2033, 5, 18, 3, 33, 19, tzinfo=UTC))

    with pytest.raises(Rejected, match=r"истёк 18\.05\.2033"):
        check_alive(claims, claims.expires_at)


def test_the_catalogue_says_everything_in_both_languages():
    facts = dict.fromkeys(("what", "on", "title", "category", "at", "since", "name"), "X")

    calls = [each for each in vars(limits).values() if isinstance(each, limits.Call)]
    named = [each for call in (*calls, *limits.PINGS) for each in (call.title, call.category)]

    for title in named:
        assert title.ru
        assert title.en.isascii()
    for sentence in SENTENCES:
        told = both(say(sentence, **facts | {"title": limits.CARDS.title}))
        assert "товар" not in told.en
        assert told.ru != told.en


# What a live try says


async def test_a_good_token_works_everywhere(shop):
    account = await shop.wildberries.inspect(shop.access("base"))

    assert account.works == ("cards", "stock", "orders", "seller_stock", "supplies")
    assert account.fails == ()
    assert (account.seller_id, account.seller_name) == (shop.seller.id, shop.seller.name)
    assert account.token_kind == "base"
    assert account.expires_at.timestamp() == NOON + 86_400
    assert shop.calls("ping") == 5


@pytest.mark.parametrize("bearer", [False, True])
async def test_a_token_is_sent_raw_or_as_bearer(monkeypatch, bearer):
    seen = []
    read = tokens.read
    monkeypatch.setattr(
        tokens, "read", lambda header, now: seen.append(header) or read(header, now)
    )
    async with open_shop(bearer=bearer) as shop:
        access = shop.access()
        await shop.wildberries.inspect(access)

    assert set(seen) == {f"Bearer {access.token}" if bearer else access.token}


async def test_a_missing_category_is_named_with_the_cure(shop):
    account = await shop.wildberries.inspect(shop.access("personal", scopes=(1, 2)))

    assert account.works == ("cards", "stock")
    assert [source for source, _ in account.fails] == ["orders", "seller_stock", "supplies"]
    assert "«Статистика»" in account.fails[0][1]
    assert CURE in account.fails[0][1]


async def test_a_refusal_for_the_services_balance_is_told_from_a_missing_category(shop):
    shop.fault("ping", "402")

    account = await shop.wildberries.inspect(shop.access())

    assert account.causes == (("cards", "no_funds"),)


async def test_a_token_that_works_nowhere_is_refused(shop):
    with pytest.raises(Rejected) as no:
        await shop.wildberries.inspect(shop.access("personal", scopes=(6,)))

    assert no.value.cause == "no_scope"


async def test_a_test_token_opens_nothing_and_no_category_is_said_to_be_missing(shop):
    with pytest.raises(Rejected, match="Это тестовый токен") as no:
        await shop.wildberries.inspect(shop.access("test"))

    assert no.value.cause == "no_scope"
    assert CURE in str(no.value)


async def test_a_withdrawn_token_is_refused_with_the_cure(shop):
    stranger = Access(token=tokens.issue("nobody", expires=NOON + 60))

    with pytest.raises(Rejected, match="не работает") as no:
        await shop.wildberries.inspect(stranger)

    assert no.value.cause == "token_dead"
    assert CURE in str(no.value)


async def test_a_dead_token_is_not_carried_to_the_next_host(shop):
    shop.fault("ping", "401")

    with pytest.raises(Rejected) as dead:
        await shop.wildberries.inspect(shop.access())

    assert dead.value.cause == "token_dead"
    assert shop.calls("ping") == 1


async def test_an_expired_token_is_refused_without_a_call(shop):
    with pytest.raises(Rejected, match="истёк"):
        await shop.wildberries.inspect(shop.access(expires=NOON))

    assert shop.market.calls.total == 0


async def test_the_name_may_be_asked_once_a_day_and_is_no_reason_to_fail():
    async with open_shop() as shop:
        shop.fault("seller_info", "429", times=None)

        account = await shop.wildberries.inspect(shop.access("base"))

    assert account.seller_name == ""
    assert len(account.works) == 5


async def test_with_our_budgets_away_it_is_tried_again_and_not_left_without_a_name(
    shop, monkeypatch
):
    budget = shop.wildberries._gateway.budget
    take = budget.take

    async def away(*of, cost=1):
        if of[0].what == "seller_info":
            raise Unavailable("away", cause="our_outage")
        return await take(*of, cost=cost)

    monkeypatch.setattr(budget, "take", away)

    with pytest.raises(Unavailable):
        await shop.wildberries.inspect(shop.access())


async def test_a_try_that_meets_an_outage_says_so(shop):
    shop.fault("ping", "503", times=None)

    with pytest.raises(Unavailable):
        await shop.wildberries.inspect(shop.access())


async def test_a_secret_of_the_service_opens_a_base_token():
    async with open_shop(secret=tokens.SERVICE_SECRET) as shop:
        await shop.stock(shop.access("base"))

        assert shop.calls("wb_warehouses") == 1
        assert shop.market.calls.by_status[403] == 0


async def test_a_wrong_secret_is_a_missing_right(shop):
    with pytest.raises(Rejected) as no:
        await shop.cards(shop.access("base", secret="wrong"))

    assert no.value.cause == "no_scope"


# Secrecy


@pytest.mark.parametrize("kind", ["401", "402", "403", "404", "429", "500", "html", "truncated"])
async def test_no_failure_shows_a_token(shop, caplog, kind):
    access = shop.access("base", tokens.SERVICE_SECRET)
    shop.fault("cards", kind, times=None, detail=f"token {access.token} refused")
    caplog.set_level(logging.DEBUG)

    with pytest.raises(Outside) as failure:
        await shop.cards(access)

    told = "".join(traceback.format_exception(failure.value)) + repr(failure.value) + caplog.text
    for secret in (*access.token.split(".")[1:], tokens.SERVICE_SECRET):
        assert secret[:20] not in told
    assert repr(access) == "Access(***)"
