"""Whether companies pay, with real money or not, and for which prices."""

import subprocess
import sys

import pytest

from app import settings
from domain.plan import Plan
from tests.app.test_settings import GOOD
from tests.process import environment

STARTED = "import sys, app.main, app.worker; print('stripe' in sys.modules)"
PAID = {"STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}


@pytest.fixture
def load(tmp_path):
    return lambda values: settings.load({}, {**GOOD, **values}, tmp_path)


@pytest.fixture
def complaints(load):
    def told(values):
        with pytest.raises(settings.WrongSettings) as wrong:
            load(values)
        return wrong.value.complaints

    return told


def test_without_a_key_nobody_pays(load):
    assert load({}).stripe is None


def test_where_nobody_pays_no_start_waits_for_the_sdk(tmp_path):
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", STARTED],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "False\n"


def test_what_is_given_without_a_key_is_told(load):
    found = load({"STRIPE_WEBHOOK_SECRET": "whsec_1", "STRIPE_PRICE_PRO": "price_1"})

    assert found.stripe is None
    assert found.hints == (
        "STRIPE_PRICE_PRO, STRIPE_WEBHOOK_SECRET: not used without STRIPE_SECRET_KEY. Nobody pays.",
    )


@pytest.mark.parametrize(
    ("key", "live"),
    [("sk_test_1", False), ("rk_test_1", False), ("sk_live_1", True), ("rk_live_1", True)],
)
def test_the_key_says_whether_money_is_real(load, key, live):
    assert load({**PAID, "STRIPE_SECRET_KEY": key}).stripe.live is live


def test_one_secret_may_follow_another(load):
    found = load({**PAID, "STRIPE_WEBHOOK_SECRET": "whsec_new, whsec_old,"}).stripe

    assert [each.reveal() for each in found.webhook_secrets] == ["whsec_new", "whsec_old"]


def test_a_plan_has_several_prices_or_is_not_sold(load):
    found = load({**PAID, "STRIPE_PRICE_PRO": "price_rub, price_usd"}).stripe

    assert found.prices[Plan.PRO] == ("price_rub", "price_usd")
    assert found.prices[Plan.STARTER] == ()


def test_stripe_is_where_it_is_unless_a_stand_in_is_named(load, complaints):
    production = {**PAID, "ENVIRONMENT": "production"}

    assert load(PAID).stripe.url == "https://api.stripe.com"
    assert load({**PAID, "STRIPE_URL": "http://stripe:8420/"}).stripe.url == "http://stripe:8420"
    (told,) = complaints({**production, "STRIPE_URL": "http://stripe:8420"})
    assert told.startswith("STRIPE_URL must begin with https://")


def test_in_production_messages_can_be_checked(load, complaints):
    bare = {"STRIPE_SECRET_KEY": "sk_live_1"}

    assert load(bare).stripe.webhook_secrets == ()
    (told,) = complaints({**bare, "ENVIRONMENT": "production"})
    assert told.startswith("STRIPE_WEBHOOK_SECRET is missing. Make an endpoint")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("STRIPE_SECRET_KEY", "pk_test_1", "STRIPE_SECRET_KEY must begin with one of: sk_test_"),
        ("STRIPE_WEBHOOK_SECRET", "we_1", "must begin with whsec_"),
        ("STRIPE_WEBHOOK_SECRET", "whsec_1,whsec_", "must begin with whsec_"),
        ("STRIPE_PRICE_PRO", "price_1,price_1", "STRIPE_PRICE_PRO names a price twice"),
        ("STRIPE_URL", "somewhere", "STRIPE_URL must be an address"),
    ],
)
def test_what_is_wrong_is_told_without_repeating_it(complaints, name, value, says):
    (told,) = complaints({**PAID, name: value})

    assert says in told
    assert value not in told


def test_one_price_is_of_one_plan(complaints):
    told = complaints({**PAID, "STRIPE_PRICE_PRO": "price_1", "STRIPE_PRICE_STARTER": "price_1"})

    assert [each.partition(" ")[0] for each in told] == ["STRIPE_PRICE_STARTER", "STRIPE_PRICE_PRO"]
