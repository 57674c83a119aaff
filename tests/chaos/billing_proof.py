"""What must hold of a company that pays: at any moment, and when all is quiet."""

from datetime import timedelta

from app.billing.read import customers_of, subscription_of
from app.history import History
from app.wiring.facts import CODEC, follow
from domain import payment, subscription
from domain.billed import ENDED
from domain.entitlement import Because, InForce, access
from domain.events import Stream
from domain.lending import ON_TRIAL, TRIAL
from domain.plan import Plan
from domain.standing import GRACE, LATE
from infrastructure.postgres.event_store import EventStore
from tests.chaos.billing_truth import HEIGHT, RUNNING

HOUR = timedelta(hours=1)
LONGEST = GRACE + HOUR
"""After what was paid: a renewal is tried an hour after its period began, and grace counts from
there."""
ROW = "SELECT force_plan, force_because, force_until FROM subscriptions WHERE tenant_id = $1"
PAID = "SELECT invoice, amount FROM paid_invoices WHERE tenant_id = $1"


class Company:
    """`trial` and `grant`: what it was lent, (plan, until); `customers`: as whom Stripe knew it, the
    one that it is last; `sure`: how it stood when all was quiet; `pages`: checkouts that it has left open; `missed`:
    whether a message about it never came."""

    def __init__(self, scope, origin):
        self.scope, self.origin = scope, origin
        self.trial = self.grant = self.sure = None
        self.customers, self.pages, self.missed = [], [], False

    @property
    def customer(self):
        """As whom Stripe knows it; None: it is none yet."""
        return self.customers[-1] if self.customers else None

    def tries(self, now):
        """Once."""
        self.trial = self.trial or (ON_TRIAL, now + TRIAL)

    def lent(self, now):
        """The least that it must have, whatever happens at Stripe."""
        lent = [each[0] for each in (self.trial, self.grant) if each and now < each[1]]
        return max((Plan.FREE, *lent), key=HEIGHT.get)

    def __str__(self):
        return f"{str(self.scope.tenant)[-4:]} {self.customer}"


class Proof:
    """`truth`: what Stripe has."""

    def __init__(self, world, truth):
        self.world, self.truth = world, truth

    async def at_any_moment(self, company):
        """Nothing that is not paid, tried or granted, and all that is."""
        row = await subscription_of(self.world.database, company.scope)
        self._holds(company, row, self.world.now, LONGEST)

    def _holds(self, company, row, now, slack):
        lent = company.lent(now)
        got = access(row.held, now).plan
        paid = self.truth.most(company.customers, now, slack)
        told = f"{company} has {got} at {now}; lent: {lent}; {row.held}"
        assert HEIGHT[got] <= max(HEIGHT[lent], HEIGHT[paid]), (
            f"no more than {paid} is paid: {told}"
        )
        least = max(lent, self._surely_paid(company, row, now), key=HEIGHT.get)
        assert HEIGHT[got] >= HEIGHT[least], f"{least} is paid: {told}"

    async def when_all_is_quiet(self, company):
        """What we know is what Stripe has, what is shown is what was recorded, once each."""
        row = await subscription_of(self.world.database, company.scope)
        true, known = self.truth.standing(company.customers), row.held.standing
        assert known.billed == true.billed, f"{company}: {known.billed}, at Stripe {true.billed}"
        if true.grace_until or true.billed is None or true.billed.status in ENDED:
            told = f"{company} {true.billed}: until {known.grace_until}, not {true.grace_until}"
            assert bool(known.grace_until) == bool(true.grace_until), told
            may = self.truth.grace_of(true.billed.subscription) if known.grace_until else ()
            near = [abs(each - known.grace_until) <= HOUR for each in may]  # an hour as a draft
            assert not known.grace_until or any(near), told
        await self._recorded(company, row)
        company.sure = true.billed
        for now in (self.world.now, *self._turns(row.held)):
            self._holds(company, row, now, _slack(true.billed))

    def _turns(self, held):
        """When anything of it ends, if nothing happens any more: just before, and then."""
        billed, lent = held.standing.billed, (held.trial, held.grant)
        ends = [each.until for each in lent if each] + [held.standing.grace_until]
        ends += held.standing.rest.values()
        if billed:
            ends += [billed.paid_until, billed.paid_until + LATE, billed.cancel_at]
        for each in ends:
            if each and each > self.world.now:
                yield each - timedelta(seconds=1)
                yield each

    def _surely_paid(self, company, row, now):
        """What was known when all was quiet, and is so still, whatever has followed it. A renewal
        that nobody has told us of is believed in for a while."""
        sure, known = company.sure, row.held.standing.billed
        if sure is None or sure.plan is None:
            return Plan.FREE
        true, until = self.truth.subscription(sure.subscription), sure.paid_until
        leads = self.truth.standing(company.customers).billed.subscription
        if sure.subscription == known.subscription == leads and all(
            _goes_on(each) for each in (sure, known, true)
        ):
            until += LATE
        had = true.plan and now < min(until, true.paid_until)
        return min(sure.plan, true.plan, key=HEIGHT.get) if had else Plan.FREE

    async def _recorded(self, company, row):
        tenant = company.scope.tenant
        store = EventStore(self.world.database, CODEC, lambda: self.world.now, follow)
        stream = Stream(kind="subscription", tenant=tenant, id=tenant)
        state, _ = await History(store).state(subscription.decider, stream)
        assert state.claims == row.held, f"{company}: {row.held} of {state.claims}"
        linked = [*reversed(await customers_of(self.world.database, company.scope))]
        remembered = [each for each in (*state.former, state.customer) if each]
        assert company.customers == linked == remembered, f"{company}: {linked}, {remembered}"
        facts = [each.event for each in await store.read(stream)]
        async with self.world.database.driver() as driver:
            force = await driver.fetchrow(ROW, tenant)
            bills = dict(await driver.fetch(PAID, tenant))
        self._in_force(company, state, row, force)
        self._paid(company, facts, bills)

    def _in_force(self, company, state, row, force):
        free = InForce(plan=Plan.FREE, because=Because.FREE, until=None)
        now = access(row.held, self.world.now)
        assert (state.in_force or free) == now, f"{company}: {state.in_force}, in truth {now}"
        if state.in_force:
            assert tuple(force) == (now.plan, now.because, now.until), f"{company}: {force}"

    def _paid(self, company, facts, bills):
        told = [each for each in facts if isinstance(each, payment.Event)]
        twice = [each for at, each in enumerate(told) if each in told[:at]]
        assert not twice, f"{company}: recorded twice: {twice}"
        paid = {e.invoice: e.amount for e in told if isinstance(e, payment.InvoicePaid)}
        assert paid == bills, f"{company}: {bills} of {paid}"
        true = {
            each["id"]: each["amount_paid"]
            for each in self.truth.book.all("invoice")
            if each["customer"] in company.customers and each["status"] == "paid"
        }
        assert paid.items() <= true.items(), f"{company}: {paid}, at Stripe {true}"
        assert company.missed or paid == true, f"{company}: {paid}, at Stripe {true}"


def _goes_on(billed):
    """As far as one sees."""
    return billed.status.value in RUNNING and billed.collecting and billed.cancel_at is None


def _slack(billed):
    """After what was paid, once all is known."""
    if billed is None or billed.status.value not in (*RUNNING, "past_due"):
        return timedelta(0)
    if billed.status.value == "past_due":
        return LONGEST
    if billed.cancel_at:
        return min(LATE, max(billed.cancel_at - billed.paid_until, timedelta(0)))
    return LATE if billed.collecting else timedelta(0)
