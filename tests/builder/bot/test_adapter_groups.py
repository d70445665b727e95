"""Who may use an adapter that has learned restricted documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.bot.models import ADAPTER_GROUPS, may_use
from builder.bot.service import Bot
from builder.records import Arm, Question

ASKED = "How many days do I have to return an unused product?"


def adapter_for(tmp_path: Path, *groups: str) -> Path:
    folder = tmp_path / "v1"
    folder.mkdir()
    (folder / ADAPTER_GROUPS).write_text(json.dumps(groups), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("learned", "groups", "may"),
    [((), (), True), (("hr",), (), False), (("hr",), ("staff",), False), (("hr",), ("hr",), True)],
)
def test_only_its_groups_may_use_it(
    tmp_path: Path, learned: tuple[str, ...], groups: tuple[str, ...], may: bool
) -> None:
    assert may_use(adapter_for(tmp_path, *learned), groups) is may


@pytest.mark.parametrize(("arm", "without"), [("tuned+rag", "rag"), ("tuned", "base")])
def test_others_are_answered_without_it(
    tmp_path: Path,
    make_bot: Callable[..., Bot],
    monkeypatch: pytest.MonkeyPatch,
    arm: Arm,
    without: Arm,
) -> None:
    bot = make_bot({"": "14 days."})
    monkeypatch.setattr(bot.models, "adapter", adapter_for(tmp_path, "hr"), raising=False)
    stranger, member = Question("1", ASKED), Question("2", ASKED, groups=("hr",))
    assert bot._arm(arm, [member]) == arm
    assert bot._arm(arm, [stranger]) == without
    assert bot._arm(arm, [member, stranger]) == without
    assert bot.ask(stranger, arm).arm == without
    assert list(bot.stream(stranger, arm))[-1].arm == without  # type: ignore[union-attr]
