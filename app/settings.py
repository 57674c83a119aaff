"""The only reader of the environment: all settings, checked at the start, all complaints at once.

What counts, the strongest first: the environment, `.env` in the working folder, what the caller
supplies (`demo` brings its own servers and keys along).
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from app import dotenv
from app.google_settings import Google, google
from app.mail_settings import Mail, mail, public_url
from app.stripe_settings import Stripe, stripe
from app.variables import Variables
from domain.fact import fact
from domain.secrecy import Secret

NONE: Final[Mapping[str, str]] = MappingProxyType({})
HERE = Path()


@fact
class Wildberries:
    """Base addresses by group of methods, and how to show who asks. `auth_style`: raw, bearer.
    `speed`: how much faster than Wildberries' own the limits pass; above 1 for a stand-in only.
    `egress`: a name of the address that this process calls from."""

    content: str
    analytics: str
    statistics: str
    marketplace: str
    common: str
    supplies: str
    service_secret: Secret | None
    auth_style: str
    speed: int
    egress: str


@fact
class Logs:
    level: str
    file: Path | None


@fact
class Old:
    """What the single-user tool was told."""

    api_key: Secret | None
    sheet_id: str | None
    sheet_name: str
    schedule: str
    zone: str
    auto_sync: bool
    dry_run: bool


@fact
class Settings:
    """The whole product's. Without `mail` none is sent, without `stripe` nobody pays. `public_url`:
    where people find the console. `hints` are sentences for the operator: names that no longer
    matter."""

    production: bool
    database_url: Secret
    redis_url: Secret
    master_key: Secret
    secret_key: Secret
    host: str
    port: int
    trusted_proxies: int
    wildberries: Wildberries
    google: Google
    mail: Mail | None
    stripe: Stripe | None
    public_url: str
    logs: Logs
    old: Old
    hints: tuple[str, ...]


@fact
class Single:
    """The old single-user job's: no database, no accounts."""

    api_key: Secret
    sheet_id: str
    account: Secret
    wildberries: Wildberries
    google: Google
    logs: Logs
    old: Old


class WrongSettings(Exception):
    """What is wrong or missing: `complaints` has one sentence for each, with its cure."""

    def __init__(self, complaints: Sequence[str]) -> None:
        super().__init__("\n".join(("The settings are not right:", *complaints)))
        self.complaints = tuple(complaints)


def load(
    supplied: Mapping[str, str] = NONE,
    environ: Mapping[str, str] = os.environ,
    folder: Path = HERE,
) -> Settings:
    """Raises WrongSettings."""
    values, complaints = _values(supplied, environ, folder)
    found = Variables(values)
    production = _production(found)
    old = Variables(values)
    port = found.number("PORT", found.number("API_PORT", 8000, 1, 65535), 1, 65535)
    settings = Settings(
        production=production,
        database_url=found.database_url("DATABASE_URL"),
        redis_url=found.redis_url("REDIS_URL"),
        master_key=found.master_key("ENCRYPTION_MASTER_KEY", "FERNET_KEY"),
        secret_key=found.secret_key("SECRET_KEY"),
        host=found.text("API_HOST") or ("0.0.0.0" if production else "127.0.0.1"),  # noqa: S104 - a container is reached from outside
        port=port,
        trusted_proxies=found.number("TRUSTED_PROXIES", 0, 0, 10),
        wildberries=_wildberries(found, production=production),
        google=google(found, production=production),
        mail=mail(found, production=production),
        stripe=stripe(found, production=production),
        public_url=public_url(found, port, production=production),
        logs=_logs(found),
        old=_old(old),
        hints=tuple(_hints(values, old)),
    )
    _raise_if(complaints + found.complaints)
    return settings


def load_single(environ: Mapping[str, str] = os.environ, folder: Path = HERE) -> Single:
    """What `--sync-now` needs where there is no DATABASE_URL. Raises WrongSettings."""
    values, complaints = _values(NONE, environ, folder)
    found = Variables(values)
    production = _production(found)
    found.need("WILDBERRIES_API_KEY", "Make a token in the seller's cabinet: API access.")
    cure = "Open the sheet in a browser: it is the long part of the address after /d/."
    sheet_id = found.need("GOOGLE_SHEET_ID", cure)
    writers = google(found, production=production)
    if not writers.accounts and not any(
        "GOOGLE_SERVICE_ACCOUNT" in each for each in found.complaints
    ):
        cure = "Give the path of your service account's key file."
        found.need("GOOGLE_SERVICE_ACCOUNT_KEY_PATH", cure)
    old = _old(found)
    single = Single(
        api_key=old.api_key or Secret(""),
        sheet_id=sheet_id,
        account=writers.accounts[0] if writers.accounts else Secret(""),
        wildberries=_wildberries(found, production=production),
        google=writers,
        logs=_logs(found),
        old=old,
    )
    _raise_if(complaints + found.complaints)
    return single


def text(
    name: str, default: str = "", environ: Mapping[str, str] = os.environ, folder: Path = HERE
) -> str:
    """One value before the rest can be checked: which servers to start, which job to do."""
    values, _ = _values(NONE, environ, folder)
    return values.get(name, default)


