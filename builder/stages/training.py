"""train: the dataset's training split → adapters/vN/ (a PEFT adapter with its card)."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from builder.bot.models import newest_adapter
from builder.config import Config
from builder.errors import StageMissing
from builder.export.card import AdapterCard, render
from builder.models.catalog import ModelSource, language_model
from builder.models.devices import pick_device
from builder.models.language_model import load_tokenizer
from builder.prompt import Asked, Persona, encode
from builder.records import Chunk, QAPair, StageReport
from builder.stages.context import Context, StageResult, finish, seconds_since, unchanged
from builder.stages.generating import pairs_of, retrieved
from builder.stages.preparing import all_chunks
from builder.training import checkpoint
from builder.training.examples import Mix, make_bundles
from builder.training.loop import Progress, Run, Trained, train
from builder.training.packing import Tree, encode_bundle, fit, total_tokens
from builder.training.qlora import load_trainable, restore_adapter
from builder.workspace import file_hash, fingerprint

RECIPE = 1
QUESTIONS = 8  # most questions that share one set of passages
ENOUGH = 12  # fewer training pairs teach nothing
OTHER_LANGUAGE = "language that the model does not write"


def run_train(context: Context) -> StageResult:
    """Train an adapter, or say why there is nothing to train on.

    Ctrl-C and kills leave a checkpoint, from which the next run goes on.
    """
    began = time.monotonic()
    workspace, config = context.workspace, context.config
    train_pairs, validation_pairs = pairs_of(context, "train"), pairs_of(context, "validation")
    source = language_model(config.model.name, context.voice.say)
    mark = _fingerprint(context, source)
    if done := unchanged(context, "train", mark):
        return done
    languages = config.model.languages or source.languages
    usable = [p for p in train_pairs if not languages or p.language in languages]
    if len(usable) < ENOUGH:
        return _nothing_to_learn(context, mark, len(train_pairs), len(usable), source)
    tokenizer = load_tokenizer(source)
    watched = [p for p in validation_pairs if not languages or p.language in languages]
    trees = _trees(context, tokenizer, usable)
    run = Run(
        train=trees,
        validation=_trees(context, tokenizer, watched) if watched else [],
        folder=workspace.adapters / ".run",
        fingerprint=mark,
        device=pick_device(config.model.device),
    )
    context.voice.say(
        f"  {len(usable)} pairs in {len(trees)} examples, {total_tokens(trees)} tokens; "
        f"{source.name}, NF4 with LoRA rank {config.training.rank}, on {run.device}"
    )
    model = load_trainable(source, run.device, config.training)
    trained = train(model, run, config.training, lambda p: _show(context, p))
    target = _save(context, model, tokenizer, trained, source)
    checkpoint.clear(run.folder)
    state = trained.state
    report = StageReport(
        stage="train",
        taken=len(train_pairs),
        made=len(usable),
        rejected=_other_languages(train_pairs, usable),
        seconds=seconds_since(began),
        notes=(
            f"adapter {target.name}",
            f"best at step {state.best_step} of {state.total_steps}",
            f"validation loss {state.best_validation}",
            f"{state.tokens / max(0.1, state.seconds):.0f} tokens/s",
        ),
    )
    return finish(context, mark, report)


def training_curve(context: Context) -> tuple[tuple[int, float, float | None], ...]:
    """(step, training loss, validation loss or None) of the newest adapter; empty without one."""
    adapter = newest_adapter(context.workspace)
    if adapter is None or not (adapter / "curve.json").exists():
        return ()
    points = json.loads((adapter / "curve.json").read_text(encoding="utf-8"))
    return tuple((p["step"], p["train"], p["validation"]) for p in points)


def _fingerprint(context: Context, source: ModelSource) -> str:
    folder = context.workspace.dataset
    files = [folder / f"{name}.jsonl" for name in ("train", "validation", "retrieved")]
    config = context.config
    settings = [
        RECIPE,
        config.training.model_dump(),
        config.retrieval.passages,
        [config.bot.name, config.bot.purpose],
        source.name,
        list(config.model.languages),
    ]
    return fingerprint(context.workspace.chunks, *files, settings)


def _other_languages(pairs: list[QAPair], usable: list[QAPair]) -> tuple[tuple[str, int], ...]:
    left = len(pairs) - len(usable)
    return ((OTHER_LANGUAGE, left),) if left else ()


def _nothing_to_learn(
    context: Context, mark: str, pairs: int, usable: int, source: ModelSource
) -> StageResult:
    if not pairs:
        raise StageMissing(
            "the dataset has no training pairs.",
            str(context.workspace.dataset),
            "Add documents with more text, or a teacher in bot.toml.",
        )
    if usable == pairs:
        remedy = f"at least {ENOUGH} are needed. Add documents with more text"
    else:
        remedy = "name a model for your documents' language in bot.toml (`model.name`)"
    note = (
        f"no adapter: {usable} of {pairs} training pairs are in a language that {source.name} "
        f"writes; {remedy}; until then the bot quotes its documents"
    )
    reasons = {OTHER_LANGUAGE: pairs - usable, "too few to learn from": usable}
    rejected = tuple((reason, count) for reason, count in reasons.items() if count)
    return finish(context, mark, StageReport("train", pairs, 0, rejected, notes=(note,)))


def _trees(context: Context, tokenizer: Any, pairs: list[QAPair]) -> list[Tree]:
    config = context.config
    chunks = {chunk.id: chunk for chunk in all_chunks(context)}
    found = retrieved(context)

    def distractors(pair: QAPair) -> list[Chunk]:
        return [chunks[i] for i in found.get(pair.question, ()) if i in chunks]

    mix = Mix(
        passages=config.retrieval.passages,
        questions=QUESTIONS,
        closed_book_share=config.training.closed_book_share,
        seed=config.training.seed,
    )
    speaker = Persona(config.bot.name, config.bot.purpose)
    bundles = make_bundles([p for p in pairs if p.chunk_id in chunks], chunks, distractors, mix)
    encoded = [encode_bundle(tokenizer, speaker, bundle) for bundle in bundles]
    return list(fit(encoded, config.training.micro_batch_tokens))


def _show(context: Context, progress: Progress) -> None:
    line = (
        f"step {progress.step} of {progress.total_steps}, loss {progress.loss:.3f}, "
        f"{progress.tokens_per_second:.0f} tokens/s, {_minutes(progress.seconds_left)} left"
    )
    if progress.validation is None:
        context.voice.progress(line)
    else:
        context.voice.say(f"  {line}; validation loss {progress.validation:.3f}")


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _save(
    context: Context, model: Any, tokenizer: Any, trained: Trained, source: ModelSource
) -> Path:
    """The best step's adapter as the next version; the folder appears whole or not at all."""
    restore_adapter(model, trained.weights)
    folder = context.workspace.adapters
    newest = newest_adapter(context.workspace)
    number = int(newest.name[1:]) + 1 if newest else 1
    fresh = folder / f".v{number}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    # The card names the base by its hub id; PEFT would write this machine's cache folder.
    model.peft_config["default"].base_model_name_or_path = source.hub_id
    model.save_pretrained(str(fresh), save_embedding_layers=False)  # "auto" would ask the hub
    tokenizer.save_pretrained(str(fresh))
    curve = [asdict(point) for point in trained.state.curve]
    (fresh / "curve.json").write_text(json.dumps(curve), encoding="utf-8")
    card = adapter_card(context, source, tokenizer, trained)
    (fresh / "card.json").write_text(json.dumps(asdict(card), ensure_ascii=False), "utf-8")
    (fresh / "README.md").write_text(render(card), encoding="utf-8")
    target = folder / f"v{number}"
    fresh.rename(target)
    return target


def adapter_card(
    context: Context, source: ModelSource, tokenizer: Any, trained: Trained
) -> AdapterCard:
    """What has to be known about the adapter just trained."""
    config: Config = context.config
    files = [context.workspace.dataset / f"{n}.jsonl" for n in ("train", "validation")]
    open_to_all = [chunk for chunk in all_chunks(context) if not chunk.groups]
    example = encode(
        tokenizer,
        Persona(config.bot.name, config.bot.purpose),
        Asked("What is …?", tuple(open_to_all[:1])),
    )
    state = trained.state
    return AdapterCard(
        bot_name=config.bot.name,
        base_model=source.hub_id,
        base_licence=source.licence,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        languages=source.languages,
        data_hashes=tuple((file.name, file_hash(file)) for file in files),
        settings=tuple((k, str(v)) for k, v in config.training.model_dump().items()),
        results=(
            ("steps", str(state.total_steps)),
            ("best step", str(state.best_step)),
            ("validation loss", str(state.best_validation)),
        ),
        prompt_example=tokenizer.decode(example.ids),
    )
