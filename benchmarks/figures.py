"""One figure, one line of JSON: the same for people, for CI and for a spreadsheet."""

import json
import sys


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


def _short(value: float) -> float:
    """Four digits say enough."""
    return value if isinstance(value, int) else float(f"{value:.4g}")
