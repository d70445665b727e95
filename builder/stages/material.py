"""What a training is made of: the pairs that the model may learn, as examples, and its settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.bot.models import newest_adapter
from builder.config import TrainingSection
from builder.evaluation.metrics import token_f1
from builder.jsonl import read_jsonl
from builder.models.catalog import ModelSource, language_model
from builder.models.devices import pick_device
from builder.models.language_model import load_tokenizer
from builder.models.nf4 import shell
from builder.models.tuned import made_for
from builder.prompt import Asked, Persona, encode, split_marks
from builder.records import Chunk, QAPair
from builder.stages.context import Context, counted
from builder.stages.generating import pairs_of, retrieved
from builder.stages.lessons import Lessons, lessons
from builder.stages.preparing import all_chunks
from builder.training.examples import Item, Mix, make_bundles
from builder.training.general import Speaker, complete, instructions, replay, replay_trees
from builder.training.methods import METHODS
from builder.training.packing import Tree, encode_bundle, fit
from builder.training.recipe import filled_in
from builder.training.sizes import Shape, shape_of
from builder.training.start import Continuation, continuation, learned_pairs
from builder.workspace import fingerprint, write_jsonl

QUESTIONS = 8  # most questions that share one set of passages
LONG_MINUTES = 10.0  # of training; in a shorter run the answers would take its time away
WATCHED = 6  # validation questions whose answers are looked at with each validation
WATCHED_TOKENS = 32
ENOUGH = 12  # fewer training pairs teach nothing
OTHER_LANGUAGE = "language that the model does not write"
LEARNED_BEFORE = "learned before"


@dataclass(frozen=True, slots=True)
class Usable:
    """The pairs that may be learned, and why others may not."""

    pairs: tuple[QAPair, ...]
    validation: tuple[QAPair, ...]
    taken: int
    rejected: tuple[tuple[str, int], ...]
    learnable: Lessons
    going_on: Continuation | None = None
    """Set where an earlier adapter is gone on from: `pairs` are its."""


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that a training needs but the loaded model."""

    source: ModelSource
    tokenizer: Any
    shape: Shape
    settings: TrainingSection
    """With rank, rate and epochs filled in."""
    device: str
    usable: Usable
    trees: tuple[Tree, ...]
    validation: tuple[Tree, ...]
    speaker: Speaker


def model_to_train(context: Context) -> ModelSource:
    """The configured model, fetched only once the stages that training builds on have been run."""
    for stage in ("prepare", "generate"):
        context.workspace.need(stage)
    return language_model(context.config.model.name, context.voice.say)


def usable_pairs(context: Context, source: ModelSource) -> Usable:
    """Both splits without what the model must not learn or does not write."""
    languages = context.config.model.languages or source.languages
    learnable = lessons(context, all_chunks(context))
    train = pairs_of(context, "train")
    allowed, refused = learnable.sift(train)
    pairs = [p for p in allowed if not languages or p.language in languages]
    reasons = [*refused, *[OTHER_LANGUAGE] * (len(allowed) - len(pairs))]
    watched = learnable.sift(pairs_of(context, "validation"))[0]
    validation = [p for p in watched if not languages or p.language in languages]
    going_on = _continuation(context, source, pairs)
    if going_on:
        reasons += [LEARNED_BEFORE] * (len(pairs) - len(going_on.pairs))
        pairs = list(going_on.pairs)
    return Usable(
        tuple(pairs), tuple(validation), len(train), counted(reasons), learnable, going_on
    )


def _continuation(
    context: Context, source: ModelSource, pairs: Sequence[QAPair]
) -> Continuation | None:
    if context.config.training.start_from != "last":
        return None
    folder = newest_adapter(context.workspace)
    if folder is None or not made_for(folder, source.hub_id):
        return None
    learned = learned_pairs(folder)
    return None if learned is None else continuation(pairs, learned, context.config.training.seed)


def start_folder(context: Context, source: ModelSource) -> Path | None:
    """The adapter that training starts from, if any."""
    wanted = context.config.training.start_from
    if wanted != "last":
        return Path(wanted).expanduser() if wanted else None
    newest = newest_adapter(context.workspace)
    return newest if newest and made_for(newest, source.hub_id) else None


