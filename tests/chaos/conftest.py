"""How long the long proofs may take, together: `make chaos ARGS="--seconds 60"`. Without: to their
ends."""

import math
import time

import pytest


def pytest_addoption(parser):
    parser.addoption("--seconds", type=float, help="end the long proofs after so many, together")


@pytest.fixture
def limit(request):
    """This proof's part of the time."""
    seconds = request.config.getoption("--seconds")
    return Limit(math.inf if seconds is None else seconds / len(request.session.items))


class Limit:
    """`whole`: there is none, and what was wanted must be reached."""

    def __init__(self, seconds):
        self.whole = seconds == math.inf
        self._end = time.monotonic() + seconds

    def over(self):
        return time.monotonic() >= self._end
