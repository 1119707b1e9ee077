"""Run the extract command and end the process with SIGKILL at a chosen call.

Usage: python -m tests.extract.crash <module>:<function> before|after <n> [arguments of extract]
kills the process before or after the n-th call of the function.
"""

import importlib
import os
import signal
import sys
from typing import Any

from extract.__main__ import main


def die_at(target: str, moment: str, number: int) -> None:
    """Wrap a function or method so that its n-th call is the process's last."""
    module_name, _, path = target.partition(":")
    owner: Any = importlib.import_module(module_name)
    *owners, name = path.split(".")
    for part in owners:
        owner = getattr(owner, part)
    function = getattr(owner, name)
    calls = 0

    def wrapped(*arguments: Any, **keywords: Any) -> Any:
        nonlocal calls
        calls += 1
        is_last = calls == number
        if is_last and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = function(*arguments, **keywords)
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(owner, name, wrapped)


if __name__ == "__main__":
    die_at(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    sys.argv = ["extract", *sys.argv[4:]]
    sys.exit(main())