def make_material(context: Context, source: ModelSource, usable: Usable) -> Material:
    """The pairs as examples, with real retrieved passages; loads the tokenizer, not the model."""
    config = context.config
    tokenizer = load_tokenizer(source)
    shape = shape_of(shell(source))
    settings = filled_in(
        config.training,
        len(usable.pairs),
        shape.weights,
        adapter=METHODS[config.training.method].adapter,
    )
    device = pick_device(config.model.device)
    persona = Persona(config.bot.name, config.bot.purpose)
    languages = tuple(config.model.languages or source.languages)
    return Material(
        source=source,
        tokenizer=tokenizer,
        shape=shape,
        settings=settings,
        device=device,
        usable=usable,
        trees=_trees(context, tokenizer, usable.pairs, usable.learnable),
        validation=_trees(context, tokenizer, usable.validation, usable.learnable),
        speaker=Speaker(tokenizer, persona, languages, device),
    )


def _trees(
    context: Context, tokenizer: Any, pairs: Sequence[QAPair], learnable: Lessons
) -> tuple[Tree, ...]:
    config = context.config
    mix = Mix(
        passages=config.retrieval.passages,
        questions=QUESTIONS,
        closed_book_share=config.training.closed_book_share,
        seed=config.training.seed,
    )
    speaker = Persona(config.bot.name, config.bot.purpose)
    chunks = {chunk.id: chunk for chunk in learnable.chunks}
    bundles = make_bundles(pairs, chunks, _distractors(context, chunks), mix)
    encoded = [encode_bundle(tokenizer, speaker, bundle) for bundle in bundles]
    return tuple(fit(encoded, config.training.micro_batch_tokens))


def _distractors(context: Context, chunks: dict[str, Chunk]) -> Callable[[QAPair], list[Chunk]]:
    found = retrieved(context)

    def distractors(pair: QAPair) -> list[Chunk]:
        return [chunks[i] for i in found.get(pair.id, ()) if i in chunks]

    return distractors


def with_replay(context: Context, material: Material, model: Any) -> list[Tree]:
    """Training examples with the untuned model's answers to general questions among them.

    The answers are written once a model, before it is trained.
    """
    share = material.settings.replay_share
    if not share:
        return list(material.trees)
    path = context.workspace.adapters / ".replay" / f"{_replay_mark(material)}.jsonl"
    if not path.exists():
        context.voice.progress("the untuned model answers general questions")
        write_jsonl(path, replay(model, material.speaker))
    items = list(read_jsonl(Item, path))
    own = sum(tree.answer_tokens for tree in material.trees)
    wanted = round(own * share / (1.0 - share))
    return [*material.trees, *replay_trees(items, material.speaker, wanted)]


def _replay_mark(material: Material) -> str:
    speaker = material.speaker
    asked = instructions(speaker.languages)
    return fingerprint([material.source.hub_id, str(speaker.persona), asked])[:16]


def answer_quality(context: Context, material: Material) -> Callable[[Any], float] | None:
    """F1 of the model's own answers to a few validation questions, with their passages."""
    answerable = sorted((p for p in material.usable.validation if p.answerable), key=lambda p: p.id)
    asked = answerable[:: max(1, len(answerable) // WATCHED)][:WATCHED]
    if not asked or context.config.training.max_minutes < LONG_MINUTES:
        return None
    chunks = {chunk.id: chunk for chunk in material.usable.learnable.chunks}
    distractors = _distractors(context, chunks)
    prompts = []
    for pair in asked:
        others = [chunk for chunk in distractors(pair) if chunk.id != pair.chunk_id]
        passages = (chunks[pair.chunk_id], *others[: context.config.retrieval.passages - 1])
        asked_with = Asked(pair.question, passages, pair.history)
        prompts.append(encode(material.tokenizer, material.speaker.persona, asked_with).ids)

    def quality(model: Any) -> float:
        answers = complete(material.tokenizer, model, prompts, WATCHED_TOKENS)
        scores = [
            token_f1(split_marks(answer.text)[0], pair.answer, pair.language)
            for answer, pair in zip(answers, asked, strict=True)
        ]
        return sum(scores) / len(scores)

    return quality
