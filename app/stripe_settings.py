"""Whether companies pay, through which account of Stripe's, and for which prices."""

from collections import Counter
from collections.abc import Mapping, Sequence

from app.variables import Variables
from domain.fact import fact
from domain.plan import Plan
from domain.secrecy import Secret

MODES = {"sk_test_": False, "rk_test_": False, "sk_live_": True, "rk_live_": True}
PRICES = {
    Plan.STARTER: "STRIPE_PRICE_STARTER",
    Plan.PRO: "STRIPE_PRICE_PRO",
    Plan.ENTERPRISE: "STRIPE_PRICE_ENTERPRISE",
}


@fact
class Stripe:
    """`live`: real money. `webhook_secrets`: all of them are good, so that one can follow another.
    `prices`: ids by plan; the first is what new subscriptions get, the others (another currency,
    former ones) mean the same plan. A plan without any is not sold."""

    key: Secret
    live: bool
    webhook_secrets: tuple[Secret, ...]
    url: str
    prices: Mapping[Plan, Sequence[str]]


def stripe(found: Variables, *, production: bool) -> Stripe | None:
    """Without a key nobody pays, and nothing is limited."""
    key = found.secret("STRIPE_SECRET_KEY")
    if key is None:
        return None
    mode = next((live for begin, live in MODES.items() if key.reveal().startswith(begin)), None)
    if mode is None:
        found.complain("STRIPE_SECRET_KEY", f"must begin with one of: {', '.join(MODES)}.")
    secrets = found.several("STRIPE_WEBHOOK_SECRET")
    if any(not each.startswith("whsec_") or each == "whsec_" for each in secrets):
        cure = "Copy it from the endpoint in Stripe's dashboard; several with commas."
        found.complain("STRIPE_WEBHOOK_SECRET", f"must begin with whsec_. {cure}")
    if production and not secrets:
        cure = "Make an endpoint at PUBLIC_URL/webhooks/stripe in Stripe's dashboard: it has one."
        found.need("STRIPE_WEBHOOK_SECRET", cure)
    return Stripe(
        key=key,
        live=bool(mode),
        webhook_secrets=tuple(Secret(each) for each in secrets),
        url=found.address("STRIPE_URL", "https://api.stripe.com", encrypted=production),
        prices=_prices(found),
    )


def _prices(found: Variables) -> Mapping[Plan, Sequence[str]]:
    prices = {plan: found.several(name) for plan, name in PRICES.items()}
    times = Counter(price for several in prices.values() for price in several)
    for plan, name in PRICES.items():
        if any(times[each] > 1 for each in prices[plan]):
            found.complain(name, "names a price twice, or one of another plan. Leave each once.")
    return prices
