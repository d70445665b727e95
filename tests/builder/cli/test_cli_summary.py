"""What `import` and `status` tell an owner: what changed, what was left out, what is stale."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builder_fakes import FakeEmbedder, ListVoice

from builder import pipeline
from builder.cli import summary
from builder.cli.summary import show_import, show_rejections
from builder.config import Config
from builder.models.catalog import EMBEDDED_EMBEDDER
from builder.stages.context import Context
from builder.stages.importing import run_import
from builder.workspace import Workspace, write_jsonl, write_text
from connectors.records import Rejection

Command = Callable[..., Any]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeEmbedder:
    """In place of the embedded one, under its name."""
    embedder = FakeEmbedder(EMBEDDED_EMBEDDER)
    monkeypatch.setattr(pipeline, "open_embedder", lambda _: embedder)
    return embedder


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """A bot.toml over a folder of twelve documents."""
    folder = tmp_path / "docs"
    folder.mkdir()
    for number in range(12):
        text = f"# Rule {number}\n\nIt says {number}.\n"
        (folder / f"r{number:02}.md").write_text(text, encoding="utf-8")
    write_text(Workspace(tmp_path / "bot").config, f'[sources]\npaths = ["{folder}"]\n')
    return tmp_path / "bot"


def test_changes_are_named_and_index_has_to_follow(
    command: Command, bot: Path, fake: FakeEmbedder
) -> None:
    docs = bot.parent / "docs"
    assert "New" not in command("import", bot).err
    command("index", bot)
    (docs / "r00.md").write_text("# Rule 0\n\nAnother rule altogether.\n", encoding="utf-8")
    (docs / "r01.md").rename(docs / "r99.md")
    (docs / "r02.md").unlink()
    (docs / "new.md").write_text("New.\n", encoding="utf-8")
    stale = command("status", bot).out
    assert "stale: 2 new since the import" in stale
    assert "    r00.md" in stale
    ended = command("import", bot)
    assert ended.status == 0
    for block in (
        "New (1):\n    new.md\n",
        "Changed (1):\n    r00.md\n",
        "Renamed (1):\n    r01.md → r99.md\n",
        "No longer in the source (1):\n    r02.md\n",
        f"Next: monoshiri index {bot}",
    ):
        assert block in ended.err
    status = command("status", bot).out
    assert f"stale: run `monoshiri index {bot}`" in status
    assert "since the import" not in status
    before = len(fake.embedded)
    command("index", bot)
    assert len(fake.embedded) == before + 2
    assert "stale" not in command("status", bot).out
    again = command("import", bot)
    assert "Next:" not in again.err
    assert "Changed" not in again.err


def test_status_names_a_source_that_is_down(
    command: Command, bot: Path, fake: FakeEmbedder
) -> None:
    assert fake.embedded == []
    command("import", bot)
    (bot.parent / "docs").rename(bot.parent / "away")
    ended = command("status", bot)
    assert ended.status == 0
    assert "source not reachable" in ended.out
    assert "12 documents" in ended.out
    assert "gone" not in ended.out
    imported = command("import", bot)
    assert imported.status == 1
    assert "Sources that can't be reached (1):" in imported.err


def test_long_lists_are_cut_and_say_where_the_rest_is(bot: Path) -> None:
    voice = ListVoice()
    folder = bot.parent / "docs"
    config = Config.model_validate({"sources": {"paths": (str(folder),)}})
    context = Context(Workspace(bot), config, voice)
    run_import(context)
    for path in list(folder.iterdir())[1:]:
        path.rename(path.with_name(f"x-{path.name}"))
    for number in range(11):
        (folder / f"{number}.xyz").write_text("x", encoding="utf-8")
    run_import(context)
    assert show_import(context) == 1
    text = "\n".join(voice.said)
    assert text.count(" → ") == summary.SHOWN
    assert "… and 1 more" in text
    assert "changes.jsonl" in text
    assert "rejected.jsonl" in text
    assert text.count("Files of type .xyz are not read.") == 1


def test_each_reason_has_its_group_and_every_message_stands(tmp_path: Path) -> None:
    voice = ListVoice()
    context = Context(Workspace(tmp_path), Config(), voice)
    left_out = [
        Rejection("a.pdf", "broken", "Damaged in one way."),
        Rejection("b.pdf", "empty", "Fill it."),
        Rejection("c.pdf", "broken", "Damaged in another."),
        Rejection("d.pdf", "empty", "Fill it."),
        Rejection("e.pdf", "odd-reason", "Who knows."),
        Rejection(".git/", "ignored", "Not told."),
    ]
    write_jsonl(context.workspace.rejections, left_out)
    assert show_rejections(context) == 1
    assert voice.said == [
        "\nNot imported (5):",
        "  Damaged (2):",
        "    a.pdf: Damaged in one way.",
        "    c.pdf: Damaged in another.",
        "  Empty (2): Fill it.",
        "    b.pdf",
        "    d.pdf",
        "  odd-reason (1):",
        "    e.pdf: Who knows.",
    ]


def test_what_somebody_meant_to_leave_out_is_told_but_no_fault(tmp_path: Path) -> None:
    voice = ListVoice()
    context = Context(Workspace(tmp_path), Config(), voice)
    wanted = [
        Rejection("https://a/x", "robots", "robots.txt."),
        Rejection("b.md", "duplicate", "b."),
    ]
    write_jsonl(context.workspace.rejections, wanted)
    assert show_rejections(context) == 0
    assert "  Closed to crawlers by robots.txt (1):" in voice.said
    write_jsonl(context.workspace.rejections, [*wanted, Rejection("c.pdf", "broken", "Damaged.")])
    assert show_rejections(context) == 1
