"""calibrate: questions asked with their document and without it → index/refusal.json.

Without its document a generated question is a near miss that the others do not answer: such
questions cost nothing and are of the bot's own subjects.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from builder.bot.ranking import ranked_units
from builder.bot.refusal import FEWEST, Scale, evidence, fitted, read_scale, write_scale
from builder.knowledge.join import joined
from builder.knowledge.retrieve import retrieve
from builder.models.catalog import EMBEDDED_EMBEDDER
from builder.models.similarity import Similarity
from builder.records import Passage, QAPair, Question, StageReport
from builder.stages.context import Context, StageResult, finish, seconds_since, unchanged
from builder.stages.generating import pairs_of
from builder.stages.indexing import open_index
from builder.workspace import fingerprint

if TYPE_CHECKING:
    from builder.knowledge.index import Index
    from builder.models.embedder import Embedder

RECIPE = 3
QUESTIONS = 30
"""Most questions asked: each takes the vectors of some forty sentences."""
RANKED = 40


def run_calibrate(context: Context, embedder: Embedder) -> StageResult:
    """Fit the confidence below which the bot refuses to its documents."""
    began = time.monotonic()
    asked = _asked(context)
    mark = fingerprint(
        [RECIPE, embedder.source.name, context.config.retrieval.model_dump()],
        [pair.id for pair in asked],
        context.workspace.chunks,
    )
    done = unchanged(context, "calibrate", mark)
    if done and read_scale(context.workspace.index, embedder.source.name).embedder:
        return done
    index = open_index(context, embedder)
    try:
        measured = _Measuring(context, index, embedder).all(asked)
    finally:
        index.close()
    both = [(v, h) for v, h in measured if h is not None]
    name = embedder.source.name
    scale = fitted(name, name == EMBEDDED_EMBEDDER, [v for v, _ in both], [h for _, h in both])
    write_scale(context.workspace.index, scale)
    left = len(asked) - len(both)
    report = StageReport(
        stage="calibrate",
        taken=len(asked),
        made=len(both),
        rejected=(("no other document", left),) if left else (),
        seconds=seconds_since(began),
        notes=(_told(scale, context.config.answer.min_support),),
    )
    return finish(context, mark, report)


def refusal_curve(context: Context, embedder: str) -> tuple[tuple[float, float, float], ...]:
    """(threshold, right, wrong) refusals of the calibration's questions; empty without one."""
    scale = read_scale(context.workspace.index, embedder)
    return tuple((trade.threshold, trade.right, trade.wrong) for trade in scale.curve)


def _told(scale: Scale, threshold: float) -> str:
    if not scale.curve or scale.questions < FEWEST:
        return f"fewer than {FEWEST} questions: the usual scale stays"
    trade = min(scale.curve, key=lambda one: abs(one.threshold - threshold))
    return (
        f"at {trade.threshold:g} refuses {trade.right:.0%} of these questions without their "
        f"document, {trade.wrong:.0%} with it"
    )


def _asked(context: Context) -> list[QAPair]:
    """Questions about text, one a fact: of the validation split, then of the training split, from
    which retrieval learns nothing."""
    facts: dict[str, QAPair] = {}
    for split in ("validation", "train"):
        for pair in pairs_of(context, split):
            if pair.answerable and pair.kind not in ("product", "comparison"):
                facts.setdefault(pair.fact, pair)
    return list(facts.values())[:QUESTIONS]


class _Measuring:
    """Evidence for questions."""

    def __init__(self, context: Context, index: Index, embedder: Embedder) -> None:
        self.context, self.index = context, index
        self._similar = Similarity(embedder)

    def all(self, pairs: Sequence[QAPair]) -> list[tuple[float, float | None]]:
        """(with the pair's document, without it) of each pair; None where nothing else is found."""
        found = []
        for number, pair in enumerate(pairs, 1):
            found.append(self._one(pair))
            self.context.voice.progress(f"{number} of {len(pairs)} questions tried for refusal")
        return found

    def _one(self, pair: QAPair) -> tuple[float, float | None]:
        settings, groups = self.context.config.retrieval, self.context.config.training.groups
        asked = [Question(pair.id, pair.question, groups=groups)]
        ranked = retrieve(self.index, asked, settings, RANKED)[0]
        others = [p for p in ranked if p.chunk.document_id != pair.document_id]
        visible = self._evidence(pair.question, ranked)
        return visible, self._evidence(pair.question, others) if others else None

    def _evidence(self, question: str, ranked: Sequence[Passage]) -> float:
        shown = joined(self.index, ranked, self.context.config.retrieval.passages)
        return evidence(shown, ranked_units(question, shown, self._similar))
