"""One seller's orders as Wildberries would know them at a moment."""

from bisect import bisect_left, bisect_right, insort

from sandbox.sellers.catalogue import Card
from sandbox.sellers.orders import Order, of_day
from sandbox.sellers.places import Place
from sandbox.sellers.spec import DAY_S, KEPT_DAYS, Spec, midnight, moscow_day


class OrderBook:
    """All states of all orders, by lastChangeDate."""

    def __init__(self, spec: Spec, cards: list[Card], places: list[Place]) -> None:
        self.lively = spec.lively
        self.closed: dict[int, float] = {}
        self._spec = spec
        self._cards = cards
        self._places = list(places)
        self._states: list[Order] = []
        self._drawn_to = moscow_day(spec.start) - spec.history_days - 1

    def changed_since(self, since: float, now: float) -> list[Order]:
        """States with a change at or after ``since`` that are known at ``now``, in its order."""
        states = self._known(now)
        first = bisect_left(states, since, key=_changed)
        last = bisect_right(states, now, key=_changed)
        oldest, closed = now - KEPT_DAYS * DAY_S, self.closed
        return [
            order
            for order in states[first:last]
            if order.at >= oldest and (not closed or order.at <= closed.get(order.card.nm, now))
        ]

    def current(self, first_day: int, last_day: int, now: float) -> dict[str, Order]:
        """The last known state of each order made on these Moscow days, by srid."""
        begin, end = midnight(first_day), midnight(last_day + 1)
        states = self.changed_since(begin, now)
        return {order.srid: order for order in states if begin <= order.at < end}

    def add(self, order: Order) -> None:
        """Keep an order, or a later state of one, that was not drawn but asked for."""
        insort(self._states, order, key=_place_in_time)

    def _known(self, now: float) -> list[Order]:
        horizon = moscow_day(now if self.lively else self._spec.start)
        begun = self._spec.start
        if self._drawn_to < horizon and self._cards:
            for day in range(self._drawn_to + 1, horizon + 1):
                drawn = of_day(self._spec, day, self._cards, self._places)
                states = drawn if self.lively else (o for o in drawn if o.changed <= begun)
                self._states.extend(states)
            self._states.sort(key=_place_in_time)
            self._drawn_to = horizon
        return self._states


def _changed(order: Order) -> int:
    return order.changed


def _place_in_time(order: Order) -> tuple[int, str]:
    return order.changed, order.srid
