"""The hosted pages of the sandbox's Stripe: Checkout, the Portal and an invoice, as she sees them."""

import pytest

from sandbox.stripe import price_list
from tests.sandbox.stripe_visit import DAY, visiting

OLGA = "olga@example.com"


@pytest.fixture
async def stripe():
    async with visiting() as visit:
        yield visit


class Browser:
    """Pages by the address that Stripe gave."""

    def __init__(self, visit, accepted="ru"):
        self.visit, self.headers = visit, {"accept-language": accepted}

    async def see(self, url):
        async with self.visit.http.get(url, headers=self.headers) as page:
            return await page.text()

    async def send(self, url, **form):
        """The status, where it leads, and the page."""
        more = {"allow_redirects": False, "headers": self.headers}
        async with self.visit.http.post(url, data=form, **more) as page:
            return page.status, page.headers.get("location"), await page.text()


@pytest.fixture
def browser(stripe):
    return Browser(stripe)


async def offered(stripe, **fields):
    prices = price_list(stripe.book)
    wish = {
        "mode": "subscription",
        "line_items": [{"price": prices["pro"][0], "quantity": 1}],
        "success_url": "http://shop.example/done?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.example/plans",
    }
    return await stripe.v1.checkout.sessions.create_async({**wish, **fields})


async def test_checkout_shows_the_price_takes_a_card_and_leads_back(stripe, browser):
    session = await offered(stripe, locale="ru")
    page = await browser.see(session.url)
    status, leads, _ = await browser.send(session.url, act="pay", card="ok", email=OLGA)
    done = await stripe.v1.checkout.sessions.retrieve_async(
        session.id, {"expand": ["subscription"]}
    )

    assert "2 990,00 ₽ в месяц" in page
    assert "http://shop.example/plans" in page
    assert (status, leads) == (303, f"http://shop.example/done?s={session.id}")
    assert (done.subscription.status, done.customer_details.email) == (
        "active",
        OLGA,
    )
    assert (await browser.send(session.url, act="pay", card="ok"))[0] == 402
    assert "больше не действует" in await browser.see(session.url)


async def test_whose_address_is_not_known_is_asked_for_it_and_is_known_by_it_from_then_on(
    stripe, browser
):
    customer = await stripe.v1.customers.create_async({"metadata": {"tenant_id": "t1"}})
    session = await offered(stripe, customer=customer.id, locale="en")
    page = await browser.see(session.url)
    refused = [
        await browser.send(session.url, act="pay", card=card, email=email)
        for card, email in (("ok", ""), ("ok", "olga"), ("needs_action", " "))
    ]
    paid = await browser.send(session.url, act="pay", card="ok", email=OLGA)
    known = await stripe.v1.customers.retrieve_async(customer.id)
    again = await browser.see((await offered(stripe, customer=customer.id, locale="en")).url)

    assert '<input type="email" name="email" value="" required' in page
    assert customer.id not in page
    assert [status for status, _, _ in refused] == [402] * 3
    assert all("Enter your e-mail address." in page for _, _, page in refused)
    assert (paid[0], known.email) == (303, OLGA)
    assert stripe.count()["customer.updated"] == 1
    assert "E-mail: olga@example.com" in again
    assert 'name="email"' not in again


async def test_the_portal_calls_nobody_by_an_id(stripe, browser):
    customer = await stripe.v1.customers.create_async({})
    session = await stripe.v1.billing_portal.sessions.create_async(
        {"customer": customer.id, "return_url": "http://shop.example/billing"}
    )

    assert customer.id not in await browser.see(session.url)


async def test_checkout_speaks_english_where_it_is_wanted(stripe):
    session = await offered(stripe, locale="en", subscription_data={"trial_period_days": 14})
    page = await Browser(stripe, "ru").see(session.url)

    assert "Free until 07.12.2026, then ₽2,990.00 per month." in page
    assert "Start trial" in page


async def test_a_declined_card_leaves_checkout_open_for_another(stripe, browser):
    session = await offered(stripe)
    status, _, page = await browser.send(session.url, act="pay", card="decline", email=OLGA)
    after = await stripe.v1.checkout.sessions.retrieve_async(session.id)

    assert (status, "Банк отклонил карту" in page) == (402, True)
    assert (after.status, after.subscription) == ("open", None)


async def test_a_bank_that_asks_is_answered_on_its_page(stripe, browser):
    session = await offered(stripe, customer_email=OLGA)
    _, _, asked = await browser.send(session.url, act="pay", card="needs_action")
    refused = await browser.send(session.url, act="refuse", card="needs_action")
    confirmed = await browser.send(session.url, act="confirm", card="needs_action")
    subscription = next(iter(stripe.book.all("subscription")))

    assert "Банк просит подтвердить" in asked
    assert (refused[0], confirmed[0]) == (402, 303)
    assert subscription["status"] == "active"


async def test_a_trial_may_begin_without_a_card(stripe, browser):
    data = {"trial_period_days": 14, "metadata": {"tenant_id": "t1"}}
    session = await offered(
        stripe,
        subscription_data=data,
        payment_method_collection="if_required",
        automatic_tax={"enabled": True},
    )
    await browser.send(session.url, act="pay", card="none", email=OLGA)
    done = await stripe.v1.checkout.sessions.retrieve_async(session.id)
    made = await stripe.v1.subscriptions.retrieve_async(done.subscription)

    assert (done.payment_status, made.status) == ("no_payment_required", "trialing")
    assert made.metadata["tenant_id"] == "t1"
    assert made.automatic_tax.enabled


