"""Training learns, keeps its best step, and survives kills, bad numbers and too little memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import loop_case
import pytest
import torch

from builder.errors import TrainingFailed
from builder.training import checkpoint, gradients, loop
from builder.training.loop import Progress, Trained, train
from builder.training.methods import trained_weights
from builder.training.packing import Tree, answer_loss
from builder.training.schedule import rate, schedule, up_to


def nothing(_: Progress) -> None:
    pass


def stop_at(step: int) -> Any:
    def report(progress: Progress) -> None:
        if progress.step == step:
            raise KeyboardInterrupt

    return report


def same(left: dict[str, Any], right: dict[str, Any]) -> bool:
    assert left.keys() == right.keys()
    return all(torch.allclose(left[name], right[name], atol=1e-6) for name in left)


def run_to_the_end(folder: Path, dropout: float = 0.0) -> tuple[Trained, dict[str, Any]]:
    """The result, and the weights after the last step. Goes on from what is in the folder."""
    model, run, settings = loop_case.make(folder, dropout)
    return train(model, run, settings, nothing), trained_weights(model)


@pytest.fixture(scope="module")
def uninterrupted(
    one_thread: None,  # noqa: ARG001
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[float, tuple[Trained, dict[str, Any]]]:
    """By dropout: the run that nothing stops."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    return {dropout: run_to_the_end(folder / str(dropout), dropout) for dropout in (0.0, 0.2)}


def test_the_loss_falls_and_the_curve_says_so(tmp_path: Path) -> None:
    model, run, settings = loop_case.make(tmp_path, epochs=12.0, learning_rate=1e-2)
    seen: list[Progress] = []
    trained = train(model, run, settings, seen.append)

    assert [p.step for p in seen] == list(range(1, trained.state.total_steps + 1))
    first, last = (sum(p.loss for p in part) / 5 for part in (seen[:5], seen[-5:]))
    assert last < 0.65 * first
    validations = [p.validation for p in seen if p.validation is not None]
    assert len(validations) == settings.validations
    assert validations[-1] < 0.9 * validations[0]
    assert seen[-1].seconds_left == 0
    assert [(p.step, p.validation) for p in trained.state.curve] == [
        (p.step, p.validation) for p in seen
    ]
    assert trained.state.best_validation == min(validations)


@pytest.mark.parametrize(("step", "dropout"), [(1, 0.0), (4, 0.0), (10, 0.0), (4, 0.2)])
def test_a_run_stopped_by_ctrl_c_ends_where_an_uninterrupted_one_does(
    uninterrupted: Any, tmp_path: Path, step: int, dropout: float
) -> None:
    whole, last = uninterrupted[dropout]
    assert whole.state.total_steps == 10
    with pytest.raises(KeyboardInterrupt):
        train(*loop_case.make(tmp_path / "cut", dropout), stop_at(step))
    resumed, resumed_last = run_to_the_end(tmp_path / "cut", dropout)

    assert same(resumed_last, last)
    assert same(resumed.weights, whole.weights)
    assert resumed.state.curve == whole.state.curve
    assert resumed.state.best_step == whole.state.best_step
    assert resumed.state.tokens == whole.state.tokens


