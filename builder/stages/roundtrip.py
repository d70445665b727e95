"""Pairs asked of the index, as the bot would ask it: what is found, and the questions' vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.bot.followup import standalone
from builder.knowledge.index import Index
from builder.knowledge.retrieve import retrieve
from builder.records import QAPair, Question
from builder.stages.context import Context
from builder.stages.indexing import open_index

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from builder.models.embedder import Embedder

BATCH = 256  # questions at once: sorted by length they need little padding
FOUND = 6  # chunks looked at, and kept as distractors


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What the index found for a pair, best first."""

    pair: str
    chunks: tuple[str, ...]


class RoundTrip:
    """Remembers what it found: nothing is asked twice."""

    def __init__(self, context: Context, embedder: Embedder) -> None:
        self._context = context
        self._embedder = embedder
        self._index: Index = open_index(context, embedder)
        self._found: dict[str, tuple[str, ...]] = {}

    def finds(self, pairs: Sequence[QAPair]) -> list[tuple[str, ...]]:
        """For each pair the ids of the chunks that are found for its question."""
        config = self._context.config
        waiting = list({_whole(pair): pair for pair in pairs if _whole(pair) not in self._found})
        waiting.sort(key=len)
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            asked = [Question("", text, groups=config.training.groups) for text in batch]
            results = retrieve(self._index, asked, config.retrieval, FOUND)
            for text, passages in zip(batch, results, strict=True):
                self._found[text] = tuple(passage.chunk.id for passage in passages)
            self._context.voice.progress(
                f"{start + len(batch)} of {len(waiting)} questions tried on the index"
            )
        return [self._found[_whole(pair)] for pair in pairs]

    def rows(self, pairs: Sequence[QAPair]) -> list[Retrieved]:
        """What was found for each pair; for one that was not tried, what another wording of its
        fact found."""
        of_fact: dict[str, tuple[str, ...]] = {}
        for pair in pairs:
            if found := self._found.get(_whole(pair)):
                of_fact.setdefault(pair.fact, found)
        rows = [(p.id, self._found.get(_whole(p)) or of_fact.get(p.fact)) for p in pairs]
        return [Retrieved(pair, found) for pair, found in rows if found]

    def vectors(self, questions: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of questions."""
        import numpy as np

        parts = []
        for start in range(0, len(questions), BATCH):
            parts.append(self._embedder.queries(questions[start : start + BATCH]))
            done = min(start + BATCH, len(questions))
            self._context.voice.progress(
                f"{done} of {len(questions)} questions compared by meaning"
            )
        return np.concatenate(parts) if parts else self._embedder.queries([])


def by_pair(rows: Sequence[Retrieved]) -> Mapping[str, tuple[str, ...]]:
    """Id of a pair → what was found for it."""
    return {row.pair: row.chunks for row in rows}


def _whole(pair: QAPair) -> str:
    return standalone(pair.question, pair.history)
