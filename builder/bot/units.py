"""The pieces of a passage that can be quoted: sentences, list items, table rows, product lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from builder.records import Chunk
from builder.text.blocks import Block, blocks_of
from builder.text.clean import clean_block, is_rule_row, split_row
from builder.text.sentences import sentence_spans
from builder.text.terms import content_terms, terms

_LEADS_IN = re.compile(r"[:：]$|次の(?:とおり|いずれか|各号)[^。]*。?$|とおり(?:とする|です)?。$")
# What begins so says little without the sentence before it.
_LEANS = re.compile(
    r"(?:ただし|但し|なお|[こそ]の(?:場合|とき|際|ため|うち)|[こそ]れ|同[項条様])"
    r"|(?:however|otherwise|in (?:this|that|these|those) cases?|if (?:so|not)|this|these|those|they"
    r"|it|then)\b",
    re.IGNORECASE,
)
_MARK = re.compile(r"^(?:[-*•・◦▪]|\d{1,3}[.)]|[（(]\d{1,3}[）)]|[①-⑳])\s*(?=\S)")
_ASKS = re.compile(r"(?:[?？]|(?:です|ます|ません|でしょう)か。?)[」』）)\"”’*]*$")
_ABOUT = re.compile(r"(?:name|title|about|description|summary):\s*[^\s>|]", re.IGNORECASE)
MAX_ANSWERS = 3  # units behind a question that answer it
MAX_LINES = 6
MAX_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of `chunk.text` that may answer something."""

    chunk: Chunk
    start: int
    end: int
    plain: str
    """The same as words: without markup; for a row or product line with what it is about."""
    heading: str
    searched: str = ""
    """What the question is compared with, where that is not the words under their heading."""

    @property
    def verbatim(self) -> str:
        """The stretch itself."""
        return self.chunk.text[self.start : self.end]

    @property
    def in_context(self) -> str:
        """The words under their heading: `4 hours` is found by what it is about."""
        words = self.searched or self.plain
        return f"{self.heading}: {words}" if self.heading else words


def units_of(chunk: Chunk) -> list[Unit]:
    """The passage's units in order; headings say nothing by themselves, so they are none."""
    whole = [Unit(chunk, 0, len(chunk.text), chunk.model_text, "")]
    if chunk.kind == "product":
        return _product_lines(chunk) or whole
    out: list[Unit] = []
    heading = chunk.headings[-1] if chunk.headings else ""
    columns = _first_row(chunk.model_text)
    blocks = blocks_of(0, chunk.text, markup=False)
    matter = _end_of_matter(chunk)
    out.extend(_matter(chunk, matter))
    for at, block in enumerate(blocks):
        if block.start < matter:
            continue
        raw = chunk.text[block.start : block.end]
        if block.kind == "heading" and not _is_item(chunk, blocks, at):
            heading = clean_block(raw)
        elif block.kind == "row":
            out.extend(_row(chunk, block, columns, heading))
        elif block.kind != "matter":
            out.extend(_sentences(chunk, block, heading))
    return _answered(out) or whole


def _end_of_matter(chunk: Chunk) -> int:
    """Where the words begin in a chunk that begins with the front matter of its page."""
    begins = chunk.text.startswith("---") and chunk.spans[:1] and chunk.spans[0][:2] == (0, 0)
    first = blocks_of(0, chunk.text, markup=True)[:1] if begins else []
    return first[0].end if first and first[0].kind == "matter" else 0


def _matter(chunk: Chunk, end: int) -> list[Unit]:
    """What the front matter tells about the page, where it tells more than its name."""
    lines, at = [], 0
    for line in chunk.text[:end].split("\n"):
        if _ABOUT.match(line):
            lines.append((at, at + len(line)))
        at += len(line) + 1
    told = [chunk.text[slice(*span)].partition(":")[2] for span in lines]
    if len(told) < 2:
        return []
    plain = ": ".join(dict.fromkeys(clean_block(one).strip("\"'") for one in told))
    return [Unit(chunk, lines[0][0], lines[-1][1], plain, "")]


def _answered(units: list[Unit]) -> list[Unit]:
    """Without the units that ask: a question is what the units behind it are found by."""
    out: list[Unit] = []
    asked, left = "", 0
    for unit in units:
        if _ASKS.search(unit.plain):
            asked, left = unit.plain, MAX_ANSWERS
        elif left:
            out.append(replace(unit, heading=asked))
            left -= 1
        else:
            out.append(unit)
    return out


def with_list(unit: Unit, units: list[Unit]) -> list[Unit]:
    """A sentence that leads in a list, and the list; any other unit alone."""
    if not _LEADS_IN.search(unit.plain):
        return [unit]
    indent, mark = _item_style(unit)
    out = [unit]
    for other in units:
        if other.start < unit.end:
            continue
        its_indent, its_mark = _item_style(other)
        deeper = its_indent > indent or its_mark != mark
        too_long = other.end - unit.start > MAX_CHARACTERS
        if not its_mark or not deeper or too_long or len(out) > MAX_LINES:
            break
        out.append(other)
    return out


def with_lead(unit: Unit, units: list[Unit]) -> list[Unit]:
    """An item with the sentence that leads in its list, and the list: `a birth certificate` alone
    tells nothing. Any other unit alone."""
    _, mark = _item_style(unit)
    if mark in ("", "|"):  # a row names its columns itself
        return [unit]
    before = [o for o in units if o.end <= unit.start and o.heading == unit.heading]
    for other in reversed(before):
        if _LEADS_IN.search(other.plain):
            whole = with_list(other, units)
            return whole if unit in whole else [unit]
        if not _item_style(other)[1]:
            break
    return [unit]


