"""How a process of ours ends: its exit codes, the word to stop, and the end without waiting."""

import asyncio
import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from typing import NoReturn

STOPPED = 0
FAILED = 1
"""Something broke: brokers that cannot be reached, a crash."""
UNUSABLE = 2
"""Settings, data files, channels or topics are wrong: starting again does not help."""
HALTED = 3
"""Stopped by itself so as not to lose a message; the log says which and why."""


def stop_on_signals(stop: asyncio.Event) -> None:
    """Sets the event on SIGTERM and SIGINT, where we are the one who has the signals."""
    if threading.current_thread() is not threading.main_thread():
        return  # whoever runs us in a thread has the signals
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, stop.set)


def end_at_once(code: int) -> NoReturn:
    """Ends the process and does not wait for its threads; what was written is not lost.

    Faust's consumer has a thread that keeps a process alive, and that may itself wait for ever.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
