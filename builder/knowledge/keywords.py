"""The keyword index: BM25 over the chunks' terms, kept on disk and mapped into memory.

Japanese is cut into character bigrams, English is stemmed, part numbers stay whole as well
(`builder.text.terms`).
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder.errors import StageMissing
from builder.knowledge.vectors import heading_line
from builder.records import Chunk
from builder.text.terms import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

IDS = "ids.json"


def build(folder: Path, chunks: Sequence[Chunk]) -> None:
    """Replace the index in `folder` by one over `chunks`."""
    import bm25s

    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".keywords-") as scratch:
        fresh = Path(scratch) / "index"
        index = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        corpus = [terms(f"{heading_line(chunk)}\n{chunk.model_text}") or ["\0"] for chunk in chunks]
        index.index(corpus or [["\0"]], show_progress=False)
        index.save(str(fresh))
        (fresh / IDS).write_text(json.dumps([chunk.id for chunk in chunks]), encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)


class KeywordIndex:
    """BM25 scores of all chunks for a question, in the order that they were indexed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: Any = None

    @cached_property
    def ids(self) -> list[str]:
        """The chunks' ids in the order of the scores."""
        try:
            ids: list[str] = json.loads((self.folder / IDS).read_text(encoding="utf-8"))
        except FileNotFoundError as exc:
            raise StageMissing(
                "the keyword index is incomplete.",
                str(self.folder),
                "Run `monoshiri index` on the bot's folder.",
            ) from exc
        return ids

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
