"""What `train --plan` says, held against what `train` then does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tiny import make_llama
from training_cases import TRAINING

from builder.config import Config, TrainingSection
from builder.models.catalog import ModelSource
from builder.stages import planning
from builder.stages.context import Context
from builder.stages.planning import run_plan
from builder.stages.searching import run_search
from builder.stages.training import run_train
from builder.training import search
from builder.training.examples import Item
from builder.training.methods import METHODS, load_trainable, trainable_count
from builder.training.packing import Branch, Tree
from builder.training.plan import Job, hosted_prices, hosted_tokens, remedies
from builder.training.recipe import filled_in
from builder.training.sizes import Shape, memory_of, shape_of, trained_count, work_per_token

BotFolder = Callable[..., Context]

LLAMA_7B = Shape(
    weights=6_738_000_000,
    linear=6_476_000_000,
    layers=32,
    hidden=4096,
    inner=11008,
    vocabulary=32000,
    linear_edges=32 * (4 * 8192 + 3 * 15104),
    last_layer=202_000_000,
)


@pytest.fixture(autouse=True)
def tiny_everywhere(tiny_source: ModelSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder.stages.material.language_model", lambda *_: tiny_source)


def test_a_plan_names_the_steps_that_training_then_makes(bot_folder: BotFolder) -> None:
    context = bot_folder(training={**TRAINING, "kwh_price": 0.4, "watts": 100.0})
    plan, lines = run_plan(context)
    assert context.workspace.manifest("train") is None
    assert not list(context.workspace.adapters.glob("v*"))
    notes = run_train(context).report.notes
    assert any(note.endswith(f"of {plan.steps}") for note in notes if note.startswith("best at"))
    text = "\n".join(lines)
    for head in ("Time", "Memory", "Disk", "Energy", "Hosted"):
        assert f"{head} " in text
    assert plan.fits
    assert plan.kwh == pytest.approx(100 * plan.seconds / 3.6e6)
    assert "measured in a few steps" in text


def test_a_plan_counts_the_general_answers_that_are_trained_along(
    bot_folder: BotFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [Item(f"Name number {n}.", f"It is {n}.", None) for n in range(40)]
    monkeypatch.setattr("builder.stages.material.replay", lambda *_: items)
    steps = {}
    for share in (0.0, 0.5):
        context = bot_folder(training={**TRAINING, "replay_share": share, "batch_tokens": 1500})
        plan, _ = run_plan(context)
        steps[share] = plan.steps
    assert steps[0.5] > steps[0.0]
    notes = run_train(context).report.notes
    assert any(note.endswith(f"of {plan.steps}") for note in notes if note.startswith("best at"))


def test_a_job_too_large_is_not_begun_and_says_what_would_help(
    bot_folder: BotFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "free_memory", lambda _: 10**6)
    monkeypatch.setattr(planning, "load_trainable", lambda *_: pytest.fail("it was loaded"))
    plan, lines = run_plan(bot_folder(training=TRAINING))
    assert not plan.fits
    assert "smaller model" in lines[-1]
    assert "derived from the model's size" in "\n".join(lines)


def test_remedies_are_those_that_fit() -> None:
    trees = [Tree(tuple(range(600)), (Branch((1,), (2,) * 20),))]
    settings = TrainingSection(method="full", micro_batch_tokens=768)
    whole = filled_in(settings, 1000, LLAMA_7B.weights, adapter=False)
    job = Job(LLAMA_7B, whole, trees, [], "cuda")
    assert job.memory().peak > 100e9
    assert 'training.method = "qlora"' in remedies(job, int(24e9))
    assert "smaller model" in remedies(job, int(1e9))[0]


def test_qlora_of_7_billion_weights_takes_what_its_authors_measured() -> None:
    """6.9 GB at length 512 and batch 1 (arXiv 2305.14314)."""
    settings = TrainingSection(rank=64, learning_rate=1e-4, epochs=1)
    memory = memory_of(LLAMA_7B, settings, 512, 512, device="cuda")
    assert 3.4e9 < memory.base < 4.2e9
    checkpointed = memory.base + memory.trained
    assert 5e9 < checkpointed < 9e9


@pytest.mark.parametrize("method", [name for name in METHODS if name != "dora"])
def test_trained_weights_are_counted_as_they_are(tiny_source: ModelSource, method: str) -> None:
    settings = TrainingSection(method=method, rank=8, last_layers=1)  # type: ignore[arg-type]
    model = load_trainable(tiny_source, "cpu", settings)
    assert trained_count(shape_of(make_llama()), settings) == trainable_count(model)


def test_work_is_six_operations_a_trained_weight_and_four_a_frozen_one() -> None:
    full = TrainingSection(method="full")
    assert work_per_token(LLAMA_7B, full) == 6 * LLAMA_7B.weights
    assert work_per_token(LLAMA_7B, TrainingSection(rank=16)) < 4.1 * LLAMA_7B.weights


def test_a_service_reads_the_passages_with_every_question() -> None:
    tree = Tree((1,) * 100, (Branch((1,) * 5, (2,) * 5), Branch((1,) * 5, (2,) * 5)))
    assert hosted_tokens([tree], 3.0) == 3 * (2 * 100 + 20)


def test_prices_have_a_source_and_a_date() -> None:
    rows = hosted_prices(135_000_000)
    assert rows
    for row in rows:
        assert row.source.startswith("https://")
        assert len(row.date) == len("2026-11-22")
        assert row.dollars_per_million_tokens > 0
    assert hosted_prices(10**13) == ()


def test_zeros_are_filled_in_and_nothing_else() -> None:
    small = filled_in(TrainingSection(), 100, 135_000_000, adapter=True)
    large = filled_in(TrainingSection(), 5000, 7_000_000_000, adapter=True)
    assert small.epochs > large.epochs
    assert small.learning_rate > large.learning_rate
    assert small.alpha == 2 * small.rank
    own = TrainingSection(rank=4, alpha=4, learning_rate=1e-5, epochs=9.0)
    assert filled_in(own, 100, 135_000_000, adapter=True) == own
    full = filled_in(TrainingSection(), 100, 135_000_000, adapter=False)
    assert full.learning_rate < small.learning_rate


def test_a_search_tries_the_given_settings_and_names_the_best(
    bot_folder: BotFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("optuna")
    monkeypatch.setattr(search, "TRIALS", 3)
    context = bot_folder(training={**TRAINING, "epochs": 1.0})
    lines = run_search(context, minutes=1e6)
    tried = [line for line in context.voice.said if "trial" in line]  # type: ignore[attr-defined]
    assert tried[0].startswith("  trial 1: rank 8, rate 0.01, 1 epochs")
    assert len(tried) == 3
    assert lines[1] == "[training]"
    losses = [float(line.split("loss ")[1].split()[0]) for line in tried if "given up" not in line]
    assert f"validation loss {min(losses):.3f}" in lines[0]
    named = Config.model_validate({"training": dict(line.split(" = ") for line in lines[2:])})
    assert named.training.rank
    assert not list(context.workspace.adapters.glob("*search*"))
