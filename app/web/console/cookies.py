"""The console's cookies: by what name, for how long, and how a browser has to keep them."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from litestar import Request
from litestar.datastructures import Cookie

from app.web.door import door_of
from app.web.languages import LANGUAGES, preferred

THEMES = ("auto", "light", "dark")
A_YEAR = timedelta(days=365)
MOSCOW = ZoneInfo("Europe/Moscow")
"""Where the sellers' day is counted."""

_ZONES = available_timezones()


def cookie(request: Request[Any, Any, Any], name: str, value: str, life: timedelta) -> Cookie:
    """No script reads it, and no other site's form brings it along. Over https its name carries
    `__Host-`: then no neighbouring host can plant it (RFC 6265bis, 4.1.3.2)."""
    secure = door_of(request).secure
    return Cookie(
        key=_name(name, secure=secure),
        value=value,
        path="/",
        max_age=int(life.total_seconds()),
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def forgotten(request: Request[Any, Any, Any], name: str) -> Cookie:
    """The browser drops it at once."""
    return cookie(request, name, "", timedelta(0))


def cookie_of(request: Request[Any, Any, Any], name: str) -> str:
    """Its value; over https one without the prefix does not count."""
    return request.cookies.get(_name(name, secure=door_of(request).secure), "")


def language_of(request: Request[Any, Any, Any]) -> str:
    """What she chose; else what her browser prefers."""
    chosen = cookie_of(request, "language")
    if chosen in LANGUAGES:
        return chosen
    return preferred(request.headers.get("accept-language", ""))


def theme_of(request: Request[Any, Any, Any]) -> str:
    """What she chose; else the system's."""
    chosen = cookie_of(request, "theme")
    return chosen if chosen in THEMES else "auto"


def zone_of(request: Request[Any, Any, Any]) -> ZoneInfo:
    """The one she set her schedule in; else Moscow's."""
    chosen = cookie_of(request, "zone").replace(".", "/")
    return ZoneInfo(chosen) if chosen in _ZONES else MOSCOW


def zone_cookie(request: Request[Any, Any, Any], zone: str) -> Cookie:
    """Remember it. A slash would have to be quoted (RFC 6265, 4.1.1); no zone has a dot."""
    return cookie(request, "zone", zone.replace("/", "."), A_YEAR)


def _name(name: str, *, secure: bool) -> str:
    return f"__Host-{name}" if secure else name
