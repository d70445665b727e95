"""Tables: what stands in a row's cell under a column's head."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from builder.dataset.bilingual import has_japanese, one_language
from builder.dataset.blocks import Block, blocks
from builder.dataset.drafts import Draft
from builder.dataset.english import is_plural, self_contained, to_asker
from builder.dataset.sizes import fits
from builder.dataset.statements import clean
from builder.dataset.templates import lower_first
from builder.dataset.topics import is_question, local_topics
from builder.records import Chunk

_COUNTER = re.compile(r"^(?:no\.?|#|番号|№|id|rank)$", re.IGNORECASE)
_WH = re.compile(r"^(?:what|how|when|where|who|why|which)\b|\b(?:we|you|I)\b", re.IGNORECASE)
_EMPTY = re.compile(r"^(?:[-–—/]|なし|n/?a|none|空欄|—)?$", re.IGNORECASE)
_DULL_COLUMN = re.compile(
    r"^(?:notes?|links?|description|details|comments?|meaning|uses?|items?|resources?(?:\(s\))?"
    r"|what|actions?|tasks?|topics?|info(?:rmation)?|summary|purpose|remarks?|content"
    r"|備考|リンク|説明|意味|内容)$",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"^(?:日付|年月日|日時|dates?|day|when|time)$|^\d{4}[/-]\d"
    r"|^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"\b(?:and (?:returns?|sends?|submits?)|completes?|reviews?|sends?|submits?|returns?|signs?)\b"
)
_AMOUNT = re.compile(
    r"^約?[\d,.]+(?P<unit>円|日|時間|か月|年|回|名|人|%|割|台|点|枚|分|週間|営業日)(?:間|まで)?$"
)
_BRACKETS = re.compile(r"[（(].*?[)）]$")
_MOST_COLUMNS = 12
_MOST_ROW = 5  # words of a row's name
_LOOSE = re.compile(r"^(?:guidance|steps?|format|when|next steps?|status|example)s?$", re.I)


def find_tables(chunk: Chunk) -> Iterator[Draft]:
    """One fact for each filled cell beside the row's name."""
    topics = local_topics(chunk)
    for block in blocks(chunk.model_text):
        if block.kind == "table" and _regular(block):
            yield from _rows(chunk, block, topics(block.start))


def _regular(block: Block) -> bool:
    head = block.rows[0]
    return (
        len(block.rows) >= 2
        and 2 <= len(head) <= _MOST_COLUMNS
        and len(set(head)) == len(head)
        and all(0 < len(cell) <= 40 for cell in head)
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell with what it belongs to; `head` is the column that names the rows."""

    row: str
    head: str
    column: str
    value: str
    line: str


def _rows(chunk: Chunk, block: Block, about: str) -> Iterator[Draft]:
    head = [one_language(clean(cell), chunk.language) for cell in block.rows[0]]
    key = 1 if len(head) > 2 and _COUNTER.match(head[0]) else 0
    names = [clean(row[key]) if len(row) > key else "" for row in block.rows]
    for row, line, name in zip(block.rows[1:], block.lines[1:], names[1:], strict=True):
        if len(row) != len(head) or not _names_row(name, chunk.language):
            continue
        called = name if names.count(name) == 1 else _told_apart(name, row, key, chunk.language)
        for index, raw in enumerate(row):
            value = one_language(clean(raw), chunk.language)
            if index <= key or not called or value in called:
                continue
            if draft := _cell(chunk, _Cell(called, head[key], head[index], value, line), about):
                yield draft


def _told_apart(name: str, row: tuple[str, ...], key: int, language: str) -> str:
    """A name that several rows have, with the next cell; empty where that does not help."""
    second = clean(row[key + 1]) if len(row) > key + 1 else ""
    if not second or len(second) > 30:
        return ""
    return f"{name}（{second}）" if language == "ja" else f"{name} ({second})"


def _names_row(name: str, language: str) -> bool:
    limit = 40 if language == "ja" else 60
    return 1 < len(name) <= limit and not is_question(name) and not _EMPTY.match(name)


def _cell(chunk: Chunk, cell: _Cell, about: str) -> Draft | None:
    if _EMPTY.match(cell.value) or not fits(cell.value, chunk.language) or len(cell.column) < 2:
        return None
    if "?" in cell.column or re.fullmatch("[A-Za-z]", cell.value):
        return None  # `Dial-in?` `Y`: a mark is no answer
    if re.search(r"^https?:|\[\^", cell.value) or _DATED.search(cell.head):
        return None  # a diary's rows are asked for by nobody
    if chunk.language == "en" and (_DATED.search(cell.row) or _SENTENCE.search(cell.row)):
        return None
    return _cell_ja(cell, about) if chunk.language == "ja" else _cell_en(cell, about)


def _cell_en(cell: _Cell, about: str) -> Draft | None:
    row, column, answer = to_asker(cell.row), cell.column, cell.value
    if answer.lower() == column.lower() or not self_contained(cell.row) or has_japanese(cell.row):
        return None
    if len(row.split()) > _MOST_ROW or re.match(r"\w+ing\b|\W", row) or _LOOSE.match(column):
        return None
    if _DULL_COLUMN.match(column):
        family, slots = "labelled", {"label": row}
        answer = f"{cell.row}: {cell.value}"
    elif _WH.search(column):
        family, slots = "table.wh", {"row": row, "column": to_asker(lower_first(column))}
        if not re.match(r"(?:what|how|when|where|who|which)\b", slots["column"]):
            return None
    else:
        family = "table.plural" if is_plural(column) and column.endswith("s") else "table"
        slots = {"row": row, "column": _lower_all(column)}
    answer = answer if answer.endswith((".", "!", "?")) else answer + "."
    return Draft("table", family, answer, cell.line, slots, about, column)


def _cell_ja(cell: _Cell, about: str) -> Draft | None:
    value, column = cell.value, cell.column
    if _DULL_COLUMN.match(column) and len(value) < 12:
        return None
    if re.fullmatch(r"[A-Za-z][a-z]{3,}[a-z ]*", column):
        return None  # the English side of a table in two languages
    answer = value if re.search(r"[。るす]$", value) else value + "です。"
    slots = {"row": _row_ja(cell.row, cell.head), "column": _BRACKETS.sub("", column) or column}
    family = "table"
    if amount := _AMOUNT.match(value):
        unit = amount["unit"]
        slots["howmuch"] = "いくら" if unit == "円" else f"何{unit}"
        family = "table.amount"
    return Draft("table", family, answer, cell.line, slots, about, column)


def _row_ja(name: str, head: str) -> str:
    """A name that is only a number is said with its column: `暦日数が31日の場合`."""
    if re.search(r"\d", name) and not re.search(r"[A-Za-z]|年|店|第", name) and len(head) > 1:
        return f"{head}が{name}の場合"
    return name


def _lower_all(column: str) -> str:
    words = [word if word.isupper() and len(word) > 1 else word.lower() for word in column.split()]
    return to_asker(" ".join(words))
