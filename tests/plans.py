"""Plans of companies, as long as a test wants them to limit anything."""

from app.billing.limits import CompanyPlans
from app.stock.limiting import Limiting
from infrastructure.postgres.schedules import PostgresSchedules


class Billing:
    """`domain.limits.Plans` over a database; off until a test switches it `on`."""

    def __init__(self, database, clock):
        self.database, self.clock, self.on = database, clock, False

    async def allowed(self, scope):
        return await CompanyPlans(
            database=self.database, clock=self.clock, billing=self.on
        ).allowed(scope)

    async def give(self, company, plan):
        """From now on it has this one."""
        async with self.database.driver() as driver:
            await driver.execute(
                "UPDATE subscriptions SET plan = $2 WHERE tenant_id = $1", company, plan
            )


def limiting(plans, clock):
    """What a plan means to syncs."""
    postpone = PostgresSchedules(plans.database, clock).postpone
    return Limiting(database=plans.database, plans=plans, clock=clock, postpone=postpone)
