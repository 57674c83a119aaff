"""What a company may use at this moment: its plan in force, and what that allows."""

from app.billing.read import subscription_of
from app.read_models import Database
from domain.access import TenantScope
from domain.entitlement import access
from domain.fact import fact
from domain.limits import Allowed
from domain.plan import Plan, limits
from domain.ports import Clock


@fact
class CompanyPlans:
    """`domain.limits.Plans`. Without `billing` nobody could pay for more, so nothing is limited."""

    database: Database
    clock: Clock
    billing: bool

    async def allowed(self, scope: TenantScope) -> Allowed | None:
        """See the port. A company that has no subscription yet has the free plan."""
        if not self.billing:
            return None
        row = await subscription_of(self.database, scope)
        if row is None:
            return Allowed(plan=Plan.FREE, limits=limits(Plan.FREE, None))
        plan = access(row.held, self.clock()).plan
        return Allowed(plan=plan, limits=limits(plan, row.kept))
