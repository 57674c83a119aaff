"""A shop's schedule as GraphQL shows it: what was wished, what is planned, what came of it last."""

from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry

from app.cron import upcoming
from app.graphql.context import Info
from app.graphql.fields import listed, resolved, said
from app.stock.read import ShopRow
from domain import schedule as domain_schedule
from domain.schedule import CatchUp, Overlap
from domain.schedule_words import in_words

NEXT_TIMES = 5

strawberry.enum(CatchUp, description="What becomes of a slot that could not be run in time.")
strawberry.enum(Overlap, description="What becomes of a slot that meets the shop's live run.")


@strawberry.enum(description="How a schedule is said.")
class ScheduleForm(Enum):
    READY_BY = "ready_by"
    CRON = "cron"


@strawberry.enum(description="A day of the week.")
class Weekday(Enum):
    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6
    SUNDAY = 7


@strawberry.enum(description="What came of a slot.")
class SlotOutcome(Enum):
    ASKED = strawberry.enum_value("asked", description="It had a run of its own.")
    ABSORBED = strawberry.enum_value("absorbed", description="The shop's live run was for it too.")
    SKIPPED = strawberry.enum_value(
        "skipped", description="It came too late, or the shop had no sheet, or a dead token."
    )


@strawberry.type(description="When a shop's sheet is promised, or its sync begun.")
class Schedule:
    tenant_id: UUID = said("Of which company.")
    shop_id: UUID = said("Of which shop.")
    shop_name: str = said("What her people call it.")
    form: ScheduleForm = said("Ready by an hour, or cron.")
    hour: str | None = said("HH:MM by which the sheet is ready; null for cron.")
    weekdays: list[Weekday] = listed(7, "On which days it is ready; empty for cron.")
    cron: str = said(
        "Five fields: minute, hour, day, month, weekday. Of the other form they say its hour."
    )
    zone: str = said("The IANA time zone that the hour and the fields are meant in.")
    catch_up: CatchUp = said("What becomes of a slot that could not be run in time.")
    overlap: Overlap = said("What becomes of a slot that meets the shop's live run.")
    next_run_at: datetime | None = said("When the next sync begins.")
    ready_by: datetime | None = said("The hour promised for that sync; null for cron.")
    paused: bool = said("Its token is dead: no run is made until it has a new one.")
    last_slot: datetime | None = said("The last hour or minute whose turn has come.")
    last_outcome: SlotOutcome | None = said("What came of it.")
    schedule: strawberry.Private[domain_schedule.Schedule]

    @resolved("The schedule in a sentence, in the language of the request.")
    def words(self, info: Info) -> str:
        return in_words(self.schedule, info.context.language)

    @resolved("The next five promised hours, or minutes of cron, with offset.", size=NEXT_TIMES)
    def upcoming(self, info: Info) -> list[datetime]:
        return upcoming(self.schedule, info.context.ports.clock(), NEXT_TIMES)

    @resolved("The same as `upcoming`, by its first name.", size=NEXT_TIMES)
    def next_times(self, info: Info) -> list[datetime]:
        return upcoming(self.schedule, info.context.ports.clock(), NEXT_TIMES)


def schedule_of(row: ShopRow) -> Schedule:
    """A row of the read table as the API shows it."""
    schedule = row.schedule
    promise = schedule.ready_by
    return Schedule(
        tenant_id=row.tenant_id,
        shop_id=row.shop_id,
        shop_name=row.name,
        form=ScheduleForm.READY_BY if promise else ScheduleForm.CRON,
        hour=f"{promise.at:%H:%M}" if promise else None,
        weekdays=[Weekday(day) for day in promise.weekdays] if promise else [],
        cron=row.cron,
        zone=row.zone,
        catch_up=schedule.catch_up,
        overlap=schedule.overlap,
        next_run_at=row.next_run_at,
        ready_by=row.ready_by,
        paused=bool(row.token_dead),
        last_slot=row.last_slot,
        last_outcome=SlotOutcome(row.last_outcome) if row.last_outcome else None,
        schedule=schedule,
    )
