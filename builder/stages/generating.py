"""generate: chunks and products → dataset/{train,validation,test,phrasing,rejected}.jsonl.

Also dataset/retrieved.jsonl: which chunks the index found for each pair's question. The round-trip
filter reads it, and training takes its distractors from it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from builder.bot.store import ChatStore
from builder.dataset.augment import augmented
from builder.dataset.contamination import contamination, without_leaks
from builder.dataset.filters import filter_pairs
from builder.dataset.focus import shares
from builder.dataset.formats import FORMATS, record_of
from builder.dataset.generate import Material, generate
from builder.dataset.generators.corrections import RatedAnswer
from builder.dataset.quality import DatasetQuality, quality
from builder.dataset.quality_page import quality_page
from builder.dataset.review import Verdict, apply_verdicts
from builder.dataset.split import hold_phrasings, split_pairs
from builder.dataset.thinning import thinned
from builder.export.dataset import export_lines
from builder.jsonl import read_jsonl, to_line
from builder.models.teacher import Teacher, open_teacher
from builder.records import PHRASING, SPLITS, QAPair, RejectedPair, StageReport
from builder.stages.context import Context, StageResult, counted, finish, seconds_since, unchanged
from builder.stages.lessons import Lessons, lessons
from builder.stages.preparing import all_chunks, catalog
from builder.stages.roundtrip import Retrieved, RoundTrip, by_pair
from builder.workspace import fingerprint, write_jsonl, write_text
from connectors.errors import MonoshiriError
from connectors.language import detect

if TYPE_CHECKING:
    from builder.models.embedder import Embedder

RECIPE = 3


def run_generate(context: Context, embedder: Embedder) -> StageResult:
    """Write the pairs, split by document, and why others were rejected."""
    began = time.monotonic()
    workspace = context.workspace
    chunks = all_chunks(context)
    context.workspace.need("index")
    rated = rated_answers(context)
    mark = fingerprint(
        workspace.chunks,
        reviewed_file(context),
        _options(context, embedder),
        [to_line(answer) for answer in rated],
    )
    if done := unchanged(context, "generate", mark):
        return done
    learnable = lessons(context, chunks)
    told = [answer for answer in rated if learnable.restricted.isdisjoint(answer.chunk_ids)]
    teacher = open_teacher(context.config.teacher, workspace.dataset / "teacher.jsonl")
    pairs, material = _written(context, learnable, told, teacher)
    trip = RoundTrip(context, embedder)
    shared, unshared = _labelled(pairs, learnable)
    made = _sifted(context, shared, learnable, trip)
    made = replace(made, rejected=[*unshared, *made.rejected])
    workspace.reopen("generate")
    measured = _write(context, made, learnable, trip)
    notes = [
        f"{measured.facts} of {measured.facts_found} facts",
        f"{measured.covered:.0%} of chunks covered",
    ]
    if len(told) < len(rated):
        left = len(rated) - len(told)
        notes.append(f"{left} rated answers left out: they rest on documents with access rules")
    open_products = len(learnable.protected.entries(catalog(context, chunks)))
    if len(material.catalog) < open_products:
        notes += [f"asked about {len(material.catalog)} of {open_products} products"]
    notes += [*learnable.notes(), *_teacher_notes(teacher)]
    counts = [f"{sum(p.split == name for p in made.pairs)} {name}" for name in (*SPLITS, PHRASING)]
    report = StageReport(
        stage="generate",
        taken=len(made.pairs) + len(made.rejected),
        made=len(made.pairs),
        rejected=counted(item.reason for item in made.rejected),
        seconds=seconds_since(began),
        notes=(*notes, *counts),
    )
    return finish(context, mark, report)


@dataclass(frozen=True, slots=True)
class _Made:
    """The finished pairs and the others."""

    pairs: list[QAPair]
    rejected: list[RejectedPair]


def _written(
    context: Context,
    learnable: Lessons,
    rated: Sequence[RatedAnswer],
    teacher: Teacher | None,
) -> tuple[list[QAPair], Material]:
    """Everything that the generators write."""
    config = context.config
    entries = catalog(context, all_chunks(context))
    taught = thinned(learnable.protected.entries(entries), config.dataset)
    asked_of = {entry.chunk.id for entry in taught}
    texts = [c for c in learnable.chunks if c.kind != "product" or c.id in asked_of]
    material = Material(texts, taught, rated)
    made = generate(material, config.dataset, shares(config.bot, config.dataset), teacher)
    # What users and people wrote is masked like everything else.
    return [learnable.protected.pair(pair) for pair in made], material


def _labelled(
    pairs: Sequence[QAPair], learnable: Lessons
) -> tuple[list[QAPair], list[RejectedPair]]:
    """The pairs with the groups that may read them; those that nobody may read all of."""
    groups = {chunk.id: chunk.groups for chunk in learnable.chunks}
    shared: list[QAPair] = []
    unshared: list[RejectedPair] = []
    for pair in pairs:
        ids = (pair.chunk_id, *(further.chunk_id for further in pair.further))
        restricted = [set(groups[i]) for i in ids if groups.get(i)]
        readers = set.intersection(*restricted) if restricted else set()
        if restricted and not readers:
            unshared.append(RejectedPair(pair, "nobody may read both passages"))
        else:
            shared.append(replace(pair, groups=tuple(sorted(readers))))
    return shared, unshared


def _sifted(context: Context, pairs: list[QAPair], learnable: Lessons, trip: RoundTrip) -> _Made:
    """The pairs as reviewed, filtered, split, free of leaks, and with their augmented copies."""
    config = context.config
    settings = config.dataset
    by_id = {chunk.id: chunk for chunk in learnable.chunks}
    path = reviewed_file(context)
    verdicts = read_jsonl(Verdict, path) if path.exists() else ()
    reviewed, refused = apply_verdicts(pairs, verdicts, by_id)
    reviewed = [learnable.protected.pair(p) if p.reviewed else p for p in reviewed]
    weights = shares(config.bot, settings)
    kept, rejected = filter_pairs(reviewed, by_id, trip.finds, settings, weights)
    split = hold_phrasings(split_pairs(kept, settings.seed), settings.seed)
    clean, leaking = without_leaks(split, trip.vectors)
    _check(contamination(clean))
    copies = augmented(
        clean, settings.augmented_share, config.bot.tone, config.retrieval.synonyms, settings.seed
    )
    return _Made([*clean, *copies], [*refused, *rejected, *leaking])


def _write(context: Context, made: _Made, learnable: Lessons, trip: RoundTrip) -> DatasetQuality:
    folder = context.workspace.dataset
    for name in (*SPLITS, PHRASING):
        write_jsonl(folder / f"{name}.jsonl", (p for p in made.pairs if p.split == name))
    write_jsonl(folder / "rejected.jsonl", made.rejected)
    write_jsonl(folder / "retrieved.jsonl", trip.rows(made.pairs))
    measured = replace(
        quality(made.pairs, made.rejected, learnable.chunks, context.config.dataset.seed),
        personal=tuple(learnable.protected.counts.most_common()),
    )
    write_text(folder / "quality.json", to_line(measured) + "\n")
    write_text(folder / "quality.md", quality_page(measured))
    _instruction_formats(context, made.pairs)
    return measured


def _options(context: Context, embedder: Embedder) -> list[object]:
    """Everything in the configuration that decides which pairs there are and how they read."""
    config = context.config
    parts = (config.dataset, config.teacher, config.retrieval, config.bot, config.privacy)
    groups = list(config.training.groups)
    return [RECIPE, embedder.source.name, groups, *(part.model_dump() for part in parts)]


def rated_answers(context: Context) -> list[RatedAnswer]:
    """What users said of the bot's answers: liked ones, and what was written in place of others."""
    if not context.workspace.database.exists():
        return []
    found = []
    for turn in ChatStore(context.workspace.database).feedback():
        liked = turn.rating > 0 and not turn.answer.refused and turn.answer.verified
        answer = turn.answer.answer if liked else turn.comment if turn.rating < 0 else ""
        if answer.strip():
            chunks = tuple(p.chunk.id for p in turn.answer.passages)
            language = detect(turn.question) or "en"
            found.append(RatedAnswer(turn.question, answer.strip(), language, chunks))
    return found


