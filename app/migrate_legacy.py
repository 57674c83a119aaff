"""`stock-tracker migrate-legacy`: who used the old single-user tool becomes a company here.

It goes the way that a person would go: she registers, connects her shop, then her sheet. The sheet
comes last, so whoever has it has come over, and nothing of hers is changed any more; a run that was
interrupted is taken up by the next one.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import click

from app.accounts import people, read
from app.accounts.company import companies_of
from app.accounts.signing import Registration, enrol
from app.asker import Asker
from app.cron import upcoming
from app.handle import Ask
from app.old_owner import Owner, asked
from app.pages import connecting
from app.settings import Settings, Single
from app.stock.connect import TOKEN, Connect, Wish, linked, trimmed
from app.stock.connect import opened as opened_file
from app.stock.read import ShopRow, shops
from app.stock.start import WILDBERRIES
from app.stock.start_insight import Insights
from app.wiring import Product, opened
from domain import subscription
from domain.access import Role, TenantScope
from domain.errors import Invalid, Refused
from domain.events import Origin, Stream
from domain.fact import fact
from domain.plan import LIMITS, Kept, Plan
from domain.ports import Account
from domain.schedule import Schedule, by_cron
from domain.schedule_words import in_words
from domain.sheet_port import File
from domain.shop import SetSchedule

SAID = {
    "token": "WILDBERRIES_API_KEY",
    "url": "GOOGLE_SHEET_ID",
    "email": "--email",
    "full_name": "--name",
    "company_name": "--company",
    "password": "--password-stdin",
}
"""Where what is wrong was said, by the field that names it."""
RUNS = 200
"""Of a schedule, to know its shortest pause."""
MINUTE = timedelta(minutes=1)

_ELSEWHERE = """
SELECT tenant_id FROM shops WHERE marketplace = $1 AND seller_id = $2 AND spreadsheet_id = $3
  AND tenant_id <> ALL($4::uuid[]) ORDER BY connected_at LIMIT 1
"""


class AnothersAlready(Refused):
    """Another company has this seller and this sheet already. Give the e-mail of its owner."""


class OwnsNothing(Refused):
    """This person owns no company here. Give the e-mail of who does, or of somebody new."""


@fact
class Way:
    """What every step needs."""

    product: Product
    connect: Connect
    single: Single
    origin: Origin

    @property
    def wish(self) -> Wish:
        return Wish(marketplace=WILDBERRIES, token=self.single.api_key, robot=self.robot)

    @property
    def robot(self) -> str:
        """Whom the old tool's sheet is shared with: the first of the pool is what it wrote as."""
        return next(iter(self.product.principals.robots), "")

    @property
    def schedule(self) -> Schedule:
        return by_cron(self.single.old.schedule, self.single.old.zone)

    def asker(self, person: UUID, company: UUID) -> Asker:
        scope = TenantScope(tenant=company, person=person, role=Role.OWNER)
        return Asker(scope=scope, origin=self.origin)


@fact
class Found:
    """What there is. `home`: her and her company, if she is known; `row`: the shop, if it is."""

    email: str
    account: Account
    file: File
    home: Asker | None
    row: ShopRow | None


async def migrate_legacy(settings: Settings, single: Single, owner: Owner, *, dry: bool) -> None:
    """Raises Refused, which says what is wrong and where it was said; WrongMasterKey."""
    async with opened(settings) as product:
        await come_over(product, single, owner, dry=dry)


async def come_over(product: Product, single: Single, owner: Owner, *, dry: bool) -> None:
    """The same in a product that is open."""
    origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:migrate-legacy")
    insights = Insights(product.marketplace, product.accounts.clock)
    way = Way(product=product, connect=connecting(product, insights), single=single, origin=origin)
    with _named():
        found = await _look(way, owner)
        _tell_found(way, found)
        if found.row and found.row.spreadsheet_id:
            await _tell_finished(way, found, found.row)
            return
        _tell_new(way)
        if dry or single.old.dry_run:
            _tell_plan(way, owner, found)
        else:
            await _go(way, owner, found)


async def _look(way: Way, owner: Owner) -> Found:
    """Everything is tried live, and nothing is kept."""
    email = people.email_of(owner.email)
    nobody = way.asker(uuid4(), uuid4())
    account = await way.connect.look(nobody, way.wish)
    sheet = way.product.principals.robot(way.robot)
    file = await opened_file(sheet, linked(way.single.sheet_id), "url")
    home, row, hers = None, None, list[UUID]()
    login = await read.by_login(
        way.product.accounts.people, way.product.accounts.keys.email_key(email)
    )
    if login is not None:
        hers = await _companies(way, login.person)
        home, row = await _home(way, login.person, hers, account)
    async with way.product.database.driver() as driver:
        key = (WILDBERRIES, account.seller_id, file.spreadsheet_id)
        if await driver.fetchval(_ELSEWHERE, *key, hers):
            raise AnothersAlready(field="email")
    return Found(email=email, account=account, file=file, home=home, row=row)


async def _companies(way: Way, person: UUID) -> list[UUID]:
    """Those where she may connect shops. Raises OwnsNothing."""
    every = await companies_of(way.product.database, person)
    hers = [company for company, _, role in every if role in (Role.OWNER, Role.ADMIN)]
    if not hers:
        raise OwnsNothing(field="email")
    return hers


async def _home(
    way: Way, person: UUID, hers: list[UUID], account: Account
) -> tuple[Asker, ShopRow | None]:
    """The company that has the shop, else her first one."""
    for company in hers:
        asker = way.asker(person, company)
        if row := await _shop(way, asker, account):
            return asker, row
    return way.asker(person, hers[0]), None


