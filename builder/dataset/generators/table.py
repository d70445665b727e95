"""Tables: what stands in a row's cell under a column's head."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
    r"^(?:notes?|link|links|description|details|備考|リンク|説明|comments?|meaning|意味)$", re.I
)
_AMOUNT = re.compile(
    r"^約?[\d,.]+(?P<unit>円|日|時間|か月|年|回|名|人|%|割|台|点|枚|分|週間|営業日)(?:間|まで)?$"
)
_MOST_COLUMNS = 12


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


def _rows(chunk: Chunk, block: Block, about: str) -> Iterator[Draft]:
    head = [_one_language(clean(cell), chunk.language) for cell in block.rows[0]]
    name_column = 1 if len(head) > 2 and _COUNTER.match(head[0]) else 0
    names = [clean(row[name_column]) if len(row) > name_column else "" for row in block.rows]
    for row, line, name in zip(block.rows[1:], block.lines[1:], names[1:], strict=True):
        if len(row) != len(head) or not _names_row(name, chunk.language):
            continue
        if names.count(name) > 1:
            second = clean(row[name_column + 1]) if len(row) > name_column + 1 else ""
            if not second or len(second) > 30:
                continue
            name = f"{name}（{second}）" if chunk.language == "ja" else f"{name} ({second})"
        for index, cell in enumerate(row):
            if index <= name_column or clean(cell) in name:
                continue
            if draft := _cell(
                chunk,
                (name, head[index], _one_language(clean(cell), chunk.language)),
                head[name_column],
                line,
                about,
            ):
                yield draft


def _names_row(name: str, language: str) -> bool:
    limit = 40 if language == "ja" else 60
    return 1 < len(name) <= limit and not is_question(name) and not _EMPTY.match(name)


def _cell(
    chunk: Chunk, fact: tuple[str, str, str], head: str, line: str, about: str
) -> Draft | None:
    row, column, value = fact
    if chunk.language == "ja" and re.fullmatch(r"[A-Za-z][a-z]{3,}[a-z ]*", column):
        return None  # the English side of a table in two languages
    if _EMPTY.match(value) or not fits(value, chunk.language) or len(column) < 2:
        return None
    if re.search(r"^https?:|\[\^", value):
        return None
    if chunk.language == "ja":
        return _cell_ja(fact, head, line, about)
    if not self_contained(row):
        return None
    if _DULL_COLUMN.match(column):
        family, slots = "labelled", {"label": _row(row)}
        answer = f"{row}: {value}"
    elif _WH.search(column):
        family, slots = "table.wh", {"row": _row(row), "column": to_asker(lower_first(column))}
        if not re.match(r"(?:what|how|when|where|who|which)\b", slots["column"]):
            return None
        answer = value
    else:
        family = "table.plural" if is_plural(column) and not column.endswith("ss") else "table"
        slots = {"row": _row(row), "column": _lower_all(column)}
        answer = value
    answer = answer if answer.endswith((".", "!", "?")) else answer + "."
    return Draft("table", family, answer, line, slots, about, column)


def _cell_ja(fact: tuple[str, str, str], head: str, line: str, about: str) -> Draft | None:
    row, column, value = fact
    if _DULL_COLUMN.match(column) and len(value) < 12:
        return None
    answer = value if re.search(r"[。るす]$", value) else value + "です。"
    slots = {"row": _row_ja(row, head), "column": re.sub(r"[（(].*?[)）]$", "", column) or column}
    amount = _AMOUNT.match(value)
    if amount:
        unit = amount["unit"]
        slots["howmuch"] = "いくら" if unit == "円" else f"何{unit}"
        return Draft("table", "table.amount", answer, line, slots, about, column)
    return Draft("table", "table", answer, line, slots, about, column)


def _one_language(cell: str, language: str) -> str:
    """The side of `電話 / Phone` that is in the passage's language."""
    sides = re.split(r"\s+/\s+", cell)
    japanese = [side for side in sides if re.search(r"[ぁ-んァ-ヶ一-龯]", side)]
    if len(sides) != 2 or len(japanese) != 1:
        return cell
    other = sides[0] if sides[1] == japanese[0] else sides[1]
    return japanese[0] if language == "ja" else other


def _row_ja(name: str, head: str) -> str:
    """A name that is only a number is said with its column: `暦日数が31日の場合`."""
    if re.search(r"\d", name) and not re.search(r"[A-Za-z]|年|店|第", name) and len(head) > 1:
        return f"{head}が{name}の場合"
    return name


def _row(name: str) -> str:
    return to_asker(name)


def _lower_all(column: str) -> str:
    words = [word if word.isupper() and len(word) > 1 else word.lower() for word in column.split()]
    return to_asker(" ".join(words))
