"""How alike two names are: as pg_trgm reckons it, so that a slip of the pen finds the shop."""

import re
from collections.abc import Iterator

ALIKE = 0.3
"""The least similarity that counts, from 0 to 1; pg_trgm.similarity_threshold has the same."""


def folded(name: str) -> str:
    """For comparing only: one case, one space, and ё is е, as people type it."""
    return " ".join(name.casefold().replace("ё", "е").split())


def begins(name: str, start: str) -> bool:
    """Does the name, or a word of it, begin so? Both folded."""
    return f" {name}".find(f" {start}") >= 0


def similarity(one: str, other: str) -> float:
    """Trigrams they share, of all that either has; both folded.

    PostgreSQL, F.35 pg_trgm: a word is of letters and digits, with two blanks before and one after.
    """
    ours, theirs = set(_trigrams(one)), set(_trigrams(other))
    return len(ours & theirs) / len(ours | theirs) if ours and theirs else 0.0


def _trigrams(name: str) -> Iterator[str]:
    for word in re.findall(r"[^\W_]+", name):
        padded = f"  {word} "
        yield from (padded[n : n + 3] for n in range(len(padded) - 2))
