"""Google before an operator set it up: all works but the sheet, which says what is missing."""

from domain.errors import Rejected
from domain.sheet_port import File, TabState, Target, Written
from infrastructure.google.believing import Known
from infrastructure.google.trail import Keep

MISSING = (
    "Google не настроен: задайте GOOGLE_SERVICE_ACCOUNT_KEY_PATH (ключ сервисного аккаунта) / "
    "Google is not set up: set GOOGLE_SERVICE_ACCOUNT_KEY_PATH (a service account's key)."
)


class NoGoogle:
    """Implements `domain.sheet_port.Sheet` by refusing."""

    address = ""

    async def reach(self) -> None:
        """Raises Rejected."""
        raise Rejected(MISSING, cause="google_credentials")

    async def check(self, spreadsheet_id: str) -> File:
        """Raises Rejected."""
        del spreadsheet_id
        raise Rejected(MISSING, cause="google_credentials")

    async def make(self, title: str) -> File:
        """Raises Rejected."""
        del title
        raise Rejected(MISSING, cause="google_credentials")

    async def write(
        self, target: Target, new: Known, old: Known | None, state: TabState | None, keep: Keep
    ) -> Written:
        """Raises Rejected."""
        del target, new, old, state, keep
        raise Rejected(MISSING, cause="google_credentials")
