"""Who may use a shared room next: first come, first served."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A room of so many units. Whoever asks for units waits until all before have got theirs."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._free = room
        self._queue: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, units: int) -> Iterator[None]:
        """Hold so many units (the whole room, if they are more)."""
        units = min(units, self.room)
        ticket = object()
        with self._changed:
            self._queue.append(ticket)
            try:
                self._changed.wait_for(lambda: self._queue[0] is ticket and self._free >= units)
                self._free -= units
            finally:  # also where the waiting was interrupted
                self._queue.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._free += units
                self._changed.notify_all()
