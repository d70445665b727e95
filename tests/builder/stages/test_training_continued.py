"""Training that goes on from an adapter, what it must not forget, and adapters out of use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from training_cases import TRAINING, make_pairs

from builder.bot.models import newest_adapter
from builder.errors import StageMissing, UsageError, WorkspaceError
from builder.models.language_model import Completion
from builder.stages import training
from builder.stages.context import Context
from builder.stages.facts import training_facts
from builder.stages.training import run_train
from builder.training import general, machine
from builder.training.examples import Item
from builder.training.general import Standing
from builder.training.start import continuation, pair_hash
from builder.workspace import Workspace

BotFolder = Callable[..., Context]

pytestmark = pytest.mark.usefixtures("tiny_model")


def settings(**changes: Any) -> dict[str, Any]:
    return {**TRAINING, "epochs": 1.0, **changes}


def weights(workspace: Workspace, name: str) -> dict[str, torch.Tensor]:
    return load_file(workspace.adapters / name / "adapter_model.safetensors")


def test_going_on_learns_what_changed_and_as_many_old_pairs() -> None:
    old, new = make_pairs(0, 40), make_pairs(60, 3)
    learned = {pair_hash(pair) for pair in [*old, *make_pairs(90, 2)]}
    found = continuation([*old, *new], learned, 7)
    assert found.pairs[:3] == tuple(new)
    assert len(found.pairs) == 6
    assert set(found.pairs[3:]) <= set(old)
    assert (found.new, found.gone) == (3, 2)
    assert continuation([*old, *new], learned, 7) == found


def test_the_next_adapter_goes_on_from_the_last_one(bot_folder: BotFolder) -> None:
    run_train(bot_folder(training=settings()))
    more = [*make_pairs(0, 18), *make_pairs(30, 2)]
    # A rate of almost nothing: what comes out is what was started from.
    context = bot_folder(train=more, training=settings(start_from="last", learning_rate=1e-9))
    report = run_train(context).report
    assert (report.taken, report.made) == (20, 4)
    assert report.rejected == (("learned before", 16),)
    first, second = (weights(context.workspace, name) for name in ("v1", "v2"))
    assert all(torch.allclose(first[name], second[name], atol=1e-6) for name in first)
    learned = json.loads((context.workspace.adapters / "v2" / "learned.json").read_text())
    assert set(learned) == {pair_hash(pair) for pair in more}

    again = bot_folder(train=more[1:], training=settings(start_from="last"))
    report = run_train(again).report
    assert report.made == 0
    assert "nothing new to learn" in report.notes[0]
    assert "1 pairs that are gone" in report.notes[1]
    assert newest_adapter(again.workspace) == context.workspace.adapters / "v2"


def test_a_warm_start_takes_the_given_weights_and_refuses_what_does_not_fit(
    bot_folder: BotFolder, tmp_path: Path
) -> None:
    run_train(bot_folder(root=tmp_path / "one", training=settings()))
    given = tmp_path / "one" / "adapters" / "v1"
    warm = settings(start_from=str(given), learning_rate=1e-9)
    context = bot_folder(root=tmp_path / "two", training=warm)
    run_train(context)
    first, second = load_file(given / "adapter_model.safetensors"), weights(context.workspace, "v1")
    assert all(torch.allclose(first[name], second[name], atol=1e-6) for name in first)
    assert "went on from" in (context.workspace.adapters / "v1" / "README.md").read_text()

    with pytest.raises(UsageError, match="another rank"):
        run_train(bot_folder(root=tmp_path / "three", training={**warm, "rank": 4}))
    with pytest.raises(UsageError, match="no adapter here"):
        run_train(bot_folder(root=tmp_path / "three", training={**warm, "start_from": "/no"}))
    (given / "method.json").write_text(json.dumps({"base": "another/model"}))
    with pytest.raises(UsageError, match="another model"):
        run_train(bot_folder(root=tmp_path / "three", training=warm))


def test_nothing_to_learn_takes_the_old_adapter_out_of_use_and_says_so(
    bot_folder: BotFolder,
) -> None:
    run_train(bot_folder(training=settings()))
    context = bot_folder(train=make_pairs(0, 5), training=settings())
    report = run_train(context).report
    assert "v1 had learned what is no longer taught and is out of use" in report.notes[1]
    assert newest_adapter(context.workspace) is None
    assert (context.workspace.adapters / "retired-v1" / "adapter_model.safetensors").is_file()

    run_train(bot_folder(training=settings()))
    assert newest_adapter(context.workspace) == context.workspace.adapters / "v2"
    with pytest.raises(StageMissing):
        run_train(bot_folder(train=[], training=settings()))
    assert newest_adapter(context.workspace) is None


def test_general_answers_of_the_untuned_model_are_trained_along_and_written_once(
    bot_folder: BotFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def answers(*_: Any) -> list[Item]:
        calls.append(1)
        return [Item("Name a fruit.", "An apple.", None), Item("And a colour.", "Blue.", None)]

    monkeypatch.setattr("builder.stages.material.replay", answers)
    counts = []
    for pairs in (make_pairs(0, 18), make_pairs(0, 19)):
        context = bot_folder(training=settings(replay_share=0.3), train=pairs)
        run_train(context)
        (said,) = (line for line in context.voice.said if "examples" in line)  # type: ignore[attr-defined]
        counts.append(int(said.split(" in ")[1].split()[0]))
    assert len(calls) == 1
    plain = bot_folder(training=settings(), train=make_pairs(0, 20))
    run_train(plain)
    (said,) = (line for line in plain.voice.said if "examples" in line)  # type: ignore[attr-defined]
    assert min(counts) > int(said.split(" in ")[1].split()[0])


def test_an_answer_that_was_cut_off_ends_with_its_last_whole_sentence() -> None:
    assert general._whole(Completion("One. Two. Thr", general.LONG)) == "One. Two."
    assert general._whole(Completion("One. Two", 5)) == "One. Two"
    assert general._whole(Completion("On and on", general.LONG)) == ""


def test_forgetting_is_measured_and_stands_in_report_card_and_summary(
    bot_folder: BotFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands = iter([Standing(15, 20, 1.0), Standing(9, 20, 2.0)])
    monkeypatch.setattr(training, "standing", lambda *_: next(stands))
    context = bot_folder(training=settings())
    notes = run_train(context).report.notes
    assert "general questions right 15 of 20 before, 9 after" in notes
    assert any("forgot general knowledge" in note for note in notes)
    card = (context.workspace.adapters / "v1" / "README.md").read_text()
    assert "| general questions right after | 9 of 20 |" in card
    summary = training_facts(context)
    assert summary["general questions right before"] == "15 of 20"
    assert "forgot" in summary["warning"]


def test_general_questions_are_short_and_in_both_languages() -> None:
    for language in ("en", "ja"):
        questions = general._rows("questions", (language,))
        assert len(questions) == len({row[0] for row in questions}) == 60
        assert all(len(row) > 1 for row in questions)
        trained_along = general.instructions((language,))
        assert len(trained_along) == len(set(trained_along)) == 50
        assert not {row[0] for row in questions} & set(trained_along)
    assert len(general._rows("questions", ())) == 120
    assert len(general._rows("questions", ("fr",))) == 60


def test_no_room_on_the_disk_is_seen_before_the_run(
    bot_folder: BotFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10**6}))
    monkeypatch.setattr(training, "load_trainable", lambda *_: pytest.fail("it was begun"))
    with pytest.raises(WorkspaceError, match="GB of disk"):
        run_train(bot_folder(training=settings()))