async def test_a_card_from_checkout_belongs_to_the_subscription_until_another_replaces_it(
    stripe, browser
):
    session = await offered(stripe)
    made = stripe.book.complete(session.id)
    first = await stripe.v1.subscriptions.retrieve_async(made["id"])
    stripe.book.card(made["customer"], "decline")
    stripe.book.advance(31 * DAY)
    after = await stripe.again(first)

    assert first.default_payment_method is not None
    assert after.default_payment_method not in (None, first.default_payment_method)
    assert after.status == "past_due"


async def test_money_that_comes_later_is_told_later(stripe, browser):
    sessions = [await offered(stripe) for _ in range(2)]
    for session, card in zip(sessions, ("delayed", "delayed_decline"), strict=True):
        await browser.send(session.url, act="pay", card=card, email=OLGA)
    unpaid = await stripe.v1.checkout.sessions.retrieve_async(sessions[0].id)
    stripe.book.advance(3 * DAY)
    paid = await stripe.v1.checkout.sessions.retrieve_async(sessions[0].id)

    assert (unpaid.payment_status, paid.payment_status) == ("unpaid", "paid")
    assert stripe.count()["checkout.session.async_payment_succeeded"] == 1
    assert stripe.count()["checkout.session.async_payment_failed"] == 1


async def test_checkout_closes_after_a_day_or_when_it_is_told_to(stripe, browser):
    left, closed = await offered(stripe), await offered(stripe)
    await stripe.v1.checkout.sessions.expire_async(closed.id)
    stripe.book.advance(DAY)
    listed = await stripe.v1.checkout.sessions.list_async({"status": "expired"})

    assert {(each.id, each.url) for each in listed.data} == {(left.id, None), (closed.id, None)}
    assert stripe.count()["checkout.session.expired"] == 2
    assert "больше не действует" in await browser.see(left.url)


@pytest.fixture
async def portal(stripe):
    """Of a customer with a plan of the demo's list."""
    prices = price_list(stripe.book)
    pro = await stripe.v1.prices.retrieve_async(prices["pro"][0])
    made = await stripe.subscribed(price=pro)
    session = await stripe.v1.billing_portal.sessions.create_async(
        {"customer": made.customer, "return_url": "http://shop.example/billing", "locale": "ru"}
    )
    return session.url, made


async def test_the_portal_shows_her_subscription_and_leads_back(stripe, browser, portal):
    page = await browser.see(portal[0])

    assert "<b>Pro</b> · действует" in page
    assert "Период до 23.12.2026" in page
    assert "… 4242" in page
    assert "http://shop.example/billing" in page


async def test_in_the_portal_she_cancels_and_keeps_her_subscription(stripe, browser, portal):
    url, made = portal
    await browser.send(url, act="cancel", subscription=made.id)
    ending, page = await stripe.again(made), await browser.see(url)
    await browser.send(url, act="keep", subscription=made.id)

    assert ending.cancel_at_period_end
    assert "Закончится 23.12.2026" in page
    assert not (await stripe.again(made)).cancel_at_period_end


async def test_in_the_portal_she_changes_her_plan(stripe, browser, portal):
    url, made = portal
    dear = price_list(stripe.book)["enterprise"][0]
    await browser.send(url, act="switch", subscription=made.id, price=dear)

    assert (await stripe.again(made))["items"].data[0].price.id == dear


async def test_in_the_portal_she_pays_what_is_open_with_a_better_card(stripe, browser, portal):
    url, made = portal
    await browser.send(url, act="card", card="decline")
    stripe.book.advance(32 * DAY)
    late = await stripe.again(made)
    bad = await browser.send(url, act="pay", invoice=late.latest_invoice)
    await browser.send(url, act="card", card="needs_action")
    asked = await browser.send(url, act="pay", invoice=late.latest_invoice)
    paid = await browser.send(url, act="confirm", invoice=late.latest_invoice)

    assert late.status == "past_due"
    assert (bad[0], "подтвердить" in asked[2], paid[0]) == (402, True, 303)
    assert (await stripe.again(made)).status == "active"


async def test_an_invoice_can_be_paid_at_its_own_address(stripe, browser):
    made = await stripe.subscribed(card="needs_action")
    invoice = await stripe.invoice(made)
    page = await browser.see(invoice.hosted_invoice_url)
    await browser.send(invoice.hosted_invoice_url, act="pay", card="ok")

    assert "10,00 $" in page
    assert (await stripe.again(made)).status == "active"


async def test_a_person_can_move_the_clock_and_see_what_became_of_everybody(stripe, browser):
    await stripe.subscribed(card="delayed_decline")
    url = f"{stripe.address}/stripe/account"
    before = await browser.see(url)
    await browser.send(url, act=str(3 * DAY))
    after = await browser.see(url)
    customer = next(iter(stripe.book.all("customer")))
    _, portal, _ = await browser.send(url, act="portal", customer=customer["id"])

    assert "Сейчас 23.11.2026" in before
    assert "olga@example.com</b> · … 2227 · действует" in before
    assert "Сейчас 26.11.2026" in after
    assert "просрочена" in after
    assert "Подписка и оплата" in await browser.see(portal)


async def test_forms_from_elsewhere_and_strange_pages_are_refused(stripe, browser, portal):
    url, made = portal
    browser.headers["sec-fetch-site"] = "cross-site"
    foreign = await browser.send(url, act="cancel", subscription=made.id)
    browser.headers.pop("sec-fetch-site")
    other = await stripe.subscribed()
    hers = await browser.send(url, act="cancel", subscription=other.id)
    nowhere = await browser.send(url.replace("bps_", "bps_x"), act="cancel")

    assert (foreign[0], hers[0], nowhere[0]) == (403, 400, 404)
    assert not (await stripe.again(other)).cancel_at_period_end


async def test_what_a_person_wrote_is_shown_as_text(stripe, browser):
    session = await offered(stripe, customer_email='"><script>x</script>@example.com')

    assert "<script>" not in await browser.see(session.url)
