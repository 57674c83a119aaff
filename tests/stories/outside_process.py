"""`python -m sandbox` with quotas of Google that a hundred stories a minute do not exhaust, and of
Wildberries that a plain Base token does not wait hours for, nor minutes of the stories' time."""

import os
import runpy

from sandbox import stage
from sandbox.google import quotas

FAST = 1_000
"""Three hours, which lie between two answers to a plain Base token, in eleven seconds."""

if __name__ == "__main__":
    quotas.PER_USER = quotas.PER_PROJECT = 10_000
    if os.environ.get("STORIES_TOKEN") == "base":
        stage.SPEED = FAST
    runpy.run_module("sandbox", run_name="__main__", alter_sys=True)
