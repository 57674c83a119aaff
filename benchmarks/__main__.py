"""`python -m benchmarks [NAME]`: everything, or one; figures on standard output."""

import argparse
from collections.abc import Callable, Mapping

from benchmarks import (
    append,
    audit,
    cold,
    dashboard,
    fair,
    feed,
    planner,
    report,
    runs,
    schedules,
    sync,
    webhook,
)
from benchmarks.figures import disturbed

BENCHMARKS: Mapping[str, Callable[[], None]] = {
    "sync": sync.measure,
    "planner": planner.measure,
    "cold": cold.measure,
    "append": append.measure,
    "feed": feed.measure,
    "audit": audit.measure,
    "schedules": schedules.measure,
    "runs": runs.measure,
    "fair": fair.measure,
    "dashboard": dashboard.measure,
    "report": report.measure,
    "webhook": webhook.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(BENCHMARKS), help="without it: all")
    name = parser.parse_args().name
    for benchmark in [BENCHMARKS[name]] if name else BENCHMARKS.values():
        with disturbed():
            benchmark()


if __name__ == "__main__":
    main()
