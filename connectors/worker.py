"""Read many items in worker processes, so that one bad file costs that file only.

A supervisor thread owns each worker process and sends it a few small files at a time, or one large
one. A worker that takes too long is killed, one that dies is replaced; either way the file it had
becomes a Rejection.

The workers are plain subprocesses, not `multiprocessing` ones: these would import the caller's main
module again (a Streamlit page, a test run) or fork a process that has threads.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from types import TracebackType

from connectors.errors import SourceError
from connectors.item import FileItem, Item, Outcome
from connectors.reading_process import Message
from connectors.records import Rejection
from connectors.worker_process import WorkerProcess

READ_ITEM = "connectors.reading_process:read_item"
_BATCH = 16  # items sent at once: a tiny file takes no longer than a way to the worker and back
_BATCH_BYTES = 64 * 1024  # their sizes together; an item of unknown size goes alone
_AHEAD = 4  # batches a worker may be ahead of the item that is waited for: bounds the memory
_MOST_PASSED_OVER = 5  # files in one item that a worker may be lost with
_WATCH_SECONDS = 0.1  # how often the time limit is looked at

Outcomes = tuple[Outcome, ...]
"""What became of one item."""
_Asked = tuple[Item, "Future[Outcomes]"]


def read_items(
    items: Iterable[Item | Rejection],
    workers: int = 2,
    seconds_per_file: float = 60,
    memory_mb: int = 1500,
    read: str = READ_ITEM,
) -> Iterator[Outcomes]:
    """The outcomes of each item, in the order of `items`; a Rejection is its own only outcome.

    `seconds_per_file` is wall time (reason `timeout`). `memory_mb` bounds a worker's address space
    where the system allows that (reason `too-large`). Raises SourceError where a source breaks off
    while its items are read. `read` is the `module:function` that a worker
    calls with the item. Closing the iterator, or Ctrl-C, kills the workers.
    """
    with _Workers(workers, seconds_per_file, memory_mb, read) as pool:
        pending: deque[Future[Outcomes] | Rejection] = deque()
        ahead: deque[int] = deque()  # how many of `pending` each batch is
        for batch in _batches(items):
            wanted = [entry for entry in batch if not isinstance(entry, Rejection)]
            futures = iter(pool.submit(wanted) if wanted else ())
            pending += (e if isinstance(e, Rejection) else next(futures) for e in batch)
            ahead.append(len(batch))
            if len(ahead) > workers * _AHEAD:
                for _ in range(ahead.popleft()):
                    yield _result(pending.popleft())
        while pending:
            yield _result(pending.popleft())


def _batches(items: Iterable[Item | Rejection]) -> Iterator[list[Item | Rejection]]:
    """The items in order: small ones together, others alone."""
    batch: list[Item | Rejection] = []
    total = 0
    for item in items:
        size = 0 if isinstance(item, Rejection) else getattr(item, "size", _BATCH_BYTES)
        if batch and (total + size > _BATCH_BYTES or len(batch) == _BATCH):
            yield batch
            batch, total = [], 0
        batch.append(item)
        total += size
    if batch:
        yield batch


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
        self._processes: set[WorkerProcess] = set()
        self._deadlines: dict[WorkerProcess, float] = {}
        self._late: set[WorkerProcess] = set()
        self._closed = False
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._kill_late, daemon=True)

    def __enter__(self) -> _Workers:
        self._watch.start()
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
        self._ended.set()
        self._watch.join()
        self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            process.end()

    def submit(self, items: Sequence[Item]) -> list[Future[Outcomes]]:
        """One future an item."""
        batch: list[_Asked] = [(item, Future()) for item in items]
        self._threads.submit(self._read, deque(batch))
        return [future for _, future in batch]

    def _read(self, rest: deque[_Asked]) -> None:
        """In a supervisor thread: hand the items to this thread's worker and wait for the answers;
        those after an item that the worker was lost with go to its successor."""
        outcomes: list[Outcome] = []  # of the item that is being read
        try:
            while rest:
                outcomes.clear()
                process = getattr(self._local, "process", None) or self._start()
                self._local.process = process
                try:
                    _send(process, [item for item, _ in rest])
                    while rest:
                        outcomes.clear()
                        answer = self._receive(process)
                        while answer is not None and not isinstance(answer, SourceError):
                            outcomes.append(answer)
                            answer = self._receive(process)
                        _, future = rest.popleft()
                        if answer is None:
                            future.set_result(tuple(outcomes))
                        else:
                            future.set_exception(answer)
                except (EOFError, OSError, pickle.UnpicklingError):
                    self._local.process = None
                    item, future = rest.popleft()
                    answers = self._lost(process, item, outcomes)
                    if isinstance(answers, FileItem):
                        rest.appendleft((answers, future))
                    else:
                        future.set_result(answers)
        except BaseException as error:
            for _, future in rest:
                future.set_exception(error)

    def _receive(self, process: WorkerProcess) -> Message:
        """Wait for the worker; each outcome has the full time: an item may hold many files."""
        self._deadlines[process] = time.monotonic() + self._seconds
        answer: Message = pickle.load(process.stdout)  # noqa: S301 - from our own process
        self._deadlines.pop(process, None)
        return answer

    def _kill_late(self) -> None:
        """In the watching thread: end the workers whose time is over."""
        while not self._ended.wait(_WATCH_SECONDS):
            now = time.monotonic()
            for process, deadline in list(self._deadlines.items()):
                if now > deadline:
                    self._late.add(process)
                    process.kill()

    def _lost(
        self, process: WorkerProcess, item: Item, outcomes: list[Outcome]
    ) -> Outcomes | FileItem:
        """What becomes of the item that the worker was lost with. Where that was over a file inside
        it: the item without that file, to be read once more."""
        inner = process.reading()
        self._deadlines.pop(process, None)
        with self._lock:
            self._processes.discard(process)
        process.end()
        if process in self._late:
            self._late.discard(process)
            reason = "timeout"
            message = f"Reading took over {self._seconds:g} seconds. Split it, or save it again."
        else:
            reason = "broken"
            message = "Reading it crashed. Open it in its program, save it again and import that."
        if inner and isinstance(item, FileItem) and len(item.passed_over) < _MOST_PASSED_OVER:
            lost = Rejection(inner, reason, message)
            return replace(item, passed_over=(*item.passed_over, lost))
        if outcomes:
            message += f" {len(outcomes)} of its documents were read before."
        return (*outcomes, Rejection(item.source, reason, message))

    def _start(self) -> WorkerProcess:
        with self._lock:
            if self._closed:
                raise OSError("closed")
            process = WorkerProcess(self._command)
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


def _send(process: WorkerProcess, items: list[Item]) -> None:
    pickle.dump([(item, _environment(item)) for item in items], process.stdin)
    process.stdin.flush()


def _environment(item: Item) -> dict[str, str]:
    """The variables that the item names, as far as they are set."""
    names: tuple[str, ...] = getattr(item, "environment", ())
    return {name: os.environ[name] for name in names if name in os.environ}
