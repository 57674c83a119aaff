"""What a plan says of Wildberries is what then happens: these calls, and not before that moment."""

from dataclasses import replace

import pytest

from domain.capability import Known, Reading
from domain.errors import Unavailable
from domain.planner import Cause, Extent, Holder, Outlook, floor, plan
from domain.ports import Opened
from infrastructure.wildberries.claims import read_claims
from infrastructure.wildberries.pace import Pace
from sandbox.sellers import Spec
from sandbox.wildberries import tokens
from tests.infrastructure.wildberries_shop import LONG, NOON, open_shop

KINDS = {
    "personal": ("personal", None),
    "service": ("service", None),
    "base with secret": ("base", tokens.SERVICE_SECRET),
    "plain base": ("base", None),
}
GATED = replace(LONG, egress=Pace().egress)
PRODUCTS = 250


@pytest.fixture(params=KINDS)
async def read(request):
    kind, secret = KINDS[request.param]
    async with open_shop(Spec(products=PRODUCTS, places=4), pace=GATED, secret=secret) as shop:
        yield Read(shop, shop.access(kind, expires=NOON + 10 * 86_400))


class Read:
    """Plans a read as the product does, and reads as its sync does."""

    def __init__(self, shop, access):
        self.shop, self.access, self.cards = shop, access, {}
        claims = read_claims(access.token)
        self.holder = Holder(seller_id=claims.seller_id, kind=claims.kind)
        self.known = shop.known[claims.token_id]

    async def plan(self, **extent):
        sizes = sum(len(card.sizes) for card in self.cards.values())
        extent = Extent(**{"sizes": sizes, **extent})
        wildberries, now = self.shop.wildberries, self.shop.moment()
        needs = wildberries.needs(self.holder, self.known, extent, now)
        outlook = await self.outlook(needs)
        planned = plan(needs, outlook)
        assert planned.ends >= floor(needs, outlook) - 1e-5
        return planned

    async def outlook(self, needs):
        gateway = self.shop.wildberries._gateway
        buckets = {b for n in needs for o in n.options for s in o.steps for b in s.buckets}
        asked = sorted(buckets, key=lambda each: each.key)
        levels = dict(zip((b.key for b in asked), await gateway.budget.levels(asked), strict=True))
        return Outlook(levels=levels, patience=LONG.patience)

    async def sync(self):
        """Calls made, and seconds passed."""
        shop, before = self.shop, (self.shop.market.calls.total, self.shop.moment.seconds)
        shop.memory.steps.clear()
        if self.cards:
            cursor = '{"updatedAt":"2027-01-01T00:00:00Z","nmID":1}'
            assert [page async for page in shop.wildberries.cards(self.access, cursor)]
        else:
            self.cards = await shop.cards(self.access)
        await shop.stock(self.access, self.cards)
        await shop.orders(self.access)
        return shop.market.calls.total - before[0], shop.moment.seconds - before[1]


async def test_the_calls_and_the_time_are_those_that_were_planned(read):
    await read.sync()
    read.shop.moment.seconds += 90_000
    for pause in (86_400, 10_800, 0):
        read.shop.moment.seconds += pause
        planned = await read.plan()
        if planned.ends > LONG.patience:
            with pytest.raises(Unavailable, match="Заказы"):
                await read.sync()
            break
        calls, seconds = await read.sync()

        assert (planned.calls, planned.ends) == (calls, pytest.approx(seconds, abs=0.01))
        assert read.shop.market.calls.by_status[429] == 0


async def test_a_first_read_takes_the_whole_catalogue(read):
    sizes = sum(len(card.sizes) for card in read.shop.seller.cards.values())
    planned = await read.plan(cards=PRODUCTS, sizes=sizes)
    calls, _ = await read.sync()

    by_warehouse = planned.lines[2].reading == "fbs"
    unforeseen = len(read.known.warehouses.names) - 1 if by_warehouse else 0
    assert planned.calls == calls - unforeseen
    assert planned.lines[0].calls == 3


async def test_the_next_slot_of_a_plain_base_token_is_known_beforehand():
    async with open_shop(Spec(products=20), pace=replace(GATED, patience=30.0)) as shop:
        read = Read(shop, shop.access("base"))
        await read.sync()
        shop.moment.seconds += 3_600
        planned = await read.plan()

        with pytest.raises(Unavailable) as wait:
            await read.sync()

    slot = (wait.value.until - shop.moment()).total_seconds()
    assert planned.waits.part == "orders"
    assert planned.waits.starts == pytest.approx(slot, abs=60)
    assert planned.waits.cause is Cause.LIMIT
    assert slot == pytest.approx(7_200, abs=60)


async def test_a_refused_source_is_planned_around_and_its_evidence_is_kept():
    async with open_shop(Spec(products=20), pace=GATED) as shop:
        read = Read(shop, shop.access("personal"))
        shop.fault("wb_warehouses", "disabled", times=None)
        await read.sync()
        shop.moment.seconds += 600
        planned = await read.plan()
        calls, seconds = await read.sync()

    refused = read.known.of(Reading.WB_WAREHOUSES)
    assert (refused.standing, refused.cause, refused.evidence) == ("off", "method_off", "answer")
    assert planned.lines[1].reading == "warehouse_remains"
    assert (planned.calls, planned.ends) == (calls, pytest.approx(seconds, abs=0.01))


async def test_what_is_away_for_everybody_begins_when_it_is_tried_again():
    async with open_shop(Spec(products=20), pace=GATED) as shop:
        read = Read(shop, shop.access("personal"))
        needs = shop.wildberries.needs(read.holder, Known(), Extent(), shop.moment())
        endpoint = needs[1].options[0].steps[0].endpoint
        now = shop.moment()
        opened = Opened(endpoint=endpoint, since=now, until=now, cause="HTTP 503")

        planned = plan(needs, Outlook(away={opened.endpoint: 120.0}))

    assert planned.lines[1].cause is Cause.AWAY
    assert planned.lines[1].starts == 120.0


async def test_what_a_type_of_token_may_not_read_is_said_before_anybody_asks():
    async with open_shop() as shop:
        holder = Holder(seller_id=shop.seller.id, kind="base")
        found = {each.reading: each for each in shop.wildberries.capabilities(holder, Known())}

    assert found[Reading.WB_WAREHOUSES].standing == "forbidden"
    assert found[Reading.SELLER_WAREHOUSES].evidence == "rules"
    assert found[Reading.REMAINS].standing == "unknown"
    assert set(found) == set(Reading)
