"""A stand-in of Wildberries: its tokens, limits, cursors, reports, errors and bad days."""

from sandbox.wildberries import tokens
from sandbox.wildberries.application import app, application
from sandbox.wildberries.faults import Fault
from sandbox.wildberries.market import Market, Settings

__all__ = ["Fault", "Market", "Settings", "app", "application", "tokens"]
