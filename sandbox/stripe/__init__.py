"""Stripe on loopback: a whole account that the real SDK talks to, and whose clock can be moved."""

from sandbox.stripe.app import app, routers
from sandbox.stripe.book import Book
from sandbox.stripe.faults import Fault
from sandbox.stripe.keeping import beating, load
from sandbox.stripe.settings import SECRET_KEY, WEBHOOK_SECRET, Hook, Settings
from sandbox.stripe.shop import price_list
from sandbox.stripe.webhooks.storm import Storm

__all__ = [
    "SECRET_KEY",
    "WEBHOOK_SECRET",
    "Book",
    "Fault",
    "Hook",
    "Settings",
    "Storm",
    "app",
    "beating",
    "load",
    "price_list",
    "routers",
]
