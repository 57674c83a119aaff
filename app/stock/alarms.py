"""Why the numbers in her sheet are old, of what a sync ended by: for its first cell to say."""

from datetime import datetime

from app.cron import following
from app.stock.read import ShopRow
from app.stock.writing import Why
from domain.both import Both
from domain.capability import SWITCHED_OFF
from domain.errors import Outside, Refused, Rejected, Unavailable
from domain.health import TOKEN_DEAD
from domain.limit_words import number
from domain.limits import TooManyProducts
from domain.run import TRIES, Task
from domain.snapshot import MOSCOW
from domain.table.words import moment

NO_QUOTA = "no_quota"
OURS = "our_outage"


def missed_by(no: Exception, row: ShopRow, now: datetime) -> datetime | None:
    """Of what is told in the sheet once her hour has passed, for before that it is no delay: by
    when an hour is one that was missed. A run that nobody tries again misses all hours until her
    schedule asks for another one. None for the rest."""
    if isinstance(no, TooManyProducts):
        return row.next_run_at or now
    quota = isinstance(no, Unavailable) and no.cause == NO_QUOTA
    return now if quota or _ours(no) else None


def why_old(no: Exception, row: ShopRow, task: Task, now: datetime, *, late: bool) -> Why | None:
    """None for what ends by itself before anybody misses the numbers, or cannot be told there.
    `late`: her hour has passed; what the last try of a run ended by keeps her waiting in any case.
    """
    match no:
        case TooManyProducts(cause=cause) if late:
            values = {"have": number(no.products), "may": number(no.may)}
            return Why(cause=cause, values=values)
        case Rejected(cause=cause) if cause in {TOKEN_DEAD, "sheet_full"}:
            return Why(cause=cause, values={"need": no.about or ""})
        case Unavailable(cause=cause) if cause == SWITCHED_OFF and no.about:
            return Why(cause=cause, values={"report": no.about})
        case Unavailable(cause=cause, until=datetime() as until) if late:
            return Why(cause=cause, values={"at": f"{until.astimezone(MOSCOW):%H:%M}"})
        case _ if _ours(no) and (late or task.attempt >= TRIES):
            at = following(row.schedule, now).astimezone(MOSCOW)
            when = Both(ru=moment(at, "ru"), en=moment(at, "en"))
            return Why(cause=OURS, values={"when": when})
        case _:
            return None


def _ours(no: Exception) -> bool:
    """A fault that nobody foresaw: neither a neighbour's answer nor a refusal of ours."""
    return not isinstance(no, Outside | Refused)
