"""Python's collector of garbage, set for values by the million without a cycle among them."""

import gc


def calm() -> None:
    """Look for garbage seldom, and never among what is loaded by now: with Python's own thresholds
    walking through a large shop, or a long history, was a third of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
