"""`review`: the pairs go out as a sheet, a person's changes come back and stay."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import company
import pytest
from builder_fakes import FakeEmbedder

from builder import pipeline

Row = dict[str, str]
RIGHT = "Within 14 days; ask at the till."


@pytest.fixture
def bot(tmp_path: Path, command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pairs without a model: the embedder is a stand-in, nothing is trained."""
    monkeypatch.setattr(pipeline, "open_embedder", lambda _: FakeEmbedder())
    sources = company.write_company(tmp_path / "company")
    ended = command("build", sources, "--out", tmp_path / "bot", "--no-train")
    assert ended.status == 0, ended.err
    return tmp_path / "bot"


def rows_of(sheet: Path) -> list[Row]:
    with sheet.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def fill_in(sheet: Path, rows: list[Row]) -> None:
    with sheet.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def pairs_in(bot: Path) -> list[dict[str, Any]]:
    files = [bot / "dataset" / f"{name}.jsonl" for name in ("train", "validation", "test")]
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def test_what_a_person_decided_survives_when_the_pairs_are_made_anew(
    bot: Path, command: Callable[..., Any], tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.csv"
    ended = command("review", bot, "--out", sheet)
    rows = rows_of(sheet)
    assert (ended.status, ended.out) == (0, f"{sheet}: {len(rows)} pairs\n")

    edited, rejected, approved = [row for row in rows if row["source"] == "returns.md"][:3]
    edited["answer"] = RIGHT
    rejected["status"] = "rejected"
    approved["status"] = "ok"
    fill_in(sheet, rows)
    taken = command("review", bot, "--in", sheet)
    assert (taken.status, taken.out) == (0, "3 pairs edited, approved or rejected\n")
    assert f"monoshiri generate {bot}" in taken.err

    (tmp_path / "company" / "new.md").write_text("# Visits\n\nVisitors need a badge.\n", "utf-8")
    for stage in ("import", "index", "generate"):
        ended = command(stage, bot)
        assert ended.status == 0, ended.err
    assert "Generate: nothing changed" not in ended.err
    answers = {pair["question"]: (pair["answer"], pair["reviewed"]) for pair in pairs_in(bot)}
    assert answers[edited["question"]] == (RIGHT, True)
    assert answers[approved["question"]] == (approved["answer"], True)
    assert rejected["question"] not in answers
    assert "rejected-in-review" in ended.err
    assert command("review", bot, "--out", sheet).status == 0
    again = {row["question"]: row for row in rows_of(sheet)}
    assert (again[edited["question"]]["answer"], again[edited["question"]]["status"]) == (
        RIGHT,
        "ok",
    )


def test_a_row_that_can_not_be_used_is_named_and_the_others_are_taken(
    bot: Path, command: Callable[..., Any], tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.csv"
    command("review", bot, "--out", sheet)
    rows = rows_of(sheet)
    rows[0]["status"] = "maybe"
    rows[1]["key"] = "of nothing"
    rows[2]["answer"] = RIGHT
    fill_in(sheet, rows)
    ended = command("review", bot, "--in", sheet)
    assert (ended.status, ended.out) == (1, "1 pairs edited, approved or rejected\n")
    assert "row 2: `maybe`" in ended.err
    assert "row 3: no pair has the key `of nothing`" in ended.err


def test_an_untouched_sheet_changes_nothing(
    bot: Path, command: Callable[..., Any], tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.xlsx"
    assert command("review", bot, "--out", sheet).status == 0
    ended = command("review", bot, "--in", sheet)
    assert (ended.status, ended.out) == (0, "0 pairs edited, approved or rejected\n")
    assert "Generate: nothing changed" in command("generate", bot).err


@pytest.mark.parametrize("options", [(), ("--out", "a.csv", "--in", "a.csv")])
def test_one_direction_has_to_be_named(
    tmp_path: Path, command: Callable[..., Any], options: tuple[str, ...]
) -> None:
    (tmp_path / "bot.toml").write_text("", encoding="utf-8")
    ended = command("review", tmp_path, *options)
    assert ended.status == 2
    assert "--out FILE" in ended.err
