"""One figure, one line of JSON: the same for people, for CI and for a spreadsheet."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def show(figure: str, value: float, unit: str, *, peer: str, peer_value: float) -> None:
    """Print a figure. `peer` names the workload and what `peer_value` is."""
    line = {
        "figure": figure,
        "value": _short(value),
        "unit": unit,
        "peer": peer,
        "peer_value": _short(peer_value),
        "ratio": _short(value / peer_value),
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def tell(what: str) -> None:
    """Where we are, for a person who waits."""
    print(what, file=sys.stderr, flush=True)


@contextmanager
def disturbed() -> Iterator[None]:
    """Tell afterwards which share of the processors' time the host gave to others meanwhile: above
    a few percent the figures say more of the host than of us. Linux only (proc(5), /proc/stat)."""
    stolen, whole = _spent()
    yield
    later, all_of_it = _spent()
    if all_of_it > whole:
        tell(f"taken by the host meanwhile: {(later - stolen) / (all_of_it - whole):.0%}")


def _spent() -> tuple[int, int]:
    """Ticks of all processors since the machine began: stolen ones, and all."""
    try:
        ticks = [int(each) for each in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    except OSError:
        return 0, 0
    return ticks[7], sum(ticks)


def _short(value: float) -> float:
    """Four digits say enough."""
    return value if isinstance(value, int) else float(f"{value:.4g}")
