"""All pages of the console over an open product: each feature brings its own; here they meet."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from litestar import Router

from app.accounts import pages as entrance
from app.audit import pages as audit_pages
from app.audit.taking import Taking
from app.audit.told import Told, told
from app.billing import pages as billing
from app.billing.banner import Banner
from app.billing.operate import pages as payments
from app.notices import pages as notices
from app.notices.choose import Choose
from app.notices.links import Links
from app.notices.pages import Notices
from app.runs import pages as run_pages
from app.runs.acts import Acts
from app.runs.acts import pages as acts_pages
from app.runs.fleet import pages as operate
from app.runs.fleet.pages import Operate
from app.runs.listed import remarks
from app.runs.overview import page as overview
from app.runs.overview.page import Overview
from app.runs.read import RunRow
from app.runs.run_page import Runs
from app.runs.search.found import Wanted, runs
from app.stock import schedule_pages, shop_page, start
from app.stock.connect import Connect
from app.stock.forecast import Forecast
from app.stock.forecast_words import left
from app.stock.handover import Handover
from app.stock.last_runs import Remarks
from app.stock.reach import Reach
from app.stock.report.taking import Taking as ReportTaking
from app.stock.schedule_pages import Schedules
from app.stock.shop_page import Shops
from app.stock.start import WILDBERRIES
from app.stock.start_insight import Insights
from app.stock.start_shown import Start
from app.stock.writers import Writers
from app.stock.writing import deadline
from app.wiring import Product, addressees, pace
from app.wiring.billing import Billing
from app.wiring.facts import CODEC
from domain.access import TenantScope


def pages(product: Product) -> Sequence[Router]:
    """Ready to be mounted behind the console's checks."""
    database, handle, clock = product.database, product.handle, product.accounts.clock
    insights = Insights(product.marketplace, clock)
    connect = connecting(product, insights)
    return [
        entrance.pages(product.accounts),
        _start(product, connect, insights),
        shop_page.pages(
            Shops(
                connect=connect,
                remarks=_remarks(product),
                take=report_taking(product),
                forecast=forecasting(product),
            )
        ),
        audit_pages.pages(taking(product)),
        _runs(product),
        operate.pages(Operate(database=database, handle=handle, budgets=product.budgets)),
        overview.pages(
            Overview(
                database=database,
                handle=handle,
                reddens=deadline,
                incidents=product.breaker.open_breakers,
                budgets=product.budgets,
            )
        ),
        schedule_pages.pages(
            Schedules(database=database, handle=handle, writers=connect.writers, pace=pace(product))
        ),
        acts_pages.pages(Acts(database=database, handle=handle, clock=clock, pace=pace(product))),
        notices.pages(
            Notices(
                database=database,
                choose=choosing(product),
                links=links(product),
                on=product.post.on,
            )
        ),
        *(_billing(product.billing) if product.billing else ()),
    ]


def _billing(paid: Billing) -> Sequence[Router]:
    return billing.pages(paid.desk), payments.pages(paid.office, paid.desk)


def banner(product: Product) -> Banner | None:
    """What stands above every page; nothing where nobody pays."""
    return Banner(database=product.database) if product.billing else None


def choosing(product: Product) -> Choose:
    """How somebody says what she is told of: on its page, and by the link of a mail."""
    return Choose(handle=product.handle, addressees=addressees(product))


def links(product: Product) -> Links:
    """Links of mails, written and read."""
    return Links(base=product.settings.public_url, keys=product.accounts.keys)


def _runs(product: Product) -> Router:
    async def cause(scope: TenantScope, event_id: UUID, language: str) -> Told | None:
        return await told(product.database, CODEC.decode, scope, event_id, language)

    return run_pages.pages(
        Runs(
            database=product.database,
            handle=product.handle,
            cause=cause,
            left=partial(left, forecasting(product)),
        )
    )


def forecasting(product: Product) -> Forecast:
    """What syncs will ask."""
    writers = Writers(principals=product.principals, vault=product.vault)
    return Forecast(
        database=product.database,
        ahead=product.ahead,
        writers=writers,
        clock=product.accounts.clock,
    )


def taking(product: Product) -> Taking:
    """How exports of the audit log are taken: over REST, and from its page."""
    limiter = product.accounts.limiter
    return Taking(exports=product.exports, owner=product.database, limiter=limiter)


def report_taking(product: Product) -> ReportTaking:
    """How the table of a shop is taken as a file: over REST, and from the shop's page."""
    return ReportTaking(
        reports=product.reports, reach=_reach(product), limiter=product.accounts.limiter
    )


def _reach(product: Product) -> Reach:
    return Reach(database=product.database, plans=product.plans, clock=product.accounts.clock)


def connecting(product: Product, insights: Insights) -> Connect:
    """How shops and sheets are connected: in the console, and for who comes over."""
    return Connect(
        database=product.database,
        handle=product.handle,
        clock=product.accounts.clock,
        marketplaces={WILDBERRIES: insights},
        writers=Writers(principals=product.principals, vault=product.vault),
        plans=product.plans,
    )


def _start(product: Product, connect: Connect, insights: Insights) -> Router:
    async def newest(scope: TenantScope, shop_id: UUID) -> RunRow | None:
        wanted = Wanted(shops=[(scope.tenant, shop_id)], kinds=["sync"])
        found = await runs(product.database, scope, wanted, 1)
        return found[0] if found else None

    slow = product.settings.wildberries.service_secret is None
    return start.pages(
        Start(
            connect=connect,
            pace=pace(product),
            handover=Handover(connect=connect),
            keys=product.accounts.keys,
            limiter=product.accounts.limiter,
            insights=insights,
            newest=newest,
            remarks=_remarks(product),
            slow=slow,
        )
    )


def _remarks(product: Product) -> Remarks:
    return partial(remarks, product.database)
