"""A Wildberries that says again what was captured: `python -m sandbox --replay FILE`."""

from sandbox.replay.application import SELLER, replaying, token_of
from sandbox.replay.recording import Recording, Unreadable, load

__all__ = ["SELLER", "Recording", "Unreadable", "load", "replaying", "token_of"]
