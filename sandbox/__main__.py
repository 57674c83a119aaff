"""`python -m sandbox --port 8001 --data FOLDER`: the outside world on loopback.

With `--replay FILE` its Wildberries says what `stock-tracker capture` wrote down.
"""

import argparse
import asyncio
import os
import signal
import threading
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server

from sandbox.replay import Recording, Unreadable, load
from sandbox.stage import stage


async def main(port: int, folder: Path, recording: Recording | None) -> None:
    """Until SIGTERM or SIGINT."""
    server = Server(
        stage(folder, f"http://127.0.0.1:{port}", recording),
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
    )
    loop = asyncio.get_running_loop()
    for word in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(word, server.stop)
    await server.serve()


def end_with_parent() -> None:
    """When our starter is gone, its end of our standard input closes."""

    def watch() -> None:
        while os.read(0, 1024):  # not sys.stdin: its lock, held across a fork, hangs the child
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--data", type=Path, default=Path(".data/sandbox"))
    parser.add_argument("--replay", type=Path, metavar="FILE", help="a capture, zipped or unpacked")
    parser.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.supervised:
        end_with_parent()
    try:
        captured = load(asked.replay) if asked.replay else None
    except Unreadable as no:
        parser.exit(2, f"{no}\n")
    asyncio.run(main(asked.port, asked.data, captured))