def pairs_of(context: Context, split: str) -> list[QAPair]:
    """The pairs of one split, as they stand on disk: a person may have edited them."""
    context.workspace.need("generate")
    path = context.workspace.dataset / f"{split}.jsonl"
    if split == PHRASING and not path.exists():
        return []  # made by an older version
    return list(read_jsonl(QAPair, path))


def retrieved(context: Context) -> dict[str, tuple[str, ...]]:
    """Id of a pair → ids of the chunks that the index found for its question."""
    return dict(by_pair(list(read_jsonl(Retrieved, context.workspace.dataset / "retrieved.jsonl"))))


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
        "facts": f"{value['facts']} of {value['facts_found']}",
        "wordings a fact": f"{value['wordings_per_fact']:.1f}",
        "chunks covered": f"{value['covered']:.0%}",
        "documents covered": f"{value['documents_covered']:.0%}",
        "distinct questions": f"{value['distinct_questions']:.0%}",
        "distinct word pairs": f"{value['diversity']:.0%}",
    }
    if value.get("personal"):
        done = context.config.privacy.training
        found = ", ".join(f"{kind} {count}" for kind, count in value["personal"])
        out["personal data"] = f"{found} ({done})"
    for name in counts:
        label = name.replace("by_", "by ")
        out[label] = ", ".join(f"{key} {count}" for key, count in value[name])
    return out


def system_words(context: Context) -> str:
    """How the bot is told who it is, in what other trainers read."""
    bot = context.config.bot
    return f"You are {bot.name}. You {bot.purpose}."


def _instruction_formats(context: Context, pairs: Sequence[QAPair]) -> None:
    folder, system = context.workspace.dataset, system_words(context)
    for form in FORMATS:
        if form == "chat" or (form == "alpaca" and context.config.dataset.alpaca):
            for name in SPLITS:
                part = (record_of(p, form, system) for p in pairs if p.split == name)
                export_lines(part, folder / form / f"{name}.jsonl")


def _teacher_notes(teacher: Teacher | None) -> list[str]:
    if teacher is None:
        return []
    notes = [f"teacher: {teacher.read_tokens} tokens read, {teacher.written_tokens} written"]
    if teacher.cost:
        notes.append(f"teacher: cost {teacher.cost:.2f}")
    if teacher.unasked:
        notes.append(f"teacher: {teacher.unasked} passages not asked about, the budget is spent")
    return notes


def reviewed_file(context: Context) -> Path:
    """What people decided about pairs: generating reads it, and never writes it."""
    return context.workspace.dataset / "reviewed.jsonl"


def _check(overlaps: Sequence[str]) -> None:
    if overlaps:
        raise MonoshiriError(
            f"{len(overlaps)} pairs stand on two sides of the split, first: {overlaps[0]}.",
            "dataset",
            "This is a fault of the program; please report it.",
        )
