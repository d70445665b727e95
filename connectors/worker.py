"""Read many items in worker processes, so that one bad file costs that file only.

A supervisor thread owns each worker process and sends it one file at a time. A worker that takes
too long is killed, one that dies is replaced; either way the file it had becomes a Rejection.

The workers are plain subprocesses, not `multiprocessing` ones: these would import the caller's main
module again (a Streamlit page, a test run) or fork a process that has threads.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from connectors.item import Item, Outcome
from connectors.records import Rejection

READ_ITEM = "connectors.reading_process:read_item"
_AHEAD = 8  # items a worker may be ahead of the one that is waited for: bounds the memory

Outcomes = tuple[Outcome, ...]
"""What became of one item."""


def read_items(
    items: Iterable[Item | Rejection],
    workers: int = 2,
    seconds_per_file: float = 60,
    memory_mb: int = 1500,
    read: str = READ_ITEM,
) -> Iterator[Outcomes]:
    """The outcomes of each item, in the order of `items`; a Rejection is its own only outcome.

    `seconds_per_file` is wall time (reason `timeout`). `memory_mb` bounds a worker's address space
    where the system allows that (reason `too-large`). `read` is the `module:function` that a worker
    calls with the item. Closing the iterator, or Ctrl-C, kills the workers.
    """
    with _Workers(workers, seconds_per_file, memory_mb, read) as pool:
        pending: deque[Future[Outcomes] | Rejection] = deque()
        for item in items:
            pending.append(item if isinstance(item, Rejection) else pool.submit(item))
            if len(pending) > workers * _AHEAD:
                yield _result(pending.popleft())
        while pending:
            yield _result(pending.popleft())


def _result(entry: Future[Outcomes] | Rejection) -> Outcomes:
    return (entry,) if isinstance(entry, Rejection) else entry.result()


class _Workers:
    """Supervisor threads, one worker process each, started with the thread's first file."""

    def __init__(self, count: int, seconds: float, memory_mb: int, read: str) -> None:
        self._seconds = seconds
        self._command = _command(read, memory_mb, seconds)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="monoshiri-reader")
        self._local = threading.local()
        self._lock = threading.Lock()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def __enter__(self) -> _Workers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._closed = True
            for process in self._processes:
                process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            _end(process)

    def submit(self, item: Item) -> Future[Outcomes]:
        return self._threads.submit(self._read, item)

    def _read(self, item: Item) -> Outcomes:
        """In a supervisor thread: hand the file to this thread's worker and wait for the answer."""
        process = getattr(self._local, "process", None) or self._start()
        self._local.process = process
        timed_out = threading.Event()
        timer = threading.Timer(self._seconds, _time_out, (process, timed_out))
        timer.daemon = True
        timer.start()
        try:
            return _ask(process, item)
        except (EOFError, OSError, pickle.UnpicklingError):
            self._local.process = None
            return (self._lost(process, item, timed_out),)
        finally:
            timer.cancel()

    def _lost(
        self, process: subprocess.Popen[bytes], item: Item, timed_out: threading.Event
    ) -> Rejection:
        with self._lock:
            self._processes.discard(process)
        _end(process)
        if timed_out.is_set():
            message = f"Reading took over {self._seconds:g} seconds. Split it, or save it again."
            return Rejection(item.source, "timeout", message)
        message = "Reading it crashed. Open it in its program, save it again and import that."
        return Rejection(item.source, "broken", message)

    def _start(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise OSError("closed")
            process = subprocess.Popen(  # noqa: S603 - our own module
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )
            self._processes.add(process)
        return process


def _command(read: str, memory_mb: int, seconds: float) -> list[str]:
    # -P: files in the current folder must not stand in for modules
    return [
        sys.executable,
        "-P",
        "-m",
        "connectors.reading_process",
        read,
        str(memory_mb),
        str(seconds),
    ]


def _ask(process: subprocess.Popen[bytes], item: Item) -> Outcomes:
    if process.stdin is None or process.stdout is None:
        raise OSError("no pipes")
    pickle.dump(item, process.stdin)
    process.stdin.flush()
    answer: Outcomes = pickle.load(process.stdout)  # noqa: S301 - from our own process
    return answer


def _time_out(process: subprocess.Popen[bytes], timed_out: threading.Event) -> None:
    timed_out.set()
    process.kill()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill, wait and close the pipes."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
