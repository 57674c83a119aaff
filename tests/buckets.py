"""Buckets as tests name them."""

from domain.ports import Allowance


def bucket(key, burst, interval):
    """Of nobody in particular."""
    return Allowance(key=key, what="calls", of="", burst=burst, interval=interval)
