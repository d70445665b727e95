"""The index of a running bot: opened once, shared by the askers, opened anew after a change."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from builder.knowledge.index import Index

_Mark = tuple[tuple[int, int, int], ...]


class LiveIndex:
    """Lends the index to any number of threads.

    When one of `files` is another than at the opening, whoever comes next waits until those who
    have the index are through, and opens it anew; nobody's files go away under a question.
    """

    def __init__(self, files: Sequence[Path], open_index: Callable[[], Index]) -> None:
        """`files`: what an import and the index stage replace, as a whole, when they are done."""
        self._files, self._open = files, open_index
        self._state = threading.Condition()
        self._users = 0
        self._opened: tuple[_Mark, Index] | None = None

    @contextlib.contextmanager
    def use(self) -> Iterator[Index]:
        """The index as the last run left it, until the block ends."""
        with self._state:
            index = self._current()
            self._users += 1
        try:
            yield index
        finally:
            with self._state:
                self._users -= 1
                self._state.notify_all()

    def close(self) -> None:
        """Let the index go when nobody has it."""
        with self._state:
            self._state.wait_for(lambda: self._users == 0)
            self._shut()

    def _current(self) -> Index:
        while self._opened is None or self._opened[0] != self._mark():
            if self._users:
                self._state.wait()
                continue
            self._shut()
            mark = self._mark()  # before the opening: a change during it is seen the next time
            self._opened = (mark, self._open())
        return self._opened[1]

    def _shut(self) -> None:
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None

    def _mark(self) -> _Mark:
        found = []
        for file in self._files:
            with contextlib.suppress(FileNotFoundError):
                status = file.stat()
                found.append((status.st_ino, status.st_mtime_ns, status.st_size))
        return tuple(found)
