"""The keyword index: BM25 over the chunks' terms, kept on disk and mapped into memory.

Japanese is cut into character bigrams, English is stemmed, part numbers stay whole as well
(`builder.text.terms`). A question reads only the postings of its own terms.

Each build is a folder of its own, to which the file `current` points; who has an earlier one open
goes on with it.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder.errors import StageMissing
from builder.knowledge import vocabulary
from builder.knowledge.vectors import heading_line
from builder.knowledge.vocabulary import Vocabulary
from builder.records import Chunk
from builder.text.terms import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CURRENT = "current"
_WEIGHTS, _POSTINGS, _STARTS = "weights.npy", "postings.npy", "starts.npy"
_IDS, _READERS, _READER_NAMES = "ids.npy", "readers.npy", "readers.json"
_NOTHING = "\0"  # stands for a chunk without terms
_TRIES = 5
_MASKS = 32  # groups of askers whose mask is remembered


def build(folder: Path, chunks: Iterable[Chunk]) -> None:
    """Replace the index in `folder` by one over `chunks`.

    Their terms are held as numbers, a few hundred bytes a chunk."""
    import bm25s

    folder.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder, prefix="v-"))
    index = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
    numbers: dict[str, int] = {}
    corpus: list[array[int]] = []
    ids: list[bytes] = []
    readers = array("i")
    names: dict[str, int] = {}
    for chunk in chunks:
        found = terms(f"{heading_line(chunk)}\n{chunk.model_text}") or [_NOTHING]
        corpus.append(_numbers(found, numbers))
        ids.append(chunk.id.encode())
        groups = json.dumps(sorted(set(chunk.groups)), ensure_ascii=False)
        readers.append(names.setdefault(groups, len(names)))
    index.index((corpus or [_numbers([_NOTHING], numbers)], numbers), show_progress=False)
    _write(fresh, index.scores, ids, readers)
    numbers.pop("", None)  # bm25s's own
    vocabulary.write(fresh, numbers)
    (fresh / _READER_NAMES).write_text(json.dumps(list(names), ensure_ascii=False), "utf-8")
    _point_to(folder, fresh)


def _numbers(found: Sequence[str], numbers: dict[str, int]) -> array[int]:
    """The terms by their numbers; new ones get the next."""
    return array("I", [numbers.setdefault(term, len(numbers)) for term in found])


def _write(fresh: Path, scores: Any, ids: list[bytes], readers: array[int]) -> None:
    import numpy as np

    np.save(fresh / _WEIGHTS, scores["data"])
    np.save(fresh / _POSTINGS, scores["indices"])
    np.save(fresh / _STARTS, scores["indptr"])
    np.save(fresh / _IDS, np.array(ids, dtype=np.bytes_))
    np.save(fresh / _READERS, np.array(readers, dtype=np.int32))


def _point_to(folder: Path, fresh: Path) -> None:
    """Make it the current one, and delete the others."""
    pointer = folder / f".{CURRENT}"
    pointer.write_text(fresh.name, "utf-8")
    pointer.replace(folder / CURRENT)
    for other in folder.iterdir():
        if other.name not in (CURRENT, fresh.name):
            shutil.rmtree(other) if other.is_dir() else other.unlink()


def open_keywords(folder: Path) -> KeywordIndex:
    """The current index, its files open. Raises StageMissing where there is none."""
    for _ in range(_TRIES):  # one that is just being replaced is gone; then the next is there
        try:
            return KeywordIndex(folder / (folder / CURRENT).read_text("utf-8"))
        except FileNotFoundError:
            continue
    raise StageMissing(
        "the keyword index is incomplete.",
        str(folder),
        "Run `monoshiri index` on the bot's folder.",
    )


class KeywordIndex:
    """Ranks chunks by BM25; may be used by several threads."""

    def __init__(self, folder: Path) -> None:
        import numpy as np

        def mapped(name: str) -> NDArray[Any]:
            rows: NDArray[Any] = np.load(folder / name, mmap_mode="r")
            return rows

        self._weights, self._postings = mapped(_WEIGHTS), mapped(_POSTINGS)
        self._starts, self._ids, self._readers = mapped(_STARTS), mapped(_IDS), mapped(_READERS)
        self._vocabulary = Vocabulary(folder)
        names = json.loads((folder / _READER_NAMES).read_text("utf-8"))
        self._names = [frozenset(json.loads(groups)) for groups in names]
        self._masks: OrderedDict[frozenset[str], NDArray[np.bool_]] = OrderedDict()

    @property
    def count(self) -> int:
        """How many chunks there are."""
        return len(self._ids)

    def frequency(self, word: str) -> int:
        """In how many chunks the word stands, at most: that of its rarest term."""
        found = [self._vocabulary.number(term) for term in terms(word)]
        if not found or None in found:
            return 0
        return min(int(self._starts[n + 1] - self._starts[n]) for n in found if n is not None)

    def best(self, question: str, count: int, groups: Sequence[str]) -> list[str]:
        """Ids of at most `count` chunks that the groups may read, best first."""
        import numpy as np

        scores = self._scores(question)
        mask = self._readable(frozenset(groups))
        if mask is not None:
            scores *= mask
        size = min(count, len(scores))
        if not size:
            return []
        least = np.partition(scores, len(scores) - size)[len(scores) - size]
        above = np.flatnonzero(scores > max(least, 0.0))
        level = np.flatnonzero(scores == least)[: size - len(above)] if least > 0.0 else above[:0]
        order = np.concatenate([above, level])
        order = order[np.lexsort((order, -scores[order]))]
        return [str(chunk_id, "utf-8") for chunk_id in self._ids[order]]

    def _scores(self, question: str) -> NDArray[np.float32]:
        """(chunks,) scores; zero where no term of the question occurs."""
        import numpy as np

        scores = np.zeros(len(self._ids), dtype=np.float32)
        for term in terms(question):
            number = self._vocabulary.number(term)
            if number is not None:
                start, end = self._starts[number], self._starts[number + 1]
                scores[self._postings[start:end]] += self._weights[start:end]  # each chunk once
        return scores

    def _readable(self, groups: frozenset[str]) -> NDArray[np.bool_] | None:
        """(chunks,) whether the groups may read them; None where they may read all."""
        import numpy as np

        may = [not names or bool(names & groups) for names in self._names]
        if all(may):
            return None
        relevant = groups & frozenset().union(*self._names)
        mask = self._masks.get(relevant)
        if mask is None:
            mask = np.array(may)[self._readers]
            self._masks[relevant] = mask
            while len(self._masks) > _MASKS:
                self._masks.popitem(last=False)
        return mask
