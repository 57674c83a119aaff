"""Values by name as the environment gives them, checked; what is wrong is collected, not raised."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parseaddr
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
SENDER = re.compile(r"[^@\s<>]+@[^@\s<>]+")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Variables:
    """An empty value is a missing one. No complaint repeats a value: it may be a secret."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.complaints: list[str] = []

    def text(self, name: str) -> str | None:
        return self._values.get(name, "").strip() or None

    def several(self, name: str) -> tuple[str, ...]:
        """Of a list with commas."""
        return tuple(each.strip() for each in (self.text(name) or "").split(",") if each.strip())

    def complain(self, name: str, what: str) -> None:
        """`what` goes on after the name, and says how to cure it."""
        self.complaints.append(f"{name} {what}")

    def need(self, name: str, cure: str) -> str:
        """Missing: complain, and say how to get one."""
        found = self.text(name)
        if found is None:
            self.complain(name, f"is missing. {cure}")
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
        self.complain(name, f"must be a whole number from {low} to {high}.")
        return default

    def choice(self, name: str, options: Sequence[str], default: str) -> str:
        found = (self.text(name) or default).lower()
        if found in options:
            return found
        self.complain(name, f"must be one of: {', '.join(options)}.")
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
            self.complain(name, f"must be an address such as {default}.")
        elif encrypted and parts.scheme == "http" and parts.hostname not in LOOPBACK:
            self.complain(name, "must begin with https:// in production: secrets travel there.")
        return found.rstrip("/")

    def database_url(self, name: str) -> Secret:
        """A plain postgresql:// one, whatever driver it names."""
        cure = "Give the address of a PostgreSQL: postgresql://user:password@host:5432/database"
        found = self.need(name, cure)
        plain = re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", found)
        if found and not _is_url(plain, ("postgresql",), path=True):
            self.complain(name, f"is not understood. {cure}")
        return Secret(plain)

    def redis_url(self, name: str) -> Secret:
        cure = "Give the address of a Redis or Valkey: redis://host:6379/0"
        found = self.need(name, cure)
        if found and not _is_url(found, ("redis", "rediss", "unix"), path=False):
            self.complain(name, f"is not understood. {cure}")
        return Secret(found)

    def smtp_url(self, name: str) -> tuple[Secret, bool]:
        """Also: is it on this machine?"""
        cure = (
            "Give the address of a mail server: smtp://user:password@host:587 (STARTTLS), or "
            "smtps://user:password@host:465"
        )
        found = self.need(name, cure)
        if found and not _is_url(found, ("smtp", "smtps"), path=False):
            self.complain(name, f"is not understood. {cure}")
            return Secret(""), False
        return Secret(found), bool(found) and urlsplit(found).hostname in LOOPBACK

    def sender(self, name: str) -> str:
        """An address that mails come from, with or without a name before it."""
        cure = "Give an address that mails come from: Stock Tracker <robot@example.com>"
        found = self.need(name, cure)
        address = parseaddr(found)[1]
        if found and not (SENDER.fullmatch(address) and found.isprintable()):
            self.complain(name, f"is not understood. {cure}")
        return found

    def master_key(self, name: str, old_name: str) -> Secret:
        """A ring of Fernet keys: what wraps all other keys."""
        found = self.text(name) or self.text(old_name)
        found = found or self.need(name, f"Make one, and keep it safe: {NEW_KEY}")
        if found and not all(sealed.is_key(each.strip()) for each in found.split(",")):
            self.complain(
                name, f"must be a Fernet key, or several with commas. Make one: {NEW_KEY}"
            )
        return Secret(found)

    def secret_key(self, name: str) -> Secret:
        cure = "Make one: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        found = self.need(name, cure)
        if found and len(found) < SHORTEST_SECRET:
            self.complain(name, f"is shorter than {SHORTEST_SECRET} characters. {cure}")
        return Secret(found)

    def service_accounts(self, name: str, path_name: str) -> tuple[Secret, ...]:
        """Google's key files of service accounts: one, or a list of them as JSON, as text or in a
        file; or a folder with a file for each, by name. The old product may have sealed any."""
        found, path = self.text(name), self.text(path_name)
        used = name if found else path_name
        texts = [found] if found else self._files(path_name, path) if path else []
        opened = [self._opened(used, each.strip()) for each in texts]
        keys = [key for text in opened if text for key in _keys(text)]
        addresses = [_client_email(key) for key in keys]
        if "" in addresses or (any(opened) and not keys):
            what = "is not the key file of a Google service account (JSON with client_email and"
            self.complain(used, f"{what} private_key). Make one in the Google Cloud console.")
        elif twice := sorted({each for each in addresses if addresses.count(each) > 1}):
            self.complain(used, f"names {', '.join(twice)} twice. Leave one key of each account.")
        return tuple(Secret(key) for key in keys)

    def oauth_client(self, id_name: str, secret_name: str) -> tuple[str, Secret] | None:
        """Both, or neither."""
        ident, secret = self.text(id_name), self.secret(secret_name)
        if ident is None and secret is None:
            return None
        cure = "Give both of the OAuth client (web application) from the Google Cloud console."
        self.need(id_name, cure)
        self.need(secret_name, cure)
        return ident or "", secret or Secret("")

    def cron(self, name: str, default: str) -> str:
        found = self.text(name) or default
        self._try(name, lambda: cron.check(by_cron(found, "UTC"), ANY_TIME))
        return found

    def zone(self, name: str, default: str) -> str:
        found = self.text(name) or default
        self._try(name, lambda: cron.check_zone(found))
        return found

    def _files(self, name: str, path: str) -> list[str]:
        place = Path(path).expanduser()
        try:
            files = sorted(place.glob("*.json")) if place.is_dir() else [place]
            texts = [each.read_text() for each in files]
        except (OSError, UnicodeDecodeError):
            self.complain(name, f"names a file that cannot be read: {path}")
            return []
        if not texts:
            self.complain(name, f"names a folder without key files (*.json): {path}")
        return texts

    def _opened(self, name: str, value: str) -> str:
        """What is not sealed is returned as it is; what no key opens is empty."""
        try:
            return sealed.opened(value, self._values) if sealed.is_sealed(value) else value
        except sealed.Shut:
            cure = "Set FERNET_KEY to the key it was sealed with, or enter the bare value."
            self.complain(name, f"was sealed by the old product, and no key here opens it. {cure}")
            return ""

    def _try(self, name: str, check: Callable[[], None]) -> None:
        try:
            check()
        except Invalid as wrong:
            self.complain(name, f"is not right: {wrong}")


def _is_url(text: str, schemes: Sequence[str], *, path: bool) -> bool:
    try:
        parts = urlsplit(text)
        located = parts.hostname or parts.scheme == "unix" or "host=" in parts.query
        valid_port = parts.port != 0
    except ValueError:
        return False
    named = not path or bool(parts.path.strip("/"))
    return parts.scheme in schemes and bool(located) and valid_port and named


def _keys(text: str) -> list[str]:
    """Of a list each for itself; what is no list is one."""
    try:
        read = json.loads(text)
    except ValueError:
        return [text]
    return [json.dumps(each) for each in read] if isinstance(read, list) else [text]


def _client_email(key: str) -> str:
    """ "" for what is no key."""
    try:
        read = json.loads(key)
    except ValueError:
        return ""
    whole = isinstance(read, dict) and read.get("private_key")
    return str(read.get("client_email") or "") if whole else ""
