"""The application that the server's processes load."""

import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.process import BaseProcess

import structlog

from service.application import create_application
from service.logs import configure_logs
from service.settings import read_settings

SECONDS_TO_FINISH = 10


def _end_with(parent: BaseProcess) -> None:
    """Wait for the parent's end, however it comes, then finish what is under way and end too."""
    parent.join()
    structlog.get_logger().warning("the main process is gone; this worker ends", parent=parent.pid)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_FINISH)
    os._exit(1)


configure_logs()
application = create_application(read_settings())
# A worker that outlives its killed parent would keep the port and answer from it for ever.
if parent_process := multiprocessing.parent_process():
    threading.Thread(target=_end_with, args=(parent_process,), daemon=True).start()
