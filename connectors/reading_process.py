"""The worker process: takes lists of items on standard input, writes the outcomes of each.

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

from connectors.errors import SourceError
from connectors.item import Item, Outcome
from connectors.records import Rejection

_GRACE_SECONDS = 5

Asked = list[tuple[Item, dict[str, str]]]
"""Items to read, and what each may know of the environment."""
Message = Outcome | SourceError | None
"""The outcomes of each item, each list closed by None, or by the error that ended it."""


def main(arguments: list[str]) -> None:
    """Serve until standard input ends: the parent is done, or dead."""
    function, memory_mb, seconds = arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    _forbid_core_dumps()
    _limit_memory(int(memory_mb))
    answers = _take_standard_output()
    module, _, name = function.partition(":")
    read: Callable[[Item], Iterable[Outcome]] = getattr(import_module(module), name)
    while True:
        try:
            asked: Asked = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent
        except EOFError:
            return
        for item, environment in asked:
            os.environ.update(environment)
            for message in _messages(item, read, float(seconds) + _GRACE_SECONDS):
                answers.write(message)
                answers.flush()  # before what is read next, which may end this process
            for name in environment:
                os.environ.pop(name, None)


def _messages(
    item: Item, read: Callable[[Item], Iterable[Outcome]], seconds: float
) -> Iterator[bytes]:
    """The messages that go back for one item; each has the time."""
    _set_alarm(seconds)
    try:
        for outcome in read(item):
            yield pickle.dumps(outcome)
            _set_alarm(seconds)
    except MemoryError:
        message = "It needs too much memory. Split it."
        yield pickle.dumps(Rejection(item.source, "too-large", message))
    except SourceError as error:  # the source is gone, which is no fault of the item
        yield pickle.dumps(error)
        return
    finally:
        _set_alarm(0)
    yield pickle.dumps(None)


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


def _forbid_core_dumps() -> None:
    """A crash leaves no copy of the memory on disk, where the content would be."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _set_alarm(seconds: float) -> None:
    """End this process after the time, even in native code, should the parent be dead by then."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main(sys.argv[1:])
