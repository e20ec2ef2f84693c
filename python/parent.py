"""Ends this process with the process that started it."""

import os
import signal
import sys
import threading


def end_with_parent() -> None:
    """The parent never writes to our input: it closes when the parent ends, however that happens."""
    threading.Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
