"""Sheets of questions and answers: FAQ lists and help-desk exports in CSV or Excel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.catalog.columns import key_of
from connectors.markdown_table import table_row
from connectors.qa.pairs import Pair, Pairs, as_text

_SEARCHED_ROWS = 20  # a title and a note may stand above the header
_NAMES = {
    "question": "question questions faq_question customer_question query q prompt instruction ask "
    "質問 質問内容 質問文 ご質問 よくある質問 問い合わせ 問い合わせ内容 お問い合わせ "
    "お問い合わせ内容 問合せ 問合せ内容 お問合せ内容 問合わせ内容 相談内容 問",
    "answer": "answer answers faq_answer a response reply completion output agent_reply "
    "agent_response public_reply resolution solution first_reply ideal_answer "
    "回答 回答内容 回答文 ご回答 答え 答 対応内容 対応 返信 返信内容 返答 解決方法 解決策 解答",
    "subject": "subject ticket_subject summary 件名 タイトル 題名",
    "description": "description ticket_description body message issue details 内容 本文 詳細 "
    "input 入力",
}
_FIELDS = {key_of(name): field for field, line in _NAMES.items() for name in line.split()}
_PRIVATE = frozenset(
    key_of(name)
    for name in (
        "requester requester_name requester_email customer customer_name customer_email email "
        "e-mail phone phone_number internal_note internal_notes private_comment private_note "
        "氏名 お名前 顧客名 お客様名 メール メールアドレス 電話 電話番号 住所 社内メモ 内部メモ "
        "社内備考"
    ).split()
)
"""About the person who asked, or for the staff only: left out with a note."""
_LOOSE = ("output", "completion", "response", "reply", "a", "答")
_SHORT = ("q", "a", "問", "答")  # say so together only


@dataclass(frozen=True, slots=True)
class _Header:
    index: int
    columns: dict[str, int]
    labels: list[str]


def read_sheet(rows: Sequence[tuple[int, list[str]]]) -> Pairs | None:
    """The questions and answers of a sheet; None where its columns are no such ones.

    Rows without a question or an answer are counted in the notes.
    """
    header = _find_header(rows)
    if header is None:
        return None
    pairs: list[Pair] = []
    remarks: list[list[str]] = []
    for _, cells in rows[header.index + 1 :]:
        pair = _pair(cells, header)
        if pair is not None:
            pairs.append(pair)
        elif any(cells) and cells != header.labels:
            remarks.append([cell for cell in cells if cell])
    if not pairs:
        return None
    above = [[cell for cell in cells if cell] for _, cells in rows[: header.index]]
    private = [label for label in header.labels if key_of(label) in _PRIVATE]
    found = as_text(pairs, _told(header), [f"column {label}" for label in private])
    return Pairs(
        (*map(_line, above), *([""] if above else []), *found.lines, *map(_line, remarks)),
        found.notes,
    )


def _line(cells: Sequence[str]) -> str:
    return " ".join(cells[0].split()) if len(cells) == 1 else table_row(cells)


def _find_header(rows: Sequence[tuple[int, list[str]]]) -> _Header | None:
    for index, (_, cells) in enumerate(rows[:_SEARCHED_ROWS]):
        columns = columns_of_pairs(cells)
        if columns:
            return _Header(index, columns, list(cells))
    return None


def columns_of_pairs(labels: Sequence[str]) -> dict[str, int]:
    """Which column is the question and which the answer, where there are both; else empty."""
    found: dict[str, int] = {}
    for index, label in enumerate(labels):
        field = _FIELDS.get(key_of(label), "") if label else ""
        if field:
            found.setdefault(field, index)
    if "question" not in found and "subject" in found and "description" in found:
        found["question"] = found["subject"]
    elif (
        "question" not in found
        and {"description", "answer"} <= found.keys()
        and key_of(labels[found["answer"]]) not in _LOOSE
    ):
        found["question"] = found.pop("description")
    if not {"question", "answer"} <= found.keys():
        return {}
    keys = [key_of(labels[found[field]]) for field in ("question", "answer")]
    if sum(key in _SHORT for key in keys) == 1:
        return {}
    return found


def _pair(cells: Sequence[str], header: _Header) -> Pair | None:
    values = {i: cell for i, cell in enumerate(cells) if cell}
    columns = header.columns
    question = values.pop(columns["question"], "") or values.pop(columns.get("subject", -1), "")
    answer = values.pop(columns["answer"], "")
    if key_of(header.labels[columns["question"]]) == "instruction" and "description" in columns:
        question = f"{question}\n{values.pop(columns['description'], '')}".strip()
    if not question or not answer:
        return None
    more = [(header.labels[i], v) for i, v in values.items() if i < len(header.labels)]
    kept = tuple((label, v) for label, v in more if label and key_of(label) not in _PRIVATE)
    return Pair(question, answer, kept)


def _told(header: _Header) -> str:
    return ", ".join(
        f"{header.labels[index]}→{field}"
        for field, index in header.columns.items()
        if field in ("question", "answer")
    )
