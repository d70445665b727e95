"""`train --plan` and its status; one of several processes takes no lock and says nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from builder.cli.main import main
from builder.training.plan import Plan
from builder.workspace import Workspace


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    (tmp_path / "bot.toml").write_text("")
    return tmp_path


def plan(free: int) -> Plan:
    return Plan(3, 3000, 1.0, 60.0, 10**9, free, 10**8, 20.0, 9000)


@pytest.mark.parametrize(("free", "status"), [(10**10, 0), (10**9, 1)])
def test_a_plan_that_does_not_fit_ends_with_status_1(
    bot: Path,
    free: int,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = ("Steps     3",)
    monkeypatch.setattr("builder.stages.planning.run_plan", lambda _: (plan(free), lines))
    assert main(["train", str(bot), "--plan"]) == status
    assert capsys.readouterr().out == "Steps     3\n"


def test_of_several_processes_the_first_holds_the_bot_and_speaks(
    bot: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def speak(context: Any) -> Any:
        context.voice.say("a step made")
        raise KeyboardInterrupt

    monkeypatch.setattr("builder.stages.training.run_train", speak)
    with Workspace(bot).lock():
        assert main(["train", str(bot)]) == 1  # somebody else works there
        monkeypatch.setenv("RANK", "1")
        assert main(["train", str(bot)]) == 130
    assert "a step made" not in capsys.readouterr().err
