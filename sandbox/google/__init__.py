"""Google's Sheets, Drive and sign-in on loopback, so that everything works without an account."""

from sandbox.google.app import app, routers
from sandbox.google.drive import Drive
from sandbox.google.faults import Fault
from sandbox.google.files import File
from sandbox.google.model.spans import Span
from sandbox.google.person import Tab

__all__ = ["Drive", "Fault", "File", "Span", "Tab", "app", "routers"]
