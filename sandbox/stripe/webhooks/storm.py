"""Trouble with deliveries: what a hostile or a tired network makes of them."""

import random
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from sandbox.stripe.errors import Json

DAY = 86_400


class Storm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`copies` of every delivery, in another order if `shuffle`; a share of them `late` by
    `late_seconds`. Beside the good ones a share, of 0 to 1, of spoilt ones: with a bad signature,
    signed a day ago or a day ahead, padded to `huge_bytes`, or of the wrong mode."""

    copies: int = 1
    shuffle: bool = False
    late: float = 0.0
    late_seconds: float = 0.2
    bad_signature: float = 0.0
    old: float = 0.0
    future: float = 0.0
    huge: float = 0.0
    huge_bytes: int = 2_000_000
    wrong_mode: float = 0.0
    seed: int = 0


class Letter(NamedTuple):
    """One delivery as it goes out. `number` is its delivery's; `spoilt` says how."""

    number: int
    body: bytes
    age: int = 0
    forged: bool = False
    wait: float = 0.0
    spoilt: str = ""


CALM = Storm()


def stormed(letters: Iterable[Letter], storm: Storm) -> list[Letter]:
    """All that goes out instead of these."""
    dice = random.Random(storm.seed)  # noqa: S311 - a storm is repeatable
    out = [each for letter in letters for each in _copies(letter, storm, dice)]
    if storm.shuffle:
        dice.shuffle(out)
    return out


def _copies(letter: Letter, storm: Storm, dice: random.Random) -> Iterator[Letter]:
    for _ in range(max(storm.copies, 1)):
        wait = storm.late_seconds if dice.random() < storm.late else 0.0
        yield letter._replace(wait=wait)
    for spoilt in ("bad_signature", "old", "future", "huge", "wrong_mode"):
        if dice.random() < getattr(storm, spoilt):
            yield _spoilt(letter, spoilt, storm)


def _spoilt(letter: Letter, how: str, storm: Storm) -> Letter:
    marked = letter._replace(spoilt=how)
    if how == "bad_signature":
        return marked._replace(forged=True)
    if how in ("old", "future"):
        return marked._replace(age=DAY if how == "old" else -DAY)
    told: Json = msgspec.json.decode(letter.body)
    changed = {"livemode": True} if how == "wrong_mode" else {"padding": "x" * storm.huge_bytes}
    return marked._replace(body=msgspec.json.encode({**told, **changed}))
