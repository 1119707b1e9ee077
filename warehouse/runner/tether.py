"""Start a command that ends when its parent does: `python -m warehouse.runner.tether COMMAND...`.

A run that is killed cannot clean up. Its children (dbt, the extraction) would go on writing
behind the back of the next run, so they ask the kernel for a signal on their parent's death.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Bind this process to its parent, then become the command given as arguments."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit("the parent process died before its command started")
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 -- the command is the program's own


if __name__ == "__main__":
    main()
