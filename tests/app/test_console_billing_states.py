"""What the page of the plan says of each way that a plan may stand, in both languages."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain import lending, subscription
from domain.events import Origin
from domain.plan import Kept, Plan
from tests.app.billing_world import customer_of
from tests.app.console_billing import above, buys, card, part, pass_by
from tests.app.graphql_world import told

DAY = timedelta(days=1)


class Owner:
    """At her browser, and what befalls her plan."""

    def __init__(self, console, till, browser):
        self.console, self.till, self.browser = console, till, browser

    async def buys(self, plan="pro"):
        await buys(self.till, self.browser, plan)

    async def press(self, what, **form):
        await self.browser.press(f"/billing/{what}", **form)

    async def pass_by(self, days):
        await pass_by(self.till, self.browser, days * DAY)

    async def owes(self, days):
        """Her card is declined from now on."""
        self.till.book.card(customer_of(self.till), "decline")
        await self.pass_by(31)
        await self.pass_by(days)

    async def becomes(self, **fields):
        """Her subscription at Stripe."""
        (known,) = self.till.book.all("subscription")
        known.update(fields)
        self.till.book.emit("customer.subscription.updated", known)
        await self.till.deliver()
        await self.till.work()

    async def is_granted(self, plan, days):
        now = self.console.clock()
        until = now + days * DAY
        await self._tell(lending.GrantAccess(plan=plan, until=until, reason="INV-7", at=now))

    async def comes_with(self, products, interval):
        kept = Kept(products=products, interval=interval)
        await self._tell(subscription.KeepLimits(kept=kept))

    async def _tell(self, command):
        company = (await self.console.identified(self.browser)).scope.tenant
        origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:test")
        asked = told(subscription.decider, company, company, command)
        await self.console.accounts.handle(asked, origin=origin)


async def has_tried(owner):
    await owner.press("trial")
    await owner.pass_by(15)


async def has_cancelled(owner):
    await owner.buys()
    await owner.press("cancel")


async def has_left(owner):
    await has_cancelled(owner)
    await owner.pass_by(31)


async def has_bought_more_than_her_card_gave(owner):
    await owner.buys("starter")
    owner.till.book.card(customer_of(owner.till), "needs_action")
    await owner.press("change", plan="pro")


async def owes(owner):
    await owner.buys()
    await owner.owes(0)


async def owed_too_long(owner):
    await owner.buys()
    await owner.owes(8)


async def has_not_paid_first(owner):
    await owner.buys()
    await owner.becomes(status="incomplete")


async def collects_nothing(owner):
    await owner.buys()
    await owner.becomes(pause_collection={"behavior": "void", "resumes_at": None})


async def is_paused(owner):
    await owner.buys()
    await owner.becomes(status="paused")


async def is_paused_beside_a_grant(owner):
    await owner.buys("starter")
    await owner.becomes(status="paused")
    await owner.is_granted(Plan.PRO, 10)


async def is_granted(owner):
    await owner.is_granted(Plan.PRO, 20)


async def is_granted_for_long_and_pays(owner):
    await owner.buys("starter")
    await owner.is_granted(Plan.PRO, 90)


async def is_granted_and_cancels(owner):
    await is_granted_for_long_and_pays(owner)
    await owner.press("cancel")


async def came_with_more(owner):
    await owner.comes_with(1_201, 60)


STATES = [
    (
        has_tried,
        (
            "FREE Free It costs nothing and has no end. The trial of PRO ended on 7 December 2026: "
            "nothing was deleted."
        ),
        "Пробный период PRO закончился 7 декабря 2026: ничего не удалено.",
    ),
    (
        has_cancelled,
        (
            "PRO Subscription cancelled It was cancelled and ends on 23 December 2026. FREE follows, "
            "and nothing is deleted."
        ),
        (
            "PRO Подписка отменена Тариф закончится 23 декабря 2026. Затем будет FREE, и ничего не "
            "удалится."
        ),
    ),
    (
        has_left,
        (
            "FREE Free It costs nothing and has no end. Your subscription to PRO has ended: nothing "
            "was deleted, and you can buy a plan again."
        ),
        "Подписка на PRO закончилась: ничего не удалено, тариф можно купить снова.",
    ),
    (
        has_bought_more_than_her_card_gave,
        (
            "It becomes PRO as soon as that is paid. Without a payment the change is dropped after 23 "
            "hours. Pay or change the card Keep the present plan"
        ),
        "Без оплаты смена отменится через 23 часа. Оплатить или сменить карту",
    ),
    (
        owes,
        "If the payment comes by then, nothing changes; if not, PRO ends, and nothing is deleted.",
        "если нет, PRO закончится, но ничего не удалится.",
    ),
    (
        owed_too_long,
        "A payment has not come. Pay what is open at Stripe, and PRO is back at once.",
        "Оплатите открытый счёт в Stripe, и PRO сразу вернётся.",
    ),
    (
        has_not_paid_first,
        (
            "The first payment is not made yet. The bank waits for you to confirm it, or has declined "
            "it. Pay at Stripe."
        ),
        "Банк ждёт вашего подтверждения или отклонил платёж.",
    ),
    (
        collects_nothing,
        "PRO Payments are paused It is paid until 23 December 2026, and ends then",
        "PRO Платежи приостановлены Оплачен до 23 декабря 2026 и на этом закончится",
    ),
    (
        is_paused,
        (
            "PRO Payments are paused It is paid until 23 December 2026, and ends then: no payments are "
            "collected. Card and details Go on"
        ),
        "PRO Платежи приостановлены Оплачен до 23 декабря 2026 и на этом закончится",
    ),
    (
        is_paused_beside_a_grant,
        "Your subscription to STARTER is paused: nothing is charged, and it gives you nothing.",
        "Подписка на STARTER приостановлена: ничего не списывается, но и тариф не действует.",
    ),
    (
        is_granted,
        (
            "PRO Granted We have given it to you until 13 December 2026. FREE follows, and nothing is "
            "deleted."
        ),
        "Предоставлен вам до 13 декабря 2026. Затем будет FREE, и ничего не удалится.",
    ),
    (
        is_granted_for_long_and_pays,
        (
            "We have given it to you until 21 February 2027. STARTER follows, and nothing is deleted. "
            "You also pay for STARTER: it is paid until 23 December 2026."
        ),
        (
            "Затем будет STARTER, и ничего не удалится. Кроме того, вы платите за STARTER: он оплачен "
            "до 23 декабря 2026."
        ),
    ),
    (
        is_granted_and_cancels,
        (
            "FREE follows, and nothing is deleted. Your subscription to STARTER was cancelled and ends "
            "on 23 December 2026."
        ),
        "Подписка на STARTER отменена и закончится 23 декабря 2026.",
    ),
    (
        came_with_more,
        "You came with more than this plan has, and keep it: 1,201 products and a sync every hour.",
        "и это сохраняется: товаров 1 201 и обновление раз в час.",
    ),
]


CASES = [
    pytest.param(happens, language, said, id=f"{happens.__name__}-{language}")
    for happens, *both in STATES
    for language, said in zip(("en", "ru"), both, strict=True)
]


@pytest.mark.parametrize(("happens", "language", "said"), CASES)
async def test_how_a_plan_stands_is_said(console, till, happens, language, said):
    owner = Owner(console, till, await console.anna(language=language))
    await happens(owner)

    assert said in part(await owner.browser.open("/billing"), "state")


@pytest.mark.parametrize("happens", [owed_too_long, has_not_paid_first])
async def test_what_is_granted_is_not_called_the_end_of_what_was_not_paid(console, till, happens):
    owner = Owner(console, till, await console.anna())
    await happens(owner)
    await owner.is_granted(Plan.PRO, 10)

    assert above(await owner.browser.open("/stock")) == (
        "A payment has not come. The plan PRO is in force, and nothing was deleted. To the plan"
    )


async def test_nobody_is_asked_to_try_a_plan_that_is_had_already(console, till):
    owner = Owner(console, till, await console.anna())
    await owner.is_granted(Plan.PRO, 10)

    words, leads = card(await owner.browser.open("/billing"), "pro")

    assert "Try it" not in words
    assert leads == "/billing/checkout"
