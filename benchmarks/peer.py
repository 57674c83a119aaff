"""The peer, in a process of its own: `eventsourcing` on PostgreSQL, as its tutorial writes it.

Asked on standard input, one JSON line each; it answers with one line, a number.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from itertools import count
from threading import Thread
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

SHEET = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"


class Shop(Aggregate):
    """What our shop is, as far as the measured command goes."""

    @event("Connected")
    def __init__(self, marketplace: str, seller: str, sheet: str) -> None:
        self.marketplace, self.seller, self.sheet = marketplace, seller, sheet
        self.schedule = ("", "")

    @event("ScheduleSet")
    def set_schedule(self, shop: UUID, cron: str, zone: str) -> None:
        self.synced, self.schedule = shop, (cron, zone)


class Peer:
    """Every measurement that is made of it."""

    def __init__(self) -> None:
        self._shops: Application[UUID] = Application(env=os.environ)
        self._ids: list[UUID] = []
        self._turns = count()

    def make(self, aggregates: int, events: int) -> float:
        """So many, of so many events each."""
        for _ in range(aggregates):
            made = Shop("wildberries", str(uuid4()), SHEET)
            for minute in range(events - 1):
                made.set_schedule(made.id, f"{minute} 7 * * *", "Europe/Moscow")
            self._shops.save(made)
            self._ids.append(made.id)
        return aggregates

    def commands(self, threads: int, seconds: float) -> float:
        """get + command + save, a second; never one aggregate twice at once."""
        began = time.perf_counter()
        done = [0] * threads

        def work(me: int) -> None:
            while time.perf_counter() < began + seconds:
                turn = next(self._turns)
                one: Shop = self._shops.repository.get(self._ids[turn % len(self._ids)])
                one.set_schedule(one.id, f"{turn % 60} 8 * * *", "Europe/Moscow")
                self._shops.save(one)
                done[me] += 1

        hands = [Thread(target=work, args=(me,)) for me in range(threads)]
        for each in hands:
            each.start()
        for each in hands:
            each.join()
        return sum(done) / (time.perf_counter() - began)

    def log(self, page: int) -> float:
        """Events a second of the whole notification log, decoded."""
        began, read, start = time.perf_counter(), 0, 1
        decode = self._shops.mapper.to_domain_event
        while notices := self._shops.recorder.select_notifications(start, page):
            for each in notices:
                decode(each)
            read += len(notices)
            start = notices[-1].id + 1
        return read / (time.perf_counter() - began)

    def close(self) -> None:
        self._shops.close()


def main() -> None:
    """Until standard input ends."""
    peer = Peer()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    known: Mapping[str, Callable[..., float]] = {
        "make": peer.make,
        "commands": peer.commands,
        "log": peer.log,
    }
    for line in sys.stdin:
        name, *asked = json.loads(line)
        print(known[name](*asked), flush=True)
    peer.close()


if __name__ == "__main__":
    main()