def database_url(environ: Mapping[str, str] = os.environ, folder: Path = HERE) -> Secret:
    """For a tool that needs nothing else. Raises WrongSettings."""
    found = Variables({"DATABASE_URL": text("DATABASE_URL", "", environ, folder)})
    url = found.database_url("DATABASE_URL")
    _raise_if(found.complaints)
    return url


def number(
    name: str, default: int, environ: Mapping[str, str] = os.environ, folder: Path = HERE
) -> int:
    """The same for a port. Raises WrongSettings."""
    found = Variables({name: text(name, "", environ, folder)})
    port = found.number(name, default, 1, 65535)
    _raise_if(found.complaints)
    return port


def _values(
    supplied: Mapping[str, str], environ: Mapping[str, str], folder: Path
) -> tuple[dict[str, str], list[str]]:
    """An empty variable hides nothing: containers pass on every name, with or without a value."""
    try:
        written, complaints = dotenv.parse((folder / ".env").read_text())
    except FileNotFoundError:
        written, complaints = {}, []
    except (OSError, UnicodeDecodeError):
        written, complaints = {}, [".env cannot be read. Check its owner and mode, or remove it."]
    given = {name: value for name, value in environ.items() if value.strip()}
    return {**supplied, **{k: v for k, v in written.items() if v.strip()}, **given}, complaints


def _raise_if(complaints: Sequence[str]) -> None:
    if complaints:
        raise WrongSettings(complaints)


def _production(found: Variables) -> bool:
    options = ("development", "production")
    return found.choice("ENVIRONMENT", options, "development") == "production"


def _wildberries(found: Variables, *, production: bool) -> Wildberries:
    def host(group: str, default: str) -> str:
        name = f"WILDBERRIES_{group}_URL"
        return found.address(name, f"https://{default}.wildberries.ru", encrypted=production)

    return Wildberries(
        content=host("CONTENT", "content-api"),
        analytics=host("ANALYTICS", "seller-analytics-api"),
        statistics=host("STATISTICS", "statistics-api"),
        marketplace=host("MARKETPLACE", "marketplace-api"),
        common=host("COMMON", "common-api"),
        supplies=host("SUPPLIES", "supplies-api"),
        service_secret=found.secret("WILDBERRIES_SERVICE_SECRET"),
        auth_style=found.choice("WILDBERRIES_AUTH_STYLE", ("raw", "bearer"), "raw"),
        speed=found.number("WILDBERRIES_SPEED", 1, 1, 1 if production else 1000),
        egress=found.text("WILDBERRIES_EGRESS") or "",
    )


def _logs(found: Variables) -> Logs:
    file = found.text("LOG_FILE")
    levels = ("debug", "info", "warning", "error", "critical")
    return Logs(
        level=found.choice("LOG_LEVEL", levels, "info"),
        file=Path(file).expanduser() if file else None,
    )


def _old(found: Variables) -> Old:
    return Old(
        api_key=found.secret("WILDBERRIES_API_KEY"),
        sheet_id=found.text("GOOGLE_SHEET_ID"),
        sheet_name=found.text("GOOGLE_SHEET_NAME") or "Stock Tracker",
        schedule=found.cron("SYNC_SCHEDULE", "0 7 * * *"),
        zone=found.zone("TIMEZONE", "Europe/Moscow"),
        auto_sync=found.flag("AUTO_SYNC_ENABLED", default=True),
        dry_run=found.flag("DRY_RUN", default=False),
    )


def _hints(values: Mapping[str, str], old: Variables) -> list[str]:
    """A wrong value of the old tool's stops only who still uses it."""
    hints = [f"{each} Only the old single-user job reads it." for each in old.complaints]
    if celery := sorted(name for name in values if name.startswith("CELERY_")):
        hints.append(f"{', '.join(celery)}: no longer used, there is no Celery. Remove it.")
    if unused := sorted(name for name in values if name.startswith("SENTRY_")):
        hints.append(f"{', '.join(unused)}: accepted, but not used by this version yet.")
    paying = sorted(name for name in values if name.startswith("STRIPE_"))
    if paying and not values.get("STRIPE_SECRET_KEY"):
        hints.append(f"{', '.join(paying)}: not used without STRIPE_SECRET_KEY. Nobody pays.")
    if values.get("FERNET_KEY"):
        hints.append(_about_fernet_key(ignored="ENCRYPTION_MASTER_KEY" in values))
    if values.get("PORT") and values.get("API_PORT", values["PORT"]) != values["PORT"]:
        hints.append("PORT and API_PORT differ: PORT counts, it is what a hosting platform sets.")
    return hints


def _about_fernet_key(*, ignored: bool) -> str:
    if not ignored:
        return "FERNET_KEY is called ENCRYPTION_MASTER_KEY now: rename it."
    return (
        "FERNET_KEY is not used: ENCRYPTION_MASTER_KEY is. If the old product sealed with it, "
        "add its value to ENCRYPTION_MASTER_KEY after a comma; then remove it."
    )
