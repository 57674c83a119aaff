"""Parts of the product are kept alive, within reason, and leave nothing behind."""

import os
import signal
import time
from pathlib import Path

import pytest

from app.supervise import RESTARTS, Children, PartFailed

LONG = "import sys, time; print('up', flush=True); time.sleep(60)"
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def start(tmp_path):
    """Start a part that is this text of Python: the children, and the file of what it says."""
    children = Children()

    def part(text):
        (tmp_path / "part_of_a_test.py").write_text(text)
        output = tmp_path / "part.out"
        children.start("part", ["part_of_a_test"], {"PYTHONPATH": str(tmp_path)}, output)
        return children, output

    yield part
    children.stop()


def until(found):
    """What it finds, as soon as there is something."""
    end = time.monotonic() + 20
    while not (result := found()):
        assert time.monotonic() < end, "in vain"
        time.sleep(0.02)
    return result


def alive(pid):
    return Path(f"/proc/{pid}/cwd").is_dir()  # a zombie has none


def process_of(children):
    return children._processes[0]._process


def test_a_part_that_was_killed_is_started_again(start, caplog):
    children, output = start(LONG)
    first = process_of(children).pid
    until(output.read_text)
    os.kill(first, signal.SIGKILL)
    until(children.ended)
    children.revive()

    until(lambda: output.read_text().count("up") == 2)
    assert children.ended() is None
    assert process_of(children).pid != first
    assert "part: ended with code -9; starting it again" in caplog.text


def test_a_part_that_does_not_stay_up_is_given_up_and_its_log_is_named(start):
    children, output = start("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    for _ in range(RESTARTS):
        until(children.ended)
        children.revive()
    until(children.ended)

    with pytest.raises(PartFailed, match=rf"{RESTARTS + 1} times within 60 seconds.*{output}"):
        children.revive()


def test_a_part_that_cannot_start_is_not_started_again(start):
    children, output = start("raise SystemExit(1)")
    until(children.ended)

    with pytest.raises(PartFailed, match=rf"part: ended with code 1\. Its log: {output}"):
        children.revive()


def test_what_a_killed_part_leaves_running_ends_before_it_is_started_again(start):
    children, output = start(PARENT)
    left = int(until(output.read_text))
    process_of(children).kill()
    until(children.ended)
    assert alive(left)
    children.revive()

    until(lambda: not alive(left))


def test_stopping_ends_all_that_a_part_has_started(start):
    children, output = start(PARENT)
    left = int(until(output.read_text))
    children.stop()

    assert children.ended() is None
    until(lambda: not alive(left))
