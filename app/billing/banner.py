"""One line above every page for who has trouble with the plan, and the way to where it is cured."""

from markupsafe import Markup

from app.billing.desk import PAGE
from app.billing.read import subscription_of
from app.billing.trouble import trouble
from app.billing.usage import size_of
from app.read_models import Database, at_once
from app.web.console import Visitor, render
from domain.entitlement import access
from domain.fact import fact
from domain.limits import tolerated
from domain.plan import limits


@fact
class Banner:
    """`domain`'s rules over two point reads: each page waits for them."""

    database: Database

    async def __call__(self, visitor: Visitor) -> Markup:
        """Nothing without trouble, and on the page that tells of it at length."""
        if visitor.path == PAGE:
            return Markup()
        async with at_once(self.database, visitor.scope) as database:
            row = await subscription_of(database, visitor.scope)
            if row is None:
                return Markup()
            size = await size_of(database, visitor.scope)
        force = access(row.held, visitor.now)
        may = limits(force.plan, row.kept)
        found = trouble(row.held, may, size, visitor.now)
        if found is None:
            return Markup()
        told = {"trouble": found, "plan": force.plan, "size": size, "may": may.products}
        most = tolerated(may.products)
        return Markup(render("billing/banner.html", visitor, **told, most=most))  # noqa: S704 - a template's, escaped there
