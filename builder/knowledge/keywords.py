"""The keyword index: BM25 over the chunks' terms, kept on disk and mapped into memory.

Japanese is cut into character bigrams, English is stemmed, part numbers stay whole as well
(`builder.text.terms`).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder.knowledge.vectors import text_to_embed
from builder.records import Chunk
from builder.text.terms import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def build(folder: Path, chunks: Sequence[Chunk]) -> None:
    """Replace the index in `folder` by one over `chunks`."""
    import bm25s

    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".keywords-") as scratch:
        fresh = Path(scratch) / "index"
        index = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        corpus = [terms(text_to_embed(chunk)) or ["\0"] for chunk in chunks]
        index.index(corpus, show_progress=False)
        index.save(str(fresh))
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)


class KeywordIndex:
    """BM25 scores of all chunks for a question, in the order that they were indexed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: Any = None

    def scores(self, question: str) -> NDArray[np.float32]:
        """(chunks,) scores; zero where no term of the question occurs."""
        import numpy as np

        if self._index is None:
            import bm25s

            self._index = bm25s.BM25.load(str(self.folder), mmap=True)
        size = int(self._index.scores["num_docs"])
        known = [term for term in terms(question) if term in self._index.vocab_dict]
        if not known:
            return np.zeros(size, dtype=np.float32)
        scores: NDArray[np.float32] = self._index.get_scores(known)
        return scores
