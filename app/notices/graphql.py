"""What somebody is told of by mail, over GraphQL."""

from datetime import datetime

import strawberry

from app.graphql.context import Info, asker_of
from app.graphql.errors import UserError, refusals
from app.graphql.fields import listed, mutation, query, said
from app.notices.choose import Choose, Wish
from app.notices.read import Person, myself
from domain.access import Role
from domain.notices import Notice

strawberry.enum(Notice, name="NoticeKind", description="What a mail may be about.")


@strawberry.type(description="What a person is told of by mail, in one company.")
class Notices:
    kinds: list[Notice] = listed(5, "What she is told of.")
    at_night: bool = said("Also from 21:00 to 08:00 by the clocks of the shop.")
    language: str = said("Of her mails: ru or en; the same in all her companies.")
    failed_at: datetime | None = said(
        "Since then her address is known to have nobody behind it, and nothing is sent there."
    )
    on: bool = said("Whether this server sends mails at all.")


@strawberry.type
class Query:
    @query(Role.VIEWER, "What the caller is told of by mail; null for who has just left.")
    async def notices(self, info: Info) -> Notices | None:
        return await _mine(info)


@strawberry.input(description="What to be told of by mail.")
class ChooseNoticesInput:
    kinds: list[Notice] = said("What to be told of; an empty list: nothing.")
    at_night: bool = strawberry.field(
        default=False, description="Also from 21:00 to 08:00 by the clocks of the shop."
    )
    language: str | None = strawberry.field(
        default=None,
        description="Of the mails, in all companies: ru or en; null leaves it as it is.",
    )


@strawberry.type(description="What came of choosing.")
class ChooseNoticesPayload:
    notices: Notices | None = strawberry.field(default=None, description="As chosen.")
    user_errors: list[UserError] = refusals()


@strawberry.type
class Mutation:
    @mutation(Role.VIEWER, "Choose what the caller is told of by mail, in this company.")
    async def choose_notices(self, info: Info, input: ChooseNoticesInput) -> ChooseNoticesPayload:  # noqa: A002 - its name in the API
        ports = info.context.ports
        choose = Choose(handle=ports.handle, addressees=ports.addressees)
        wish = Wish(
            kinds=tuple(str(each) for each in input.kinds),
            at_night=input.at_night,
            language=input.language,
        )
        await choose.choose(asker_of(info, input), wish)
        return ChooseNoticesPayload(notices=await _mine(info))


async def _mine(info: Info) -> Notices | None:
    ports = info.context.ports
    person = await myself(ports.database, info.context.scope)
    return None if person is None else _shown(person, on=ports.mails)


def _shown(person: Person, *, on: bool) -> Notices:
    return Notices(
        kinds=[Notice(each) for each in person.choice.kinds],
        at_night=person.choice.at_night,
        language=person.language,
        failed_at=person.failed_at,
        on=on,
    )