def with_antecedent(unit: Unit, units: list[Unit]) -> list[Unit]:
    """A unit that leans on the sentence right before it (`However, …`), with that; any other
    alone."""
    before = units[units.index(unit) - 1] if unit in units[1:] else None
    if before is None or not _LEANS.match(unit.plain) or before.heading != unit.heading:
        return [unit]
    between = unit.chunk.text[before.end : unit.start]
    return [unit] if between.strip() or "\n\n" in between else [before, unit]


def is_item(unit: Unit) -> bool:
    """Whether the unit begins its line with the mark of a list, or is a table's row."""
    text = unit.chunk.text
    begins = text.rfind("\n", 0, unit.start) + 1
    return bool(_item_style(unit)[1]) and not content_terms(text[begins : unit.start])


def _item_style(unit: Unit) -> tuple[int, str]:
    """How deep the unit's line is indented, and the kind of its mark: `1.`, `(1)`, `-`; empty where
    the line is no item."""
    text = unit.chunk.text
    line = text[text.rfind("\n", 0, unit.start) + 1 : unit.end]
    found = _MARK.match(line.lstrip())
    mark = re.sub(r"\d+|[①-⑳]", "1", found[0].strip()) if found else ""
    return len(line) - len(line.lstrip()), "|" if line.lstrip().startswith("|") else mark


def _is_item(chunk: Chunk, blocks: list[Block], at: int) -> bool:
    """Whether what looks like a numbered heading is an item: `1. In Tokyo: 9,000 yen` among its
    kind, or below a sentence that leads in a list."""
    raw = chunk.text[blocks[at].start : blocks[at].end]
    if not re.match(r"\s*[0-9０-９]", raw) or clean_block(raw) in chunk.headings:
        return False
    before = chunk.text[: blocks[at].start].rstrip()
    if raw[0].isspace() or _LEADS_IN.search(before[before.rfind("\n") + 1 :]):
        return True
    beside = [blocks[n] for n in (at - 1, at + 1) if 0 <= n < len(blocks)]
    return any(
        re.match(r"\s*[0-9０-９]", chunk.text[other.start : other.end])
        and not re.search(r"\n\s*\n", _between(chunk, other, blocks[at]))
        for other in beside
    )


def _between(chunk: Chunk, one: Block, other: Block) -> str:
    return chunk.text[min(one.end, other.end) : max(one.start, other.start)]


def told(unit: Unit, question: str) -> str:
    """The unit's words as an answer: of a table row only the cells that the question is about."""
    cells = cells_of(unit)
    if not cells:
        return unit.plain
    asked = content_terms(question)
    first, *rest = cells
    wanted = [(label, value) for label, value in rest if asked & set(terms(label))]
    named = [cell for cell in rest if asked & set(terms(cell[1])) and cell not in wanted]
    shown = [cell for cell in rest if cell in wanted or cell in named] if wanted else rest
    return f"{first[1]}: " + ", ".join(f"{label}: {value}" for label, value in shown)


def cells_of(unit: Unit) -> list[tuple[str, str]]:
    """(column, cell) of a table's row, without empty cells; none of another unit, or without column
    names."""
    if not unit.verbatim.lstrip().startswith("|"):
        return []
    columns = _first_row(unit.chunk.model_text)
    cells = [clean_block(cell) for cell in split_row(unit.verbatim)]
    if len(columns) != len(cells) or columns == cells or len(cells) < 2:
        return []
    return [(label, cell) for label, cell in zip(columns, cells, strict=True) if cell]


def _product_lines(chunk: Chunk) -> list[Unit]:
    name = chunk.headings[-1] if chunk.headings else chunk.title
    out, at = [], 0
    for line in chunk.text.split("\n"):
        if line.strip() and not line.endswith(f": {name}"):
            told = clean_block(line)
            # The question names the product already; what it asks for is in the line.
            out.append(Unit(chunk, at, at + len(line), f"{name}: {told}", "", _words(told)))
        at += len(line) + 1
    return out


def _words(line: str) -> str:
    """A line with its column's name in words: `price_jpy: 6980` reads `price jpy: 6980`."""
    label, mark, value = line.partition(": ")
    return label.replace("_", " ") + mark + value


def _row(chunk: Chunk, block: Block, columns: list[str], heading: str) -> list[Unit]:
    raw = chunk.text[block.start : block.end]
    cells = [clean_block(cell) for cell in split_row(raw)]
    if is_rule_row(raw) or cells == columns or not any(cells):
        return []
    named = len(columns) == len(cells)
    pairs = zip(columns, cells, strict=True) if named else (("", cell) for cell in cells)
    plain = ", ".join(f"{label}: {cell}" if label else cell for label, cell in pairs if cell)
    return [Unit(chunk, block.start, block.end, plain, heading)]


def _sentences(chunk: Chunk, block: Block, heading: str) -> list[Unit]:
    raw = chunk.text[block.start : block.end]
    out = []
    for start, end in sentence_spans(raw):
        plain = _MARK.sub("", clean_block(raw[start:end]))
        if content_terms(plain):
            out.append(Unit(chunk, block.start + start, block.start + end, plain, heading))
    return out


def _first_row(model_text: str) -> list[str]:
    """Column names of the chunk's table, which stand in its first row."""
    rows = [line for line in model_text.split("\n") if line.startswith("|")]
    return split_row(rows[0]) if len(rows) > 1 else []
