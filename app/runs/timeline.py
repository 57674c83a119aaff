"""What became of a run, moment by moment, as far as the ledger knows."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from app.runs import words
from app.runs.effect import effect
from app.runs.read import AttemptRow, RunRow
from app.web.console import Visitor
from app.web.languages import counted
from domain.fact import fact
from domain.run import TRIES


@fact
class Moment:
    """`kind` and `icon` as `ui.mark` takes them; `lasted`: how long until the next one."""

    at: datetime
    kind: str
    icon: str
    title: str
    words: str = ""
    lasted: timedelta | None = None
    new_day: bool = False


_ENDS = {
    "wait": ("wait", "waiting"),
    "fail": ("fail", "failed"),
    "lost": ("fail", "failed"),
}
_FINAL = {"succeeded": "ok", "failed": "fail", "cancelled": "off"}


def timeline(run: RunRow, tries: Sequence[AttemptRow], visitor: Visitor) -> Sequence[Moment]:
    """In the order of time; each day is told once, today not at all."""
    told = sorted(_moments(run, tries, visitor), key=lambda each: each.at)
    days = [each.at.astimezone(visitor.zone).date() for each in told]
    before = [visitor.now.astimezone(visitor.zone).date(), *days]
    following = [each.at for each in told[1:]]
    ends = [*following, None if run.finished_at else visitor.now]
    return [
        Moment(
            at=each.at,
            kind=each.kind,
            icon=each.icon,
            title=each.title,
            words=each.words,
            lasted=end - each.at if end and end > each.at else None,
            new_day=day != earlier,
        )
        for each, end, day, earlier in zip(told, ends, days, before, strict=False)
    ]


def _moments(run: RunRow, tries: Sequence[AttemptRow], visitor: Visitor) -> Iterator[Moment]:
    by = visitor.say("By %(who)s.", who=words.source(run.source, visitor.language))
    asked = visitor.say("Asked for")
    yield Moment(at=run.created_at, kind="off", icon="event", title=asked, words=by)
    for each in tries:
        yield _began(each, visitor)
        # The last try ends with the run, which says the same in other words.
        if each.ended_at not in (None, run.finished_at) and each.outcome in _ENDS:
            yield _ended(each, visitor)
    if run.handed_at is not None and run.state == "waiting":
        title = visitor.say("Handed to the workers")
        yield Moment(at=run.handed_at, kind="wait", icon="waiting", title=title)
    if run.finished_at is not None:
        yield _finished(run, run.finished_at, visitor)


def _began(each: AttemptRow, visitor: Visitor) -> Moment:
    worker = visitor.say("Worker %(name)s.", name=each.worker) if visitor.staff else ""
    title = visitor.say("Try %(number)s of %(most)s", number=each.attempt, most=TRIES)
    if each.attempt > TRIES:  # tries that a lost worker cost come on top
        title = visitor.say("Try %(number)s", number=each.attempt)
    return Moment(at=each.started_at, kind="run", icon="running", title=title, words=worker)


def _ended(each: AttemptRow, visitor: Visitor) -> Moment:
    outcome = str(each.outcome)
    titles = {
        "wait": visitor.say("Put back to wait"),
        "fail": visitor.say("The try failed"),
        "lost": visitor.say("The worker was lost"),
    }
    kind, icon = _ENDS[outcome]
    told = visitor.heard(each.message or "") if outcome != "lost" else ""
    if each.times > 1:
        often = counted("%(num)s time.", "%(num)s times.", each.times, visitor.language)
        told = f"{told} {often % {'num': each.times}}"
    at = each.ended_at or each.started_at
    return Moment(at=at, kind=kind, icon=icon, title=titles[outcome], words=told)


def _finished(run: RunRow, at: datetime, visitor: Visitor) -> Moment:
    titles = {
        "succeeded": visitor.say("Done"),
        "failed": visitor.say("Failed for good"),
        "cancelled": visitor.say("Cancelled"),
    }
    done = run.state == "succeeded"
    told = effect(run.result, visitor.language) if done else visitor.heard(run.why)
    return Moment(
        at=at, kind=_FINAL[run.state], icon=run.state, title=titles[run.state], words=told
    )
