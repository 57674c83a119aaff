"""A worker that is frozen for longer than its runs are waited for, and goes on afterwards."""

import os
import random
import signal

from tests.app.engine_world import until
from tests.chaos.effects import OUTSIDE
from tests.chaos.fleet import fleet
from tests.memory import passing_folder

RUNNING = "SELECT worker FROM job_runs WHERE state = 'running' AND worker <> $1"
ENDED = "SELECT state, attempt FROM job_history"
ATTEMPTS = "SELECT worker, outcome FROM job_attempts ORDER BY attempt"


class Long(random.Random):
    """Of naps, the half before the effect outlasts the way to a signal."""

    def randint(self, low, high):
        return 3000 if high == 600 else super().randint(low, high)


async def test_who_wakes_after_its_run_was_given_away_has_no_effect_and_ends_nothing(postgres_url):
    with passing_folder() as folder:
        async with fleet(postgres_url, folder, workers=2, hurry=True) as made:
            await made.ask(Long(), 1, kind="asking")
            first = await until(lambda: made.first(RUNNING, ""), 60)
            sleeper = pid_of(first)
            os.kill(sleeper, signal.SIGSTOP)
            second = await until(lambda: made.first(RUNNING, first), 60)
            os.kill(sleeper, signal.SIGCONT)
            (ended,) = await until(lambda: made.fetch(ENDED), 60)

            assert tuple(ended) == ("succeeded", 2)
            assert (folder / OUTSIDE).read_text() == f"{pid_of(second)}\n"
            attempts = [tuple(each) for each in await made.fetch(ATTEMPTS)]
            assert attempts == [(first, "lost"), (second, "done")]


def pid_of(worker):
    return int(worker.rpartition(":")[2])
