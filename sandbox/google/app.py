"""The Google stand-in as one Litestar application."""

from litestar import Litestar, Router

from sandbox.google.drive import Drive
from sandbox.google.http.control import control_router
from sandbox.google.http.drive import drive_router
from sandbox.google.http.oauth import oauth_router
from sandbox.google.http.sheets import sheets_router
from sandbox.google.page.consent import consent_router
from sandbox.google.page.routes import page_router


def routers(drive: Drive) -> list[Router]:
    """Everything the stand-in serves, to be mounted into a larger application."""
    return [
        oauth_router(drive),
        consent_router(drive),
        sheets_router(drive),
        drive_router(drive),
        control_router(drive),
        page_router(drive),
    ]


def app(drive: Drive) -> Litestar:
    """A server of its own for one drive."""
    return Litestar(route_handlers=routers(drive), openapi_config=None, logging_config=None)
