"""Kills the process it runs in at its n-th change of a file; imported by `sitecustomize`.

Python reports every file it opens for writing, renames, links, deletes or creates to its audit
hooks, so nothing of the program under test has to know about the test.
"""

import os
import signal
import sys

CHANGES = {"os.rename", "os.symlink", "os.remove", "os.mkdir", "os.truncate", "shutil.rmtree"}
WRITING = os.O_WRONLY | os.O_RDWR


def install(point: int, folder: str) -> None:
    """Kill this process with SIGKILL just before its `point`-th change below `folder`."""
    seen = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event == "open":
            path, _, flags = arguments
            if not isinstance(flags, int) or not flags & WRITING:
                return
        elif event in CHANGES:
            path = arguments[1] if event in ("os.rename", "os.symlink") else arguments[0]
        else:
            return
        if not str(path).startswith(folder):
            return
        seen += 1
        if seen == point:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
