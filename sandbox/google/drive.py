"""The files of everybody, who may open them, and the machinery around them."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sandbox.google.accounts import Accounts, is_service
from sandbox.google.errors import DriveRefusal, Refusal
from sandbox.google.faults import Calls, Faults
from sandbox.google.files import STRENGTH, File, Setting
from sandbox.google.model.book import Book
from sandbox.google.model.sheet import Sheet
from sandbox.google.quotas import Quotas
from sandbox.google.state import dumped, restored
from sandbox.google.tokens import Principal, Tokens


class Drive:
    """All state of the Google stand-in.

    `clock` gives NOW() and file times; `timer` (seconds) rules tokens and quotas;
    `person` owns what is made on the page.
    """

    def __init__(
        self,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        timer: Callable[[], float] = time.time,
        quota_scale: float | None = 1.0,
        person: str = "seller@example.com",
    ) -> None:
        self.setting = Setting(clock)
        self.accounts = Accounts()
        self.tokens = Tokens(self.accounts, timer)
        self.quotas = Quotas(timer, quota_scale)
        self.faults = Faults()
        self.calls = Calls()
        self.files: dict[str, File] = {}
        self.person = person
        self.locale = "ru_RU"

    def create(
        self,
        title: str,
        owner: str,
        locale: str = "ru_RU",
        zone: str = "Europe/Moscow",
        *,
        made_by: str = "",
    ) -> File:
        """A new file with one empty tab, as a person makes it, or a program for her."""
        book = Book(secrets.token_urlsafe(32)[:44], title, owner.lower())
        book.locale, book.zone = locale, zone
        book.sheets.append(Sheet(0, "Лист1" if locale.startswith("ru") else "Sheet1"))
        file = self.keep(book)
        file.made_by = made_by
        return file

    def keep(self, book: Book) -> File:
        """Put a book among the files, owned and opened by its owner."""
        now = self.setting.clock()
        file = File(self.setting, book, now, now)
        file.share(book.owner, "owner")
        self.files[book.id] = file
        return file

    def copy(self, source: File, title: str, owner: str) -> File:
        """A copy of a file in somebody's Drive; shares stay behind, tags come along."""
        book = source.book.copy()
        book.id, book.title, book.owner = secrets.token_urlsafe(32)[:44], title, owner.lower()
        return self.keep(book)

    def reachable(self, file_id: str, who: Principal) -> File | None:
        """The file, if there is one for this caller: `drive.file` shows what its program made."""
        file = self.files.get(file_id)
        hidden = file is not None and who.confined and file.made_by != who.client
        return None if hidden else file

    def opened(self, file_id: str, who: Principal, *, write: bool) -> File:
        """The file for this caller; 404 if unknown or deleted, 403 if not shared enough."""
        file = self.reachable(file_id, who)
        if file is None:
            raise Refusal(404)
        if STRENGTH[file.role(who.email)] < (2 if write else 1):
            raise Refusal(403)
        return file

    def visible(self, who: str) -> list[File]:
        """The files this address can open, the newest first."""
        return [file for file in self.recent() if file.role(who)]

    def recent(self) -> list[File]:
        """All files, the last changed first."""
        return sorted(self.files.values(), key=lambda file: file.modified, reverse=True)

    def delete(self, file_id: str) -> None:
        self.files.pop(file_id, None)

    def check_room(self, who: str) -> None:
        """403 storageQuotaExceeded for a service account: it has no Drive of its own."""
        if is_service(who):
            raise DriveRefusal(
                403,
                "storageQuotaExceeded",
                "Service Accounts do not have storage quota. Leverage shared drives "
                "(https://developers.google.com/workspace/drive/api/guides/about-shareddrives), "
                "or use OAuth delegation instead.",
                "usageLimits",
            )

    def save(self, path: Path) -> None:
        """Write files, shares and accounts to a JSON file, whole or not at all."""
        fresh = path.with_suffix(path.suffix + ".new")
        fresh.write_bytes(dumped(self))
        fresh.replace(path)

    def load(self, path: Path) -> None:
        """Take over what `save` wrote."""
        restored(self, path.read_bytes())
