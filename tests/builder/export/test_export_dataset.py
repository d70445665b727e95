"""Exported pairs: one object a line, with the place that each came from."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from builder.errors import UsageError
from builder.export.dataset import export_alpaca, export_chat
from builder.records import QAPair

PAIRS = [
    QAPair(
        id=f"p{number}",
        question=f"保証 {number}\u2028は？",
        answer="2年です。",
        quote="2年",
        chunk_id="c",
        document_id="d",
        source="保証.md",
        locator="page 1",
        language="ja",
        kind="number",
        generator="structure",
        fact=f"f{number}",
    )
    for number in range(3)
]


def chat(pair: QAPair) -> dict[str, Any]:
    return {
        "messages": [
            {"role": "user", "content": pair.question},
            {"role": "assistant", "content": pair.answer},
        ],
        "internal": "not exported",
    }


def alpaca(pair: QAPair) -> dict[str, Any]:
    return {"instruction": pair.question, "input": "", "output": pair.answer}


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n")]


def test_chat(tmp_path: Path) -> None:
    target = tmp_path / "train.jsonl"
    assert export_chat(PAIRS, target, chat) == 3
    assert rows(target) == [
        {"messages": chat(pair)["messages"], "source": "保証.md", "locator": "page 1"}
        for pair in PAIRS
    ]
    assert "保証" in target.read_text(encoding="utf-8")


def test_alpaca(tmp_path: Path) -> None:
    target = tmp_path / "train.jsonl"
    assert export_alpaca(iter(PAIRS), target, alpaca) == 3
    assert rows(target)[0] == {
        **alpaca(PAIRS[0]),
        "source": "保証.md",
        "locator": "page 1",
    }


@pytest.mark.parametrize(("export", "to_record"), [(export_chat, alpaca), (export_alpaca, chat)])
def test_the_wrong_form_is_noticed_and_nothing_is_overwritten(
    tmp_path: Path,
    export: Callable[..., int],
    to_record: Callable[[QAPair], Mapping[str, Any]],
) -> None:
    target = tmp_path / "train.jsonl"
    target.write_text("before", encoding="utf-8")
    with pytest.raises(ValueError, match="pair p0 has no"):
        export(PAIRS, target, to_record)
    assert target.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        export_chat(PAIRS, tmp_path, chat)
