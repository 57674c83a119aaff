"""How often each method was called: benchmarks count requests here."""

from collections import Counter


class Calls:
    """Counters since the last reset; refused calls count too."""

    def __init__(self) -> None:
        self.by_endpoint: Counter[str] = Counter()
        self.by_seller: dict[str, Counter[str]] = {}
        self.by_status: Counter[int] = Counter()

    @property
    def total(self) -> int:
        return self.by_endpoint.total()

    def note(self, endpoint: str, seller: str | None, status: int) -> None:
        self.by_endpoint[endpoint] += 1
        self.by_status[status] += 1
        if seller:
            self.by_seller.setdefault(seller, Counter())[endpoint] += 1

    def reset(self) -> None:
        self.by_endpoint.clear()
        self.by_seller.clear()
        self.by_status.clear()
