"""Tokens at the Wildberries stand-in: who gets in, where, and what the others are told."""

import pytest

from sandbox.wildberries import tokens
from sandbox.wildberries.endpoints import CONTENT
from tests.sandbox import wildberries_contract as contract
from tests.sandbox.wildberries_visit import CARDS, ORDERS, OWN, REMAINS, WB, visiting

SECRET = tokens.SERVICE_SECRET


@pytest.fixture
async def wb():
    async with visiting() as visit:
        yield visit


def detail(answer) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    assert contract.breaches(answer.json(), contract.PROBLEM) == []
    assert answer.json()["status"] == answer.status_code
    return answer.json()["detail"]


@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer "])
async def test_a_token_is_read_raw_and_as_bearer(wb, prefix):
    token = prefix + tokens.issue(wb.seller.id, expires=wb.now + 60)

    assert (await wb.get("/ping", token=token)).status_code == 200


def test_a_token_says_whose_it_is_until_when_and_for_what():
    token = tokens.issue("0b5c", "personal", expires=2_000_000_000)

    claims = tokens.read(token, now=1_999_999_999)

    assert (claims.sid, claims.exp, claims.acc, claims.for_) == ("0b5c", 2_000_000_000, 3, "self")
    assert claims.s == 1 << 1 | 1 << 2 | 1 << 4 | 1 << 5 | 1 << 10 | 1 << 30
    assert token.count(".") == 2


async def test_an_expired_token_is_told_so(wb):
    answer = await wb.get("/ping", token=tokens.issue(wb.seller.id, expires=wb.now))

    assert answer.status_code == 401
    assert detail(answer) == "token expired"


@pytest.mark.parametrize("token", ["abc", "a.b.c", "a.!!!.c", "e30.e30.e30"])
async def test_a_malformed_token_is_told_so(wb, token):
    answer = await wb.get("/ping", token=token)

    assert answer.status_code == 401
    assert detail(answer).startswith("token problem; token is malformed")


async def test_a_forged_token_is_refused(wb):
    mine = tokens.issue(wb.seller.id, expires=wb.now + 60)
    longer = tokens.issue(wb.seller.id, expires=wb.now + 6_000)
    forged = ".".join([*longer.split(".")[:2], mine.split(".")[2]])
    answer = await wb.get("/ping", token=forged)

    assert answer.status_code == 401
    assert "signature is invalid" in detail(answer)


async def test_no_token_and_a_stranger_are_unauthorised(wb):
    stranger = tokens.issue("8a3e", expires=wb.now + 60)

    assert (await wb.client.get("/common-api/ping")).status_code == 401
    assert detail(await wb.get("/ping", token=stranger)) == "token withdrawn"


@pytest.mark.parametrize(
    ("method", "path"), [("POST", WB), ("GET", ORDERS), ("GET", "/api/v3/warehouses")]
)
async def test_a_token_without_the_category_is_refused(wb, method, path):
    token = tokens.issue(wb.seller.id, "personal", (CONTENT,), expires=wb.now + 60)
    answer = await wb.ask(method, path, token=token)

    assert answer.status_code == 401
    assert detail(answer) == "token scope not allowed"


async def test_a_test_token_opens_no_real_host(wb):
    assert detail(await wb.get("/ping", "test")) == "token scope not allowed"


async def test_base_without_secret_may_not_read_wb_warehouses(wb):
    answer = await wb.post(WB, kind="base")

    assert answer.status_code == 403
    assert detail(answer) == "base token without secret is not allowed for this path"


async def test_the_service_secret_opens_wb_warehouses_to_base(wb):
    assert (await wb.post(WB, kind="base", secret=SECRET)).status_code == 200


async def test_a_wrong_secret_opens_nothing(wb):
    assert (await wb.post(WB, kind="base", secret="guess")).status_code == 403


@pytest.mark.parametrize(
    ("kind", "secret", "status"),
    [("personal", None, 200), ("service", None, 200), ("base", None, 403), ("base", SECRET, 403)],
)
async def test_her_own_warehouses_are_for_personal_and_service_only(wb, kind, secret, status):
    assert (await wb.post(OWN, kind=kind, secret=secret)).status_code == status


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", CARDS), ("GET", f"{ORDERS}?dateFrom=2026-11-20"), ("GET", REMAINS)],
)
async def test_plain_base_reads_cards_orders_and_reports(wb, method, path):
    body = {"json": {}} if method == "POST" else {}

    assert (await wb.ask(method, path, "base", **body)).status_code == 200
