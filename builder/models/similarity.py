"""Cosines between a question and the sentences of its passages, each sentence embedded once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from builder.models.embedder import Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROOM = 20_000
"""Vectors kept: some 30 MB with the embedded embedder."""


class Similarity:
    """(question, texts) → cosine (−1…1) of each text to the question; used from any thread.

    People ask for the same passages again and again, so the vectors of their sentences stay, those
    used last.
    """

    def __init__(self, embedder: Embedder, room: int = ROOM) -> None:
        self._embedder = embedder
        self._room = room
        self._kept: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._changing = threading.Lock()

    def __call__(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts,) cosines."""
        import numpy as np

        rows = self._vectors(texts)
        if not rows:
            return np.empty(0, dtype=np.float32)
        cosines: NDArray[np.float32] = np.stack(rows) @ self._embedder.queries([question])[0]
        return cosines

    @contextmanager
    def forgotten(self) -> Iterator[None]:
        """Inside, no text is known from before: what the first one to ask waits for. Not for
        several threads."""
        known, self._kept = self._kept, OrderedDict()
        try:
            yield
        finally:
            self._kept = known

    def _vectors(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        with self._changing:
            known = {text: self._kept[text] for text in texts if text in self._kept}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            # Copies: a row would keep the vectors of its whole batch.
            rows = (row.copy() for row in self._embedder.passages(new))
            known |= zip(new, rows, strict=True)
        with self._changing:
            for text in dict.fromkeys(texts):
                self._kept[text] = known[text]
                self._kept.move_to_end(text)
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)
        return [known[text] for text in texts]
