"""A mail server on loopback that delivers nothing: it keeps what it gets and shows it."""

from sandbox.mail.mailbox import Fault, Letter, Mailbox
from sandbox.mail.routes import routers
from sandbox.mail.server import serving

__all__ = ("Fault", "Letter", "Mailbox", "routers", "serving")