async def _shop(way: Way, asker: Asker, account: Account) -> ShopRow | None:
    mine = await shops(way.product.database, asker.scope)
    seller = (WILDBERRIES, account.seller_id)
    return next((each for each in mine if (each.marketplace, each.seller_id) == seller), None)


async def _go(way: Way, owner: Owner, found: Found) -> None:
    asker = found.home or await _enrol(way, owner, found)
    company = asker.scope.tenant
    row = found.row or (await way.connect.shop(asker, way.wish))[0]
    await _ensure_opens(way, company, row)
    click.echo(f"Shop {row.name or row.shop_id}: the token is kept encrypted, and opens.")
    await asker.tell(way.product.handle, SetSchedule(shop_id=row.shop_id, schedule=way.schedule))
    stream = Stream(kind="subscription", tenant=company, id=company)
    keep = subscription.KeepLimits(kept=_kept(way))
    ask = Ask(decider=subscription.decider, stream=stream, command=keep)
    await way.product.handle(ask, origin=way.origin)
    click.echo(f"Schedule: {in_words(way.schedule, 'en')}. Limits: no narrower than they were.")
    await way.connect.spreadsheet(asker, row.shop_id, way.single.sheet_id)
    click.secho(
        "The sheet is connected; its first sync begins as soon as a worker runs.", fg="green"
    )


async def _enrol(way: Way, owner: Owner, found: Found) -> Asker:
    wish = Registration(
        email=found.email,
        password=owner.password or asked(),
        full_name=_name(owner, found),
        company_name=_company(owner, found),
    )
    person, company = await enrol(way.product.accounts, wish, way.origin)
    click.echo(f"Registered {found.email} as the owner of {wish.company_name} ({company}), FREE.")
    return way.asker(person, company)


async def _ensure_opens(way: Way, company: UUID, row: ShopRow) -> bool:
    """Raises what the vault does; whether the kept token is the one of the old tool."""
    kept = await way.product.vault.open(company, row.token_id, TOKEN)
    return kept.decode() == trimmed(way.single.api_key.reveal())


def _kept(way: Way) -> Kept:
    """The old tool knew no limit of products, and was as often at work as its schedule said."""
    times = upcoming(way.schedule, way.product.accounts.clock(), RUNS)
    moments = [each.astimezone(UTC) for each in times]  # clocks that go back would show no pause
    pauses = [(later - sooner) // MINUTE for sooner, later in pairwise(moments)]
    return Kept(
        products=LIMITS[Plan.ENTERPRISE].products,
        interval=min([LIMITS[Plan.FREE].interval, *pauses]),
    )


def _tell_found(way: Way, found: Found) -> None:
    account, robot = found.account, way.robot
    works = ", ".join(account.works)
    click.echo(f"Wildberries: seller {account.seller_name or account.seller_id}, reads {works}.")
    for source, why in account.fails:
        click.secho(f"It does not read {source}, so those cells will be blank: {why}", fg="yellow")
    click.echo(f"Google: {robot} may edit “{found.file.title}”.")
    if found.home:
        click.echo(f"{found.email} is known here, with company {found.home.scope.tenant}.")


def _tell_new(way: Way) -> None:
    old = way.single.old
    click.echo(f"The old tool's tab “{old.sheet_name}”, if it is there, will be kept as a copy.")
    if not old.auto_sync:
        hint = "AUTO_SYNC_ENABLED is off, but here a shop is synced by its schedule."
        click.secho(f"{hint} `holdRuns` puts it on hold.", fg="yellow")


def _tell_plan(way: Way, owner: Owner, found: Found) -> None:
    if found.home is None:
        who, what = f"{_name(owner, found)} <{found.email}>", _company(owner, found)
        click.echo(f"Would register {who} as the owner of {what}, FREE.")
    if found.row is None:
        click.echo("Would connect the shop, and keep its token encrypted.")
    click.echo(f"Would set the schedule: {in_words(way.schedule, 'en')}.")
    click.echo("Would connect the sheet. Nothing was changed.")
    if way.single.old.dry_run:
        click.secho("DRY_RUN is on: set it to false to come over.", fg="yellow")


async def _tell_finished(way: Way, found: Found, row: ShopRow) -> None:
    same = await _ensure_opens(way, row.tenant_id, row)
    click.echo(f"Shop {row.name or row.shop_id} of company {row.tenant_id}: its token opens.")
    if not same:
        click.secho("It is another token than WILDBERRIES_API_KEY, and stays.", fg="yellow")
    if row.spreadsheet_id != found.file.spreadsheet_id:
        click.secho("It has another sheet than GOOGLE_SHEET_ID, and keeps it.", fg="yellow")
    click.secho("Migrated already. Nothing was changed.", fg="green")


def _name(owner: Owner, found: Found) -> str:
    return owner.name or found.email.partition("@")[0]


def _company(owner: Owner, found: Found) -> str:
    """As wished, else what the seller is called, if that will do."""
    if owner.company is not None:
        return owner.company
    with suppress(Invalid):
        return people.name_of(found.account.seller_name, "company_name")
    return _name(owner, found)


@contextmanager
def _named() -> Iterator[None]:
    """What is refused names the variable or the option, not a field of ours."""
    try:
        yield
    except Refused as no:
        if no.field not in SAID:
            raise
        raise Refused(f"{SAID[no.field]}: {no}") from no
