"""Which price at Stripe is which plan: the first of a plan's is sold, the others were."""

from collections.abc import Mapping, Sequence

from domain.billed import Billed
from domain.errors import Rejected
from domain.payments_port import NotForSale, Price
from domain.plan import Plan
from infrastructure.stripe import shapes
from infrastructure.stripe.faults import REFUSED

_HEIGHT = {plan: height for height, plan in enumerate(Plan)}


class Catalogue:
    """What the operator has set."""

    def __init__(self, prices: Mapping[Plan, Sequence[str]]) -> None:
        self.plans = {price: plan for plan, ours in prices.items() for price in ours}
        self.sold = {plan: prices[plan][0] for plan in Plan if prices.get(plan)}

    def price_of(self, plan: Plan) -> str:
        """Raises NotForSale."""
        if plan not in self.sold:
            raise NotForSale(field="plan")
        return self.sold[plan]


def is_higher(plan: Plan, billed: Billed) -> bool:
    """Than what she has; anything is, beside a price that is none of ours."""
    return billed.plan is None or _HEIGHT[plan] > _HEIGHT[billed.plan]


def monthly(plan: Plan, price: shapes.Price) -> Price:
    """Raises Rejected for a price that is none of a month: whoever set it has to set another."""
    each = price.recurring
    if price.unit_amount is None or each is None or (each.interval, each.interval_count) != ONCE:
        said = (
            f"Цена плана {plan.upper()} в Stripe — не сумма за месяц / "
            f"The price of {plan.upper()} at Stripe is no amount for a month"
        )
        raise Rejected(said, cause=REFUSED)
    return Price(plan=plan, amount=price.unit_amount, currency=price.currency)


ONCE = ("month", 1)
