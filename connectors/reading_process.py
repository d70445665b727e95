"""The worker process: takes items on standard input, reads them, writes their outcomes.

python -m connectors.reading_process MODULE:FUNCTION MEMORY_MB SECONDS_PER_FILE
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import BinaryIO

from connectors.item import Item, Outcome
from connectors.records import Rejection

_GRACE_SECONDS = 5


def main(arguments: list[str]) -> None:
    """Serve until standard input ends: the parent is done, or dead."""
    function, memory_mb, seconds = arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    _limit_memory(int(memory_mb))
    answers = _take_standard_output()
    module, _, name = function.partition(":")
    read: Callable[[Item], Iterable[Outcome]] = getattr(import_module(module), name)
    while True:
        try:
            item: Item = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent
        except EOFError:
            return
        _set_alarm(float(seconds) + _GRACE_SECONDS)
        try:
            answer = pickle.dumps(tuple(read(item)))
        except MemoryError:
            message = "It needs too much memory. Split it."
            answer = pickle.dumps((Rejection(item.source, "too-large", message),))
        answers.write(answer)
        answers.flush()
        _set_alarm(0)


def read_item(item: Item) -> Iterator[Outcome]:
    """How an item is read, unless a test brings its own way."""
    return item.read()


def _take_standard_output() -> BinaryIO:
    """A private copy of standard output; what a library prints goes to standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _limit_memory(megabytes: int) -> None:
    """Bound the address space, where the system has such a limit (Linux; not macOS, Windows)."""
    if sys.platform != "linux":
        return
    import resource

    limit = megabytes * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _set_alarm(seconds: float) -> None:
    """End this process after the time, even in native code, should the parent be dead by then."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main(sys.argv[1:])
