"""generate: chunks and products → dataset/{train,validation,test,rejected}.jsonl.

Also dataset/retrieved.jsonl: which chunks the index found for each pair's question. The round-trip
filter reads it, and training takes its distractors from it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.dataset.filters import filter_pairs
from builder.dataset.formats import to_alpaca, to_chat
from builder.dataset.generate import generate
from builder.dataset.quality import quality
from builder.dataset.split import contamination, split_pairs
from builder.dataset.thinning import thinned
from builder.export.dataset import export_alpaca, export_chat
from builder.jsonl import read_jsonl, to_line
from builder.knowledge.retrieve import retrieve
from builder.models.endpoint import open_teacher
from builder.records import SPLITS, QAPair, Question, StageReport
from builder.stages.context import Context, StageResult, counted, finish, seconds_since, unchanged
from builder.stages.indexing import open_index
from builder.stages.preparing import all_chunks, catalog
from builder.workspace import fingerprint, write_jsonl, write_text
from connectors.errors import MonoshiriError

if TYPE_CHECKING:
    from builder.models.embedder import Embedder

RECIPE = 1
BATCH = 64
FOUND = 6  # chunks looked at in the round trip, and kept as distractors


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What the index found for a question, best first."""

    question: str
    chunks: tuple[str, ...]


def run_generate(context: Context, embedder: Embedder) -> StageResult:
    """Write the pairs, split by document, and why others were rejected."""
    began = time.monotonic()
    workspace, settings = context.workspace, context.config.dataset
    chunks = all_chunks(context)
    context.workspace.need("index")
    mark = fingerprint(workspace.chunks, _options(context, embedder))
    if done := unchanged(context, "generate", mark):
        return done
    entries = catalog(context, chunks)
    # What only some may read can't be taught: weights can't be filtered by who is asking.
    open_to_all = [chunk for chunk in chunks if not chunk.groups]
    open_entries = [entry for entry in entries if not entry.chunk.groups]
    taught = thinned(open_entries, settings)
    asked_of = {entry.chunk.id for entry in taught}
    texts = [c for c in open_to_all if c.kind != "product" or c.id in asked_of]
    teacher = open_teacher(context.config.teacher)
    pairs = list(generate(texts, taught, settings, teacher))
    index = open_index(context, embedder)
    found: dict[str, tuple[str, ...]] = {}

    def finds(questions: Sequence[str]) -> list[list[str]]:
        for start in range(0, len(questions), BATCH):
            batch = questions[start : start + BATCH]
            asked = [Question("", text) for text in batch]
            results = retrieve(index, asked, context.config.retrieval, FOUND)
            for text, passages in zip(batch, results, strict=True):
                found[text] = tuple(passage.chunk.id for passage in passages)
            context.voice.progress(f"{len(found)} of {len(questions)} questions tried on the index")
        return [list(found[text]) for text in questions]

    by_id = {chunk.id: chunk for chunk in chunks}
    kept, rejected = filter_pairs(pairs, by_id, finds, settings)
    split = split_pairs(kept, settings.seed)
    _check(contamination(split))
    workspace.reopen("generate")
    for name in SPLITS:
        write_jsonl(workspace.dataset / f"{name}.jsonl", (p for p in split if p.split == name))
    write_jsonl(workspace.dataset / "rejected.jsonl", rejected)
    write_jsonl(
        workspace.dataset / "retrieved.jsonl",
        (Retrieved(p.question, found[p.question]) for p in split if p.question in found),
    )
    measured = quality(split, rejected, open_to_all, settings.seed)
    write_text(workspace.dataset / "quality.json", to_line(measured) + "\n")
    _instruction_formats(context, split)
    restricted = len(chunks) - len(open_to_all)
    notes = [f"{measured.facts} facts", f"{measured.covered:.0%} of chunks covered"]
    if len(taught) < len(open_entries):
        notes += [f"asked about {len(taught)} of {len(open_entries)} products"]
    notes += [f"{restricted} chunks with access rules left out"] if restricted else []
    report = StageReport(
        stage="generate",
        taken=len(pairs),
        made=len(split),
        rejected=counted(item.reason for item in rejected),
        seconds=seconds_since(began),
        notes=(*notes, *(f"{sum(p.split == name for p in split)} {name}" for name in SPLITS)),
    )
    return finish(context, mark, report)


def _options(context: Context, embedder: Embedder) -> list[object]:
    """Everything in the configuration that decides which pairs there are and how they read."""
    config = context.config
    parts = (config.dataset, config.teacher, config.retrieval, config.bot)
    return [RECIPE, embedder.source.name, *(part.model_dump() for part in parts)]


def pairs_of(context: Context, split: str) -> list[QAPair]:
    """The pairs of one split, as they stand on disk: a person may have edited them."""
    context.workspace.need("generate")
    return list(read_jsonl(QAPair, context.workspace.dataset / f"{split}.jsonl"))


def retrieved(context: Context) -> dict[str, tuple[str, ...]]:
    """Question → ids of the chunks that the index found for it."""
    path = context.workspace.dataset / "retrieved.jsonl"
    return {row.question: row.chunks for row in read_jsonl(Retrieved, path)}


def quality_summary(context: Context) -> dict[str, str]:
    """The dataset's quality as label → value, for the report."""
    import json

    path = context.workspace.dataset / "quality.json"
    if not path.exists():
        return {}
    value = json.loads(path.read_text(encoding="utf-8"))
    counts = ("by_kind", "by_language", "by_split", "by_generator", "rejected")
    out = {
        "pairs": str(value["pairs"]),
        "facts": str(value["facts"]),
        "wordings a fact": f"{value['wordings_per_fact']:.1f}",
        "chunks covered": f"{value['covered']:.0%}",
        "distinct questions": f"{value['distinct_questions']:.0%}",
    }
    for name in counts:
        label = name.replace("by_", "by ")
        out[label] = ", ".join(f"{key} {count}" for key, count in value[name])
    return out


def _instruction_formats(context: Context, split: Sequence[QAPair]) -> None:
    folder = context.workspace.dataset
    bot = context.config.bot
    system = f"You are {bot.name}. You {bot.purpose}."
    for name in SPLITS:
        part = [pair for pair in split if pair.split == name]
        export_chat(part, folder / "chat" / f"{name}.jsonl", lambda p: to_chat(p, system))
        if context.config.dataset.alpaca:
            export_alpaca(part, folder / "alpaca" / f"{name}.jsonl", to_alpaca)


def _check(overlaps: Sequence[str]) -> None:
    if overlaps:
        raise MonoshiriError(
            f"{len(overlaps)} pairs stand on two sides of the split, first: {overlaps[0]}.",
            "dataset",
            "This is a fault of the program; please report it.",
        )
