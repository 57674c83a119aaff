"""Ids that sort by the time they were made, so that a page of newest rows is one index range."""

import random
from datetime import datetime
from uuid import UUID


def uuid7(at: datetime) -> UUID:
    """A random id that begins with the millisecond of `at` (RFC 9562, 5.7)."""
    milliseconds = int(at.timestamp() * 1000)
    dice = random.getrandbits(74)
    high = milliseconds << 80 | 0x7 << 76 | (dice >> 62) << 64
    return UUID(int=high | 0b10 << 62 | dice & (1 << 62) - 1)


def id_in(text: str) -> UUID | None:
    """The id that this text is; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def first_at(at: datetime) -> UUID:
    """Not greater than any id made at `at` or later, greater than all made before."""
    return UUID(int=min(max(int(at.timestamp() * 1000), 0), (1 << 48) - 1) << 80)
