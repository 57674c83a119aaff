"""All invented sellers together, and how they are kept: specs and a log of changes, as JSON."""

import time
from pathlib import Path

import msgspec

from sandbox.sellers.changes import Change, apply
from sandbox.sellers.seller import Seller, UnknownToSeller
from sandbox.sellers.spec import Spec


class Logged(msgspec.Struct, frozen=True, kw_only=True):
    """A change as it happened: to whom, when (epoch seconds), what."""

    seller: str
    at: float
    change: Change


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The file of a saved world."""

    version: int
    sellers: list[Spec]
    changes: list[Logged]


class SeedTaken(ValueError):
    """Two sellers of one seed would be one seller."""


class World:
    """Sellers by id (the ``sid`` of their tokens)."""

    def __init__(self) -> None:
        self.sellers: dict[str, Seller] = {}
        self._log: list[Logged] = []

    @classmethod
    def create(cls, *specs: Spec, now: float | None = None) -> "World":
        """A world of these sellers; a spec without ``start`` begins at ``now``."""
        world = cls()
        for spec in specs:
            world.add(spec, now=now)
        return world

    def add(self, spec: Spec, now: float | None = None) -> Seller:
        """One more seller, or SeedTaken."""
        if not spec.start:
            start = time.time() if now is None else now
            spec = msgspec.structs.replace(spec, start=float(int(start)))
        seller = Seller(spec)
        if seller.id in self.sellers:
            raise SeedTaken(f"seed: {spec.seed} is taken; choose another")
        self.sellers[seller.id] = seller
        return seller

    def seller(self, seller_id: str) -> Seller:
        """The seller of an id, or UnknownToSeller."""
        try:
            return self.sellers[seller_id]
        except KeyError:
            raise UnknownToSeller(f"seller: there is no seller {seller_id}") from None

    def change(self, seller_id: str, *changes: Change, at: float) -> Seller:
        """Let changes happen at a moment (epoch seconds) and remember them."""
        seller = self.seller(seller_id)
        for change in changes:
            apply(seller, change, at)
            self._log.append(Logged(seller=seller_id, at=at, change=change))
        return seller

    def save(self, path: Path) -> None:
        """Write the world down; the file is replaced whole or not at all."""
        specs = [seller.spec for seller in self.sellers.values()]
        kept = Kept(version=1, sellers=specs, changes=self._log)
        fresh = path.with_name(f"{path.name}.new")
        fresh.write_bytes(msgspec.json.encode(kept))
        fresh.replace(path)

    @classmethod
    def load(cls, path: Path) -> "World":
        """The world of a file; OSError or msgspec.DecodeError when there is none to read."""
        kept = msgspec.json.decode(path.read_bytes(), type=Kept)
        world = cls.create(*kept.sellers)
        for logged in kept.changes:
            world.change(logged.seller, logged.change, at=logged.at)
        return world
