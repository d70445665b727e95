"""The merged model, exported: written by a process of its own, then asked held-out questions."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from builder.bot.models import chosen_adapter
from builder.bot.service import persona
from builder.errors import StageMissing
from builder.evaluation.questions import from_pairs, sample
from builder.export.adapter import publish
from builder.export.card import AdapterCard
from builder.export.guide import merged_readme, modelfile
from builder.export.merging import GGUF_NAME, MergeJob, merge
from builder.export.parity import Parity, Trial, parity, require_parity
from builder.jsonl import from_object
from builder.models import gguf_weights
from builder.models.catalog import ModelSource, language_model
from builder.models.language_model import load_tokenizer
from builder.models.nf4 import load_plain
from builder.models.tuned import load_as_trained
from builder.prompt import Asked, encode, encode_answer
from builder.records import Chunk, QAPair
from builder.stages.context import Context
from builder.stages.generating import pairs_of, retrieved
from builder.stages.lessons import lessons
from builder.stages.preparing import all_chunks
from connectors.scratch import Scratch

TRIALS = 12
"""Held-out questions that are asked of what was exported."""
Form = Literal["merged", "gguf"]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and how it compares with the trained model."""

    files: list[Path]
    parity: Parity


def export_merged(context: Context, target: Path, form: Form) -> Exported:
    """Merge the adapter in use into its base and write that to `target`, as safetensors or GGUF.

    Raises StageMissing without an adapter or held-out questions, and WorkspaceError when the
    exported model answers differently; nothing is exported then.
    """
    adapter = used_adapter(context)
    source = language_model(context.config.model.name, context.voice.say)
    trials = _trials(context, source)
    card = from_object(AdapterCard, json.loads((adapter / "card.json").read_text("utf-8")))
    found: list[Parity] = []

    def fill(staged: Path) -> None:
        """Write the merged model into the staging folder and ask it again there."""
        context.voice.say("  merging …")
        merge(MergeJob(source, str(adapter), str(staged), form == "gguf"))
        context.voice.say(f"  asking {len(trials)} held-out questions again …")
        measured = parity(
            load_as_trained(source, adapter), _read_back(staged, source, form), trials
        )
        require_parity(measured, str(target))
        found.append(measured)
        _describe(staged, card, measured, form, load_tokenizer(source))

    return Exported(publish(adapter, target, fill), found[0])


def used_adapter(context: Context) -> Path:
    """The adapter in use; raises StageMissing where there is none."""
    adapter = chosen_adapter(context.workspace, context.config.model.adapter)
    if adapter is None:
        raise StageMissing(
            "there is no adapter yet.",
            str(context.workspace.root),
            f"Run `monoshiri train {context.workspace.root}` first.",
        )
    return adapter


def _describe(
    staged: Path, card: AdapterCard, measured: Parity, form: Form, tokenizer: Any
) -> None:
    readme = merged_readme(card, measured, gguf=form == "gguf")
    (staged / "README.md").write_text(readme, encoding="utf-8")
    if form == "gguf":
        (staged / "Modelfile").write_text(modelfile(tokenizer.chat_template), encoding="utf-8")


def _read_back(staged: Path, source: ModelSource, form: Form) -> Any:
    """The exported model as others would load it: from its files alone."""
    if form == "merged":
        return _plain(source, staged)
    with closing(Scratch("gguf")) as scratch:
        gguf_weights.convert(staged / GGUF_NAME, scratch.path)
        return _plain(source, scratch.path)


def _plain(source: ModelSource, folder: Path) -> Any:
    exported = ModelSource(source.name, str(folder), source.languages, source.licence, "")
    return load_plain(exported, "cpu", exact=False)


def _trials(context: Context, source: ModelSource) -> list[Trial]:
    """Held-out questions with their passages and expected answers, as the model reads them."""
    learnable = lessons(context, all_chunks(context))
    chunks = {chunk.id: chunk for chunk in learnable.chunks}
    languages = context.config.model.languages or source.languages
    pairs = {
        pair.id: pair
        for pair in pairs_of(context, "test")
        if pair.answerable
        and pair.chunk_id in chunks
        and (not languages or pair.language in languages)
    }
    golds = sample(from_pairs(pairs.values()), TRIALS, context.config.evaluation.seed)
    if not golds:
        raise StageMissing(
            "there are no held-out questions in a language of the model to check the export with.",
            str(context.workspace.dataset),
            "Add documents, or export the adapter alone (--format adapter).",
        )
    found, tokenizer = retrieved(context), load_tokenizer(source)
    return [_trial(context, tokenizer, pairs[g.question.id], found, chunks) for g in golds]


def _trial(
    context: Context,
    tokenizer: Any,
    pair: QAPair,
    found: dict[str, tuple[str, ...]],
    chunks: dict[str, Chunk],
) -> Trial:
    ids = dict.fromkeys((pair.chunk_id, *found.get(pair.id, ())))
    shown = tuple(chunks[i] for i in ids if i in chunks)[: context.config.retrieval.passages]
    asked = Asked(pair.question, shown, pair.history)
    prompt = encode(tokenizer, persona(context.config), asked)
    return Trial(tuple(prompt.ids), tuple(encode_answer(tokenizer, pair.answer, 1)))
