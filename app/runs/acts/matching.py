"""Which runs a bulk means: what was typed, made to mean the same for ever, and page by page.

A fact keeps the text, so no name stays in it: companies and shops by their ids, time as a moment.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from app.read_models import Database
from app.runs.search import NO_KIND, NotASearch, Search, parse
from app.runs.search.found import runs
from app.runs.search.meant import wanted_of
from domain.access import Scope
from domain.run import KINDS

PAGE = 500
WHENEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""A settled query says its times itself."""


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


NOTHING = _("Say which runs are meant, such as state:failed since:2h.")
WORDS = _(
    "Words are for looking. To act on many runs name their kind, state, shop, error, argument "
    "or time."
)
FOREVER = _(
    "“%(value)s” would stay on record for ever, where nobody may be named. Only ids, numbers and "
    "words of small Latin letters may stand there."
)
_ARGUMENT = re.compile(r"[a-z0-9_.:-]+")
_ERROR = re.compile(r"[A-Za-z0-9_.]+")


async def settled(database: Database, scope: Scope, text: str, now: datetime) -> str:
    """The query as it may stay on record, and mean the same later; times of day are those of
    `now`'s zone. Raises NotASearch."""
    search = parse(text, now)
    if not str(search):
        raise NotASearch(NOTHING)
    if search.words:
        raise NotASearch(WORDS)
    _ensure_nameless(search)
    wanted = await wanted_of(database, scope, search)
    since = wanted.since and wanted.since.astimezone(UTC)
    meant = replace(
        search,
        tenants=[str(each) for each in wanted.tenants],
        shops=[str(shop) for _, shop in wanted.shops],
        span=since.replace(microsecond=0, tzinfo=None).isoformat() if since else "",
    )
    said = str(meant)
    parse(said, WHENEVER)  # a name that many have has become as many ids: its run must read them
    return said


def _ensure_nameless(search: Search) -> None:
    """Raises NotASearch: erasing a person changes no fact, so no name may come into one."""
    for kind in search.kinds:
        if kind not in KINDS:
            raise NotASearch(NO_KIND, value=kind)
    named = [(_ARGUMENT, each) for values in search.args.values() for each in values]
    named += [(_ERROR, each) for each in (*search.errors, *search.args)]
    for allowed, each in named:
        if not allowed.fullmatch(each):
            raise NotASearch(FOREVER, value=each)


async def found(
    database: Database, scope: Scope, text: str, after: UUID | None
) -> Sequence[tuple[UUID, UUID]]:
    """(company, run) of up to PAGE of them, the newest first, older than `after`."""
    wanted = await wanted_of(database, scope, parse(text, WHENEVER))
    rows = await runs(database, scope, replace(wanted, before=after), PAGE)
    return [(row.tenant_id, row.run_id) for row in rows]
