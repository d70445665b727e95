"""A person's review: the sheet out, the verdicts in, and what a later generation makes of them."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from dataset_cases import pair_of

from builder.dataset.review import (
    ReviewRow,
    Verdict,
    apply_verdicts,
    key_of,
    merged,
    verdicts_of,
)
from builder.dataset.sheets import COLUMNS, read_sheet, write_sheet
from builder.errors import UsageError
from builder.records import Message, QAPair

HISTORY = (Message("user", "K-210は？"), Message("assistant", "6,980円です。"))
PAIRS = [
    pair_of("When are claims paid?", fact="f1"),
    replace(pair_of("では、重さは？", '=HYPERLINK("x")です。', language="ja"), history=HISTORY),
    pair_of("+81 or 0081?", "-1 degree, | or\nline", fact="f3"),
]
CHUNKS = {"c1": None}


@pytest.mark.parametrize("name", ["pairs.csv", "pairs.xlsx", "pairs.jsonl"])
def test_a_sheet_that_nobody_changed_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    path = tmp_path / "new" / name
    write_sheet(PAIRS, path)
    rows = read_sheet(path)
    assert rows == [ReviewRow(key_of(p), "", p.question, p.answer) for p in PAIRS]
    assert verdicts_of(rows, PAIRS, ()).verdicts == ()
    assert [p.name for p in path.parent.iterdir()] == [name]


def test_no_cell_of_a_sheet_is_a_formula(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    write_sheet(PAIRS, tmp_path / "pairs.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "pairs.xlsx").worksheets[0]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert "=HYPERLINK" in str([cell.value for row in sheet.iter_rows() for cell in row])
    write_sheet(PAIRS, tmp_path / "pairs.csv")
    with (tmp_path / "pairs.csv").open(encoding="utf-8-sig", newline="") as handle:
        cells = [cell for row in csv.reader(handle) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def reviewed(**change: str) -> list[Verdict]:
    row = ReviewRow(key_of(PAIRS[0]), "", PAIRS[0].question, PAIRS[0].answer)
    return list(verdicts_of([replace(row, **change)], PAIRS, ()).verdicts)  # type: ignore[arg-type]


def test_an_edited_pair_stays_so_when_pairs_are_made_anew() -> None:
    edited = reviewed(question="When is my claim paid?", answer="Within five days, always.")
    kept, rejected = apply_verdicts(PAIRS, edited, CHUNKS)
    assert not rejected
    assert (kept[0].question, kept[0].answer) == (
        "When is my claim paid?",
        "Within five days, always.",
    )
    assert kept[0].reviewed
    assert kept[1:] == PAIRS[1:]


def test_a_rejected_pair_stays_out_and_is_counted() -> None:
    kept, rejected = apply_verdicts(PAIRS, reviewed(status="rejected"), CHUNKS)
    assert kept == PAIRS[1:]
    assert [(item.pair, item.reason) for item in rejected] == [(PAIRS[0], "rejected-in-review")]


def test_an_edited_pair_that_is_no_longer_made_is_put_back_while_its_passage_is_there() -> None:
    edited = reviewed(answer="Within five days.")
    kept, _ = apply_verdicts(PAIRS[1:], edited, CHUNKS)
    assert kept[-1].answer == "Within five days."
    assert apply_verdicts(PAIRS[1:], edited, {})[0] == PAIRS[1:]


def test_a_second_edit_is_about_the_same_pair() -> None:
    first = reviewed(question="When is my claim paid?")
    shown = apply_verdicts(PAIRS, first, CHUNKS)[0]
    row = ReviewRow(key_of(shown[0]), "", "When do I get my claim?", shown[0].answer)
    second = verdicts_of([row], shown, first).verdicts
    both = merged(first, second)
    assert len(both) == 1
    assert apply_verdicts(PAIRS, both, CHUNKS)[0][0].question == "When do I get my claim?"


def test_an_approved_pair_passes_the_filters_as_it_is() -> None:
    kept, _ = apply_verdicts(PAIRS, reviewed(status="ok"), CHUNKS)
    assert kept[0] == replace(PAIRS[0], reviewed=True)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"key": "unknown"}, "no pair has the key"),
        ({"status": "maybe"}, "`maybe` is not"),
        ({"answer": " "}, "is empty"),
    ],
)
def test_a_row_that_can_not_be_used_is_named(change: dict[str, str], fault: str) -> None:
    row = ReviewRow(key_of(PAIRS[0]), "", PAIRS[0].question, PAIRS[0].answer)
    outcome = verdicts_of([replace(row, **change)], PAIRS, ())  # type: ignore[arg-type]
    assert outcome.verdicts == ()
    assert fault in outcome.faults[0]
    assert "row 2" in outcome.faults[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pairs.csv", b"question,answer\nWhen?,Now.\n"),
        ("pairs.csv", b"\xff\xfe\x00"),
        ("pairs.xlsx", b"not a zip"),
        ("pairs.jsonl", b"[1]\n"),
        ("pairs.jsonl", b"{"),
        ("pairs.pdf", b""),
    ],
)
def test_what_is_no_review_sheet_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError):
        read_sheet(tmp_path / name)


def test_a_missing_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        read_sheet(tmp_path / "none.csv")


def test_the_key_tells_conversations_and_copies_apart() -> None:
    pair = PAIRS[0]
    others: list[QAPair] = [
        replace(pair, history=HISTORY),
        replace(pair, augmentation="casual"),
        replace(pair, fact="other"),
    ]
    assert len({key_of(pair), *map(key_of, others)}) == 4
    assert set(COLUMNS) >= {"status", "question", "answer", "key"}