@pytest.mark.parametrize("inside", ["_accumulate", "_validate"])
def test_ctrl_c_in_the_middle_of_a_step_does_not_count_the_step_twice(
    uninterrupted: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    whole, last = uninterrupted[0.0]
    calls = Counter[str]()
    original = getattr(loop._Trainer, inside)

    def interrupted(self: Any, *arguments: Any) -> Any:
        result = original(self, *arguments)
        calls[inside] += 1
        if calls[inside] == 3:
            raise KeyboardInterrupt
        return result

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(loop._Trainer, inside, interrupted)
        train(*loop_case.make(tmp_path / "cut"), nothing)
    resumed, resumed_last = run_to_the_end(tmp_path / "cut")
    assert same(resumed_last, last)
    assert resumed.state.curve == whole.state.curve


def test_a_killed_process_ends_where_an_uninterrupted_one_does(
    uninterrupted: Any, tmp_path: Path
) -> None:
    script = Path(__file__).parent / "killed_run.py"
    command = [sys.executable, str(script), str(tmp_path / "cut")]
    path = os.pathsep.join([str(Path(loop.__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        steps = [int(process.stdout.readline()) for _ in range(loop_case.KILLED_AT)]
        process.send_signal(signal.SIGKILL)
    assert steps == [1, 2, 3, 4, 5]
    assert process.returncode == -signal.SIGKILL

    steps = []
    model, run, settings = loop_case.make(tmp_path / "cut")
    resumed = train(model, run, settings, lambda p: steps.append(p.step))
    assert steps == [6, 7, 8, 9, 10]
    whole, last = uninterrupted[0.0]
    assert same(trained_weights(model), last)
    assert same(resumed.weights, whole.weights)


def test_the_checkpoint_fixes_the_number_of_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slower hour on the second day must not bend the learning rates of a run half done."""
    limited = {"max_minutes": 1.0, "epochs": 100.0}
    monkeypatch.setattr(loop._Trainer, "_measure_speed", lambda _: 20.0)
    with pytest.raises(KeyboardInterrupt):
        train(*loop_case.make(tmp_path, **limited), stop_at(2))
    monkeypatch.setattr(loop._Trainer, "_measure_speed", lambda _: 1e6)
    resumed = train(*loop_case.make(tmp_path, **limited), nothing)
    planned = (20 * 60 - 5 * sum(map(len, loop_case.make_trees(3))) / 2.5) / 152
    assert resumed.state.total_steps == round(planned)


def test_a_checkpoint_of_another_run_is_not_gone_on_with(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(*loop_case.make(tmp_path), stop_at(3))
    model, run, settings = loop_case.make(tmp_path)
    steps: list[int] = []
    train(model, replace(run, fingerprint="other data"), settings, lambda p: steps.append(p.step))
    assert steps[0] == 1


def test_a_loss_that_is_no_number_stops_and_keeps_the_last_good_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poisoned(model: Any, packed: Any) -> Any:
        loss = answer_loss(model, packed)
        return loss * float("nan") if torch.is_grad_enabled() and done["step"] >= 4 else loss

    done = {"step": 0}

    def report(progress: Progress) -> None:
        done["step"] = progress.step

    monkeypatch.setattr(loop, "SAVE_SECONDS", -1.0)
    monkeypatch.setattr(gradients, "answer_loss", poisoned)
    model, run, settings = loop_case.make(tmp_path)
    with pytest.raises(TrainingFailed, match="not a number at step 5") as failure:
        train(model, run, settings, report)
    assert "learning_rate" in failure.value.remedy
    found = checkpoint.load(run.folder, run.fingerprint)
    assert found is not None
    state, tensors = found
    assert state.step == 4
    assert all(torch.isfinite(t).all() for t in tensors.weights.values())


def test_gradients_that_are_no_numbers_never_reach_the_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, run, settings = loop_case.make(tmp_path)
    first = next(p for p in model.parameters() if p.requires_grad)
    original = loop._Trainer._accumulate

    def poisoned(self: Any, batch: Any) -> float:
        loss = original(self, batch)
        if self.state.step == 2:
            first.grad[0] = float("inf")
        return float(loss)

    monkeypatch.setattr(loop._Trainer, "_accumulate", poisoned)
    with pytest.raises(TrainingFailed, match="step 3"):
        train(model, run, settings, nothing)
    assert all(torch.isfinite(p).all() for p in model.parameters())


def test_the_best_step_is_kept_not_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses = iter([3.0, 1.5, 2.0, 1.5, 4.0])
    monkeypatch.setattr(loop._Trainer, "_validate", lambda _: next(losses))
    model, run, settings = loop_case.make(tmp_path)
    at: dict[int, dict[str, Any]] = {}
    trained = train(model, run, settings, lambda p: at.update({p.step: trained_weights(model)}))
    assert trained.state.best_step == 4
    assert trained.state.best_validation == 1.5
    assert same(trained.weights, at[4])
    assert not same(trained.weights, at[10])


def test_without_validation_examples_the_last_step_is_kept(tmp_path: Path) -> None:
    model, run, settings = loop_case.make(tmp_path)
    trained = train(model, replace(run, validation=[]), settings, nothing)
    assert trained.state.best_step == trained.state.total_steps
    assert same(trained.weights, trained_weights(model))


class Memory:
    """Raises out of memory for trees of more than `branches` branches: forward or backward."""

    def __init__(self, branches: int, when: str) -> None:
        self.branches, self.when, self.raised = branches, when, 0

    def __call__(self, model: Any, packed: Any) -> Any:
        ends = int((packed.targets == 257).sum())
        if ends <= self.branches:
            return answer_loss(model, packed)
        self.raised += 1
        if self.when == "forward":
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        embedded = model.get_base_model().model.embed_tokens
        handle = embedded.register_forward_hook(self._fail_at_the_end_of_backward)
        try:
            return answer_loss(model, packed)
        finally:
            handle.remove()

    @staticmethod
    def _fail_at_the_end_of_backward(_module: Any, _inputs: Any, out: Any) -> Any:
        """By then the upper layers have their gradients."""

        def fail(_: Any) -> None:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

        out = out.detach().requires_grad_(True)
        out.register_hook(fail)
        return out


@pytest.mark.parametrize(("when", "branches"), [("forward", 1), ("backward", 1), ("backward", 2)])
def test_out_of_memory_gives_the_same_gradients_in_smaller_pieces(
    uninterrupted: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
    branches: int,
) -> None:
    whole, last = uninterrupted[0.0]
    memory = Memory(branches, when)
    monkeypatch.setattr(gradients, "answer_loss", memory)
    model, run, settings = loop_case.make(tmp_path / "tight")
    monkeypatch.setattr(loop._Trainer, "_validate", lambda _: 1.0)
    tight = train(model, run, settings, nothing)
    assert memory.raised >= 40
    losses, tight_losses = ([p.train for p in t.state.curve] for t in (whole, tight))
    assert tight_losses == pytest.approx(losses, abs=2e-3)
    for name, tensor in trained_weights(model).items():
        assert torch.allclose(tensor, last[name], atol=1e-4), name


def test_out_of_memory_with_one_example_says_what_to_lower(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gradients, "answer_loss", Memory(0, "forward"))
    monkeypatch.setattr(loop._Trainer, "_measure_speed", lambda _: 1e3)
    with pytest.raises(TrainingFailed, match="single example") as failure:
        train(*loop_case.make(tmp_path), nothing)
    assert "chunks.tokens" in failure.value.remedy


def test_other_faults_are_not_taken_for_too_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    monkeypatch.setattr(gradients, "answer_loss", broken)
    with pytest.raises(RuntimeError, match="mat1"):
        train(*loop_case.make(tmp_path), nothing)


def test_a_time_limit_shortens_the_run_to_what_it_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop._Trainer, "_measure_speed", lambda _: 30.0)
    model, run, settings = loop_case.make(tmp_path, max_minutes=0.5, validations=1)
    trained = train(model, run, settings, nothing)
    assert trained.state.total_steps == round((900 - 114 / 2.5) / 152)


def test_what_the_rest_of_the_training_takes_is_taken_from_its_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop._Trainer, "_measure_speed", lambda _: 30.0)
    monkeypatch.setattr(loop._Trainer, "_measure_quality", lambda _: 2.0)
    model, run, settings = loop_case.make(tmp_path, max_minutes=0.5, validations=1)
    around = replace(run, loading=7.0, ending=3.0, quality=lambda _: 0.5)
    trained = train(model, around, settings, nothing)
    assert trained.state.total_steps == round((900 - 114 / 2.5 - 12 * 30) / 152)


def test_every_example_is_seen_once_an_epoch(tmp_path: Path) -> None:
    _, run, settings = loop_case.make(tmp_path)
    batches = schedule(run.train, settings, 7)
    order = [tree for batch in batches for tree in batch]
    for epoch in (order[:14], order[14:28]):
        assert Counter(map(id, epoch)) == Counter(map(id, run.train))
    assert order[:14] != order[14:28]
    assert all(sum(map(len, batch)) >= settings.batch_tokens for batch in batches)
    assert schedule(run.train, settings, 7) == batches


def test_the_rate_warms_up_to_its_peak_and_falls_to_a_tenth() -> None:
    rates = [rate(step, 100, 1e-3) for step in range(1, 101)]
    peak = rates.index(max(rates))
    assert max(rates) == pytest.approx(1e-3)
    assert rates[: peak + 1] == sorted(rates[: peak + 1])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert rates[-1] == pytest.approx(1e-4)


def test_validation_reads_a_bounded_number_of_tokens() -> None:
    trees = [Tree(tuple(range(900)), ()) for _ in range(20)]
    assert len(list(up_to(trees, 6000))) == 6
    assert len(list(up_to([Tree(tuple(range(9000)), ())], 6000))) == 1
