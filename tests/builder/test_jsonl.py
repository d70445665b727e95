"""Records as lines and back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from builder_fakes import make_chunk, make_document, make_product
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from builder.errors import WorkspaceError
from builder.jsonl import from_line, read_jsonl, to_line
from builder.records import Chunk, StageReport
from builder.workspace import write_jsonl
from connectors.records import Attribute, Document, Product


@given(st.text(), st.lists(st.tuples(st.integers(), st.integers(), st.integers())))
def test_chunks_come_back_as_they_were(text: str, spans: list[tuple[int, int, int]]) -> None:
    chunk = make_chunk("d.md", text, spans=tuple(spans), groups=("a",))
    line = to_line(chunk)
    assert "\n" not in line
    assert from_line(Chunk, line) == chunk


def test_products_keep_their_decimals() -> None:
    product = Product(
        sku="K-210",
        name="ケトル",
        locator="row 2",
        price=Decimal("4980.50"),
        attributes=(Attribute("容量", "1.5L", Decimal("1.5"), "L"),),
    )
    document = make_document("# 本文", products=[product, make_product("A", "b")])
    assert from_line(Document, to_line(document)) == document


def test_japanese_stays_readable_and_half_a_pair_is_replaced() -> None:
    line = to_line(StageReport("取込", 1, 1, notes=("a\ud83db", "🎉")))
    assert "取込" in line
    assert "a?b" in line
    assert "🎉" in line
    line.encode()


def test_lines_are_those_of_the_file_and_not_of_unicode(tmp_path: Path) -> None:
    chunks = [make_chunk("d", f"a{sign}b") for sign in ("\u2028", "\u0085", "\x0c", "\r", "\n")]
    write_jsonl(tmp_path / "c.jsonl", chunks)
    assert list(read_jsonl(Chunk, tmp_path / "c.jsonl")) == chunks


def test_blank_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text("\n" + to_line(StageReport("a", 1, 1)) + "\n  \n")
    assert list(read_jsonl(StageReport, path)) == [StageReport("a", 1, 1)]


@pytest.mark.parametrize(
    "damage",
    [
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b'{"stage": "x"}',
        b'{"stage": "x", "taken": "many", "made": 1}',
        b'{"stage": "\xff", "taken": 1, "made": 1}',
        b"\x00\x01",
    ],
)
def test_a_damaged_line_is_named(tmp_path: Path, damage: bytes) -> None:
    good = to_line(StageReport("a", 1, 1)).encode()
    path = tmp_path / "reports.jsonl"
    path.write_bytes(good + b"\n\n" + damage + b"\n" + good + b"\n")
    rows = read_jsonl(StageReport, path)
    assert next(rows) == StageReport("a", 1, 1)
    with pytest.raises(WorkspaceError, match="line 3 is not a StageReport") as caught:
        next(rows)
    assert str(path) in str(caught.value)


def test_one_line_by_itself_says_what_is_wrong() -> None:
    with pytest.raises(ValidationError):
        from_line(StageReport, '{"stage": "x"}')
