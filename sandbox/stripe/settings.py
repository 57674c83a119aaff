"""What an account's owner chooses in Stripe's dashboard, and where its webhooks go."""

from typing import Literal

import msgspec

SECRET_KEY = "sk_test_sandbox"  # noqa: S105 - the sandbox's own
WEBHOOK_SECRET = "whsec_sandbox"  # noqa: S105 - the sandbox's own


class Settings(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Days and seconds are of the account's clock.

    `retry_days`: a failed renewal is tried again so long after the attempt before; afterwards the
    subscription becomes `when_unpaid`. `draft_seconds`: a renewal's invoice can be edited so long
    before it is charged. `overdue_days`: after so many an open invoice is overdue; None: never.
    `debit_days`: so long a bank debit takes. `finalization_fails`: as when a tax location is
    missing, renewals stay unbilled drafts.
    """

    retry_days: tuple[int, ...] = (3, 5, 7)
    when_unpaid: Literal["canceled", "unpaid", "past_due"] = "canceled"
    draft_seconds: int = 3_600
    upcoming_days: int = 3
    overdue_days: int | None = None
    debit_days: int = 3
    finalization_fails: bool = False


class Hook(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A webhook endpoint. Of several secrets all sign, as while one is rolled. No types: all."""

    url: str
    secrets: list[str] = msgspec.field(default_factory=lambda: [WEBHOOK_SECRET])
    types: list[str] = []
    thin: bool = False
    name: str = "main"

    def wants(self, kind: str) -> bool:
        return not self.types or kind in self.types
