"""Forks of one process that has imported the whole product: each is what `python -m app …` is, at a
tenth of what it costs to begin one.

A request is a line: what to run, and the standard streams to run it with. The answer is the
process's number; how it ended is written to a pipe of its own (see `tests.process`).

In one thing they differ: passwords are hashed at the least cost that bcrypt knows, for every story
registers people. What the product's hashes cost is proven in `tests/infrastructure/test_passwords.py`.
"""

import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys

from infrastructure.crypto import passwords

HEAVY = ("app.cli", "app.main", "app.worker", "app.demo", "app.doctor", "app.feed", "app.sync")
"""What the command line imports only when it is needed."""

CHEAPEST = 4
"""Of bcrypt."""
PIECE, STREAMS = 1 << 16, 4
LOOK = 0.01
"""Seconds between two looks for those that ended."""


def main():
    """Serve until who began us is gone; in a fork, run what was asked for."""
    for name in HEAVY:
        importlib.import_module(name)
    passwords.COST = CHEAPEST
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as client:
        asked = serve(client)
    if asked:
        sys.argv = [asked["module"], *asked["options"]]
        runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)


def serve(client):
    """What to run, in a fork; nothing at the end."""
    ends = {}
    while True:
        if select.select([client], [], [], LOOK if ends else None)[0]:
            asked, streams = receive(client)
            if not asked:
                return None
            end = streams.pop()
            pid = os.fork()
            if pid == 0:
                become(asked, streams, [end, *ends.values()])
                return asked
            ends[pid] = end
            for each in streams:
                os.close(each)
            client.send(str(pid).encode())
        while ends and (ended := os.waitpid(-1, os.WNOHANG))[0]:
            end = ends.pop(ended[0])
            os.write(end, str(os.waitstatus_to_exitcode(ended[1])).encode())
            os.close(end)


def receive(client):
    """A line, and what came with it."""
    line, streams, _, _ = socket.recv_fds(client, PIECE, STREAMS)
    while line and not line.endswith(b"\n"):
        line += client.recv(PIECE)
    return line and json.loads(line), streams


def become(asked, streams, strangers):
    """A process of its own, with a group of its own."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, each in enumerate(streams):
        os.dup2(each, number)
    for each in (*streams, *strangers):
        os.close(each)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environ"])


if __name__ == "__main__":
    main()
