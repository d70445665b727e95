"""What may be learned: chunks that everybody may read, without personal data.

Generating, training and evaluating take their chunks from here, so that none of them can forget.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.privacy.protect import Protected, is_masked, protect, summary
from builder.records import Chunk, QAPair
from builder.stages.context import Context

RESTRICTED = "restricted"
LEFT_OUT = "personal data, or gone"
_DONE = {
    "mask": "masked in training data",
    "report": "in training data as they are",
    "drop": "passages with them left out of training data",
    "off": "",
}


@dataclass(frozen=True, slots=True)
class Lessons:
    """The chunks of a bot that a model may learn from."""

    protected: Protected
    restricted: frozenset[str]
    """Ids of the chunks that not everybody may read whom the adapter is for."""
    training: str
    """What bot.toml says to do with personal data."""

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        """The chunks, masked where that is wanted."""
        return self.protected.chunks

    def notes(self) -> list[str]:
        """For the summary."""
        protected = self.protected
        notes = [summary(protected.counts, _DONE[self.training])]
        notes += [f"{protected.dropped} chunks with personal data left out"] * (
            protected.dropped > 0
        )
        notes += [f"{len(self.restricted)} chunks with access rules left out"] * bool(
            self.restricted
        )
        return [note for note in notes if note]

    def sift(self, pairs: Sequence[QAPair]) -> tuple[list[QAPair], list[str]]:
        """The pairs that may be learned, masked, and why others may not. Pairs on disk may be older
        than a rule, or a person's."""
        known = {chunk.id: chunk for chunk in self.chunks}
        kept: list[QAPair] = []
        reasons: list[str] = []
        for pair in pairs:
            chunk = known.get(pair.chunk_id)
            if pair.chunk_id in self.restricted or (chunk and set(pair.groups) - set(chunk.groups)):
                reasons.append(RESTRICTED)
            elif chunk is None:
                reasons.append(LEFT_OUT)
            else:
                kept.append(self.protected.pair(pair))
        return kept, reasons


def lessons(context: Context, chunks: Sequence[Chunk]) -> Lessons:
    """What may be learned of all the bot's chunks."""
    config = context.config
    groups = frozenset(config.training.groups)
    taught = [chunk for chunk in chunks if _may_be_taught(chunk, groups)]
    restricted = frozenset({c.id for c in chunks} - {c.id for c in taught})
    protected = protect(taught, config.privacy, config.bot)
    return Lessons(protected, restricted, config.privacy.training)


def _may_be_taught(chunk: Chunk, groups: frozenset[str]) -> bool:
    """Weights can't be filtered by who is asking: everybody that the adapter is for must be allowed
    to read it."""
    return not chunk.groups or bool(groups and groups <= set(chunk.groups))


def in_own_words(
    context: Context, pairs: Sequence[QAPair], chunks: Sequence[Chunk]
) -> list[QAPair]:
    """Pairs as their documents say it: what is asked of the bot is compared with what retrieval
    finds, and there nothing is masked but by `privacy.retrieval`."""
    if context.config.privacy.retrieval == "mask" or not any(map(is_masked, pairs)):
        return list(pairs)
    protected = lessons(context, chunks).protected
    return [protected.original(pair) for pair in pairs]
