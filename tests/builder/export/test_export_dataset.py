"""Exported pairs: one object a line, or a Parquet table, with the place that each came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tiny import make_pair

from builder.dataset.formats import FORMATS, record_of
from builder.errors import UsageError
from builder.export.dataset import export_lines, export_parquet
from builder.records import Message

HISTORY = (Message("user", "K-210はいくら？"), Message("assistant", "6,980円です。"))
PAIR = make_pair(1, "保証", question="保証\u2028は？", answer="2年です。", history=HISTORY)
SYSTEM = "You are Mono."


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n")]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (
            "chat",
            {
                "messages": [
                    {"role": "system", "content": SYSTEM},
                    {"role": "user", "content": "K-210はいくら？"},
                    {"role": "assistant", "content": "6,980円です。"},
                    {"role": "user", "content": "保証\u2028は？"},
                    {"role": "assistant", "content": "2年です。"},
                ]
            },
        ),
        (
            "alpaca",
            {
                "instruction": "保証\u2028は？",
                "input": "user: K-210はいくら？\nassistant: 6,980円です。",
                "output": "2年です。",
            },
        ),
        (
            "sharegpt",
            {
                "conversations": [
                    {"from": "system", "value": SYSTEM},
                    {"from": "human", "value": "K-210はいくら？"},
                    {"from": "gpt", "value": "6,980円です。"},
                    {"from": "human", "value": "保証\u2028は？"},
                    {"from": "gpt", "value": "2年です。"},
                ]
            },
        ),
    ],
)
def test_each_form_holds_the_conversation_and_the_place(
    tmp_path: Path, form: str, expected: dict[str, Any]
) -> None:
    target = tmp_path / "train.jsonl"
    assert export_lines([record_of(PAIR, form, SYSTEM)] * 3, target) == 3
    assert rows(target) == [{**expected, "source": "保証.md", "locator": ""}] * 3
    assert "保証" in target.read_text(encoding="utf-8")


def test_every_form_is_tested() -> None:
    assert set(FORMATS) == {"chat", "alpaca", "sharegpt"}


def test_parquet_reads_back(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    target = tmp_path / "new" / "train.parquet"
    record = record_of(PAIR, "chat", SYSTEM)
    assert export_parquet((record for _ in range(2500)), target) == 2500
    table = parquet.read_table(target)
    assert table.num_rows == 2500
    assert table.slice(2400, 1).to_pylist() == [record]
    assert [path.name for path in target.parent.iterdir()] == ["train.parquet"]


@pytest.mark.parametrize("export", [export_lines, export_parquet])
def test_a_folder_is_refused(tmp_path: Path, export: Any) -> None:
    with pytest.raises(UsageError, match="a folder"):
        export([], tmp_path)


def test_a_failing_export_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "train.jsonl"
    export_lines([record_of(PAIR, "chat", "")], target)
    before = target.read_bytes()

    def failing() -> Any:
        yield record_of(PAIR, "chat", "")
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        export_lines(failing(), target)
    assert target.read_bytes() == before
