"""What a shop's people are told of: each fact is one run, which sends the mails."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from domain import health
from domain.events import Recorded
from domain.notices import OF_CAUSE, Notice
from domain.run import PATIENT, Run


def react(recorded: Recorded) -> Iterator[Run]:
    match recorded.event:
        case health.TokenExpiring(shop_id=shop_id) as event:
            more = {"token": str(event.token_id), "ends": event.expires_at.isoformat()}
            yield _notice(recorded, Notice.TOKEN_EXPIRING, shop_id, more)
        case health.ShopBroke(shop_id=shop_id, cause=cause) if cause in OF_CAUSE:
            yield _notice(recorded, OF_CAUSE[cause], shop_id, {"cause": cause})
        case health.HourMissed(shop_id=shop_id, hour=hour):
            yield _notice(recorded, Notice.LATE, shop_id, {"hour": hour.isoformat()})
        case health.ShopRecovered(shop_id=shop_id):
            yield _notice(recorded, Notice.RECOVERED, shop_id, {})


def _notice(recorded: Recorded, kind: Notice, shop_id: UUID, more: Mapping[str, str]) -> Run:
    """Ids and words alone: who is written to, and where, is looked up when it is sent."""
    return Run(
        kind="notice",
        key=f"notice:{recorded.event_id}",
        shop_id=shop_id,
        args={"notice": str(kind), "at": recorded.at.isoformat(), **more},
        priority=PATIENT,
    )
