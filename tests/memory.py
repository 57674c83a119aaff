"""Where servers of the tests keep their data: in memory, if there is plenty of it.

A new database is three hundred files, which on a disk's file system cost the processor ten times as
much as here, and most of the time of the tests that make one. What a killed run leaves behind stays
there; when that has become too much, the disk is good enough.
"""

import os
from contextlib import suppress
from pathlib import Path

from sandbox.servers import temporary_folder

MEMORY = Path("/dev/shm")  # noqa: S108 - only as the parent of a folder with a secret name
PLENTY = 3 << 30
"""Bytes that must be free: all tests together need a fifteenth of it, what kills them a third."""


def passing_folder():
    """A folder for servers that goes away with everything in it."""
    return temporary_folder(*([MEMORY] if _free(MEMORY) > PLENTY else []))


def _free(place):
    """Bytes that servers may use there; none where nothing may be run, as they may have to copy
    their programs."""
    with suppress(OSError):
        found = os.statvfs(place)
        if not found.f_flag & os.ST_NOEXEC:
            return min(found.f_bavail * found.f_frsize, _available())
    return 0


def _available():
    """Bytes of the machine's memory."""
    told = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    return int(told["MemAvailable"].split()[0]) << 10
