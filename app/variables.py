"""Values by name as the environment gives them, checked; what is wrong is collected, not raised."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from app import cron, sealed
from domain.errors import Invalid
from domain.schedule import by_cron
from domain.secrecy import Secret

NEW_KEY = (
    "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
)
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
SHORTEST_SECRET = 16
ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Variables:
    """An empty value is a missing one. No complaint repeats a value: it may be a secret."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.complaints: list[str] = []

    def text(self, name: str) -> str | None:
        return self._values.get(name, "").strip() or None

    def need(self, name: str, cure: str) -> str:
        """Missing: complain, and say how to get one."""
        found = self.text(name)
        if found is None:
            self._complain(name, f"is missing. {cure}")
        return found or ""

    def secret(self, name: str) -> Secret | None:
        """Opened, if the old product had sealed it."""
        found = self.text(name)
        return Secret(self._opened(name, found)) if found else None

    def number(self, name: str, default: int, low: int, high: int) -> int:
        found = self.text(name)
        if found is None:
            return default
        if found.isascii() and found.isdigit() and low <= int(found) <= high:
            return int(found)
        self._complain(name, f"must be a whole number from {low} to {high}.")
        return default

    def choice(self, name: str, options: Sequence[str], default: str) -> str:
        found = (self.text(name) or default).lower()
        if found in options:
            return found
        self._complain(name, f"must be one of: {', '.join(options)}.")
        return default

    def flag(self, name: str, *, default: bool) -> bool:
        found = self.choice(name, (*YES, *NO), YES[1] if default else NO[1])
        return found in YES

    def address(self, name: str, default: str, *, encrypted: bool) -> str:
        """An https address without a slash at the end. Tokens travel there: plain http must stay
        on this machine if `encrypted` is asked for."""
        found = self.text(name) or default
        try:
            parts = urlsplit(found)
            good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            good, parts = False, urlsplit("")
        if not good:
            self._complain(name, f"must be an address such as {default}.")
        elif encrypted and parts.scheme == "http" and parts.hostname not in LOOPBACK:
            self._complain(name, "must begin with https:// in production: secrets travel there.")
        return found.rstrip("/")

    def database_url(self, name: str) -> Secret:
        """A plain postgresql:// one, whatever driver it names."""
        cure = "Give the address of a PostgreSQL: postgresql://user:password@host:5432/database"
        found = self.need(name, cure)
        plain = re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", found)
        if found and not _is_url(plain, ("postgresql",), path=True):
            self._complain(name, f"is not understood. {cure}")
        return Secret(plain)

    def redis_url(self, name: str) -> Secret:
        cure = "Give the address of a Redis or Valkey: redis://host:6379/0"
        found = self.need(name, cure)
        if found and not _is_url(found, ("redis", "rediss", "unix"), path=False):
            self._complain(name, f"is not understood. {cure}")
        return Secret(found)

    def master_key(self, name: str, old_name: str) -> Secret:
        """A ring of Fernet keys: what wraps all other keys."""
        found = self.text(name) or self.text(old_name)
        found = found or self.need(name, f"Make one, and keep it safe: {NEW_KEY}")
        if found and not all(sealed.is_key(each.strip()) for each in found.split(",")):
            self._complain(
                name, f"must be a Fernet key, or several with commas. Make one: {NEW_KEY}"
            )
        return Secret(found)

    def secret_key(self, name: str) -> Secret:
        cure = "Make one: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        found = self.need(name, cure)
        if found and len(found) < SHORTEST_SECRET:
            self._complain(name, f"is shorter than {SHORTEST_SECRET} characters. {cure}")
        return Secret(found)

    def service_account(self, name: str, path_name: str) -> Secret | None:
        """Google's key file for a service account: as text, or by its path; either may be sealed by
        the old product."""
        found, path = self.text(name), self.text(path_name)
        used = name if found else path_name
        if not found and path:
            try:
                found = Path(path).expanduser().read_text()
            except (OSError, UnicodeDecodeError):
                self._complain(path_name, f"names a file that cannot be read: {path}")
        found = self._opened(used, found.strip()) if found else None
        if found and not _is_service_account(found):
            what = "is not the key file of a Google service account (JSON with client_email and"
            self._complain(used, f"{what} private_key). Make one in the Google Cloud console.")
        return Secret(found) if found else None

    def cron(self, name: str, default: str) -> str:
        found = self.text(name) or default
        self._try(name, lambda: cron.check(by_cron(found, "UTC"), ANY_TIME))
        return found

    def zone(self, name: str, default: str) -> str:
        found = self.text(name) or default
        self._try(name, lambda: cron.check_zone(found))
        return found

    def _opened(self, name: str, value: str) -> str:
        """What is not sealed is returned as it is; what no key opens is empty."""
        try:
            return sealed.opened(value, self._values) if sealed.is_sealed(value) else value
        except sealed.Shut:
            cure = "Set FERNET_KEY to the key it was sealed with, or enter the bare value."
            self._complain(name, f"was sealed by the old product, and no key here opens it. {cure}")
            return ""

    def _try(self, name: str, check: Callable[[], None]) -> None:
        try:
            check()
        except Invalid as wrong:
            self._complain(name, f"is not right: {wrong}")

    def _complain(self, name: str, what: str) -> None:
        self.complaints.append(f"{name} {what}")


def _is_url(text: str, schemes: Sequence[str], *, path: bool) -> bool:
    try:
        parts = urlsplit(text)
        located = parts.hostname or parts.scheme == "unix" or "host=" in parts.query
        valid_port = parts.port != 0
    except ValueError:
        return False
    named = not path or bool(parts.path.strip("/"))
    return parts.scheme in schemes and bool(located) and valid_port and named


def _is_service_account(text: str) -> bool:
    try:
        read = json.loads(text)
    except ValueError:
        return False
    return isinstance(read, dict) and {"client_email", "private_key"} <= read.keys()
