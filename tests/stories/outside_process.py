"""`python -m sandbox` with quotas of Google that a hundred stories a minute do not exhaust."""

import runpy

from sandbox.google import quotas

if __name__ == "__main__":
    quotas.PER_USER = quotas.PER_PROJECT = 10_000
    runpy.run_module("sandbox", run_name="__main__", alter_sys=True)
