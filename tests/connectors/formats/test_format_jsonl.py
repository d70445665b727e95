"""JSON lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.records import Document, Rejection

Read = Callable[[Path], Document]


def _lines(*values: object) -> str:
    return "\n".join(json.dumps(value, ensure_ascii=False) for value in values) + "\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_a_catalogue_with_a_blank_and_a_damaged_line(
    codec: str, tmp_path: Path, read: Read
) -> None:
    first = {"型番": "K-1", "商品名": "電気釜", "価格": "1,200円", "寸法": {"幅": "20cm"}}
    second = {"型番": "K-2", "商品名": "鍋の蓋", "価格": 300}
    text = _lines(first) + "\n" + _lines(second) + '{"型番": "K-3", "商'
    path = tmp_path / "a.jsonl"
    path.write_bytes(text.encode(codec))
    document = read(path)
    assert [(p.sku, p.price, p.locator) for p in document.products] == [
        ("K-1", Decimal(1200), "row 1"),
        ("K-2", Decimal(300), "row 3"),
    ]
    assert "lines left out, no valid JSON: 4 (1 in all)" in document.notes


def test_other_values_become_lines(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "a.ndjson"
    path.write_text(_lines("一行目", ["甲", "乙"]), encoding="utf-8")
    assert read(path).parts[0].text == "一行目\n- 甲\n- 乙\n"


def test_mostly_damaged_or_blank(tmp_path: Path, reject: Callable[[Path], Rejection]) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("これは\nJSONではない\n1\n", encoding="utf-8")
    assert reject(path).reason == "broken"
    path.write_text("\n \n", encoding="utf-8")
    assert reject(path).reason == "no-text"
    path.write_text("[" * 100_000 + "\n", encoding="utf-8")
    assert reject(path).reason == "broken"
