"""A document's blocks under their headings, cleaned, with their spans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from builder.prepare.repeated import repeated_blocks
from builder.text.blocks import Block, BlockKind, blocks_of
from builder.text.clean import clean_block, clean_code, clean_matter, clean_row, is_rule_row
from connectors.records import Document

# Formats whose readers mark headings; in the others, lines that look like titles count.
MARKUP_FORMATS = frozenset(
    (
        "md html htm mht mhtml docx odt rtf doc pdf epub pptx odp ppt xlsx xlsm ods xls csv tsv "
        "json jsonl ndjson xml rss atom table"
    ).split()
)
CLEANERS = {"code": clean_code, "matter": clean_matter}
Span = tuple[int, int, int]
_ENDS = (".", "!", "?", ":", ";", "。", "！", "？", "：", "」", "）", ")", "|")


@dataclass(frozen=True, slots=True)
class Piece:
    """One cleaned block: what the models read of it, and where it stands."""

    kind: BlockKind
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The pieces under one heading. The heading itself is the first piece, where there is one."""

    headings: tuple[str, ...]
    pieces: tuple[Piece, ...]


def sections_of(document: Document) -> list[Section]:
    """The document's sections in order; sections without any text of their own are left out."""
    markup = document.format in MARKUP_FORMATS
    texts = [part.text for part in document.parts]
    pages = [blocks_of(i, text, markup) for i, text in enumerate(texts)]
    dropped = repeated_blocks(texts, pages)
    kept = [block for blocks in pages for block in blocks if block not in dropped]
    pieces = [(block, _piece(document, block)) for block in kept]
    filled = [(block, piece) for block, piece in pieces if piece.text]
    return [section for section in _grouped(filled) if _has_body(section)]


def _grouped(blocks: list[tuple[Block, Piece]]) -> Iterator[Section]:
    path: list[tuple[int, str]] = []
    pieces: list[Piece] = []
    for index, (block, piece) in enumerate(blocks):
        if block.kind != "heading":
            _append(pieces, piece)
            continue
        yield _section(path, pieces)
        path = [step for step in path if step[0] < block.level]
        following = blocks[index + 1][0] if index + 1 < len(blocks) else None
        if following is None or 0 < following.level <= block.level:
            # It heads nothing: a step of a list without marks, a last line. It is text itself.
            pieces = [replace(piece, kind="item")]
        else:
            path.append((block.level, piece.text))
            pieces = [piece]
    yield _section(path, pieces)


def _section(path: list[tuple[int, str]], pieces: list[Piece]) -> Section:
    return Section(tuple(text for _, text in path), tuple(pieces))


def _append(pieces: list[Piece], piece: Piece) -> None:
    """Add a piece; a paragraph that the page break cut in two is joined again."""
    last = pieces[-1] if pieces else None
    broken = (
        last is not None
        and last.kind == piece.kind == "paragraph"
        and last.spans[-1][0] != piece.spans[0][0]
        and not last.text.endswith(_ENDS)
    )
    if last is None or not broken:
        pieces.append(piece)
        return
    glue = "" if ord(last.text[-1]) > 0x2E7F else " "
    pieces[-1] = Piece("paragraph", last.text + glue + piece.text, last.spans + piece.spans)


def _piece(document: Document, block: Block) -> Piece:
    raw = document.parts[block.part].text[block.start : block.end]
    if block.kind == "row":
        text = "" if is_rule_row(raw) else clean_row(raw)
    else:
        text = CLEANERS.get(block.kind, clean_block)(raw)
    return Piece(block.kind, text, ((block.part, block.start, block.end),))


def _has_body(section: Section) -> bool:
    return any(piece.kind != "heading" for piece in section.pieces)
