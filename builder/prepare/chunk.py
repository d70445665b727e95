"""Documents to Chunks: along headings, blocks and sentences, measured in the embedder's tokens."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from builder.prepare.sections import Piece, Section, Span, sections_of
from builder.records import Chunk, ChunkKind
from builder.text.clean import fold_widths
from builder.text.sentences import sentence_spans
from connectors.language import detect
from connectors.records import Document, Product

CountTokens = Callable[[Sequence[str]], list[int]]
SMALL = 0.3  # of the limit: a section below it is put together with its sibling


@dataclass(frozen=True, slots=True)
class _Draft:
    """A chunk in the making."""

    headings: tuple[str, ...]
    locator: str
    pieces: tuple[Piece, ...]
    tokens: int


def chunk_document(document: Document, limit: int, count_tokens: CountTokens) -> list[Chunk]:
    """All chunks of a document: one a product, and prose or tables of at most `limit` tokens."""
    drafts: list[_Draft] = []
    for section in sections_of(document):
        drafts.extend(_split(section, limit, count_tokens))
    merged = _merge_small(drafts, limit)
    seen: dict[str, int] = {}
    chunks = [_chunk(document, draft, seen) for draft in merged]
    products = [_product_chunk(document, product, seen) for product in document.products]
    counts = count_tokens([chunk.model_text for chunk in products])
    return chunks + [
        replace(chunk, tokens=count) for chunk, count in zip(products, counts, strict=True)
    ]


def _split(section: Section, limit: int, count_tokens: CountTokens) -> Iterator[_Draft]:
    """Pack the section's pieces greedily; a piece over the limit is cut at sentences first."""
    heading = [piece for piece in section.pieces if piece.kind == "heading"][:1]
    body = [piece for piece in section.pieces if piece.kind != "heading"]
    fitted = [part for piece in body for part in _fit(piece, limit, count_tokens)]
    counts = count_tokens([piece.text for piece in fitted])
    head = _table_head(fitted)
    taken: list[Piece] = list(heading)
    total = 0
    for piece, count in zip(fitted, counts, strict=True):
        if total and total + count > limit:
            yield _Draft(section.headings, section.locator, tuple(taken), total)
            taken, total = ([head] if head and piece.kind == "row" else []), 0
        taken.append(piece)
        total += count
    if total:
        yield _Draft(section.headings, section.locator, tuple(taken), total)


def _table_head(pieces: list[Piece]) -> Piece | None:
    """The first row of a section's table: it goes on top of each of the table's chunks, for the
    models only (no span)."""
    rows = [piece for piece in pieces if piece.kind == "row"]
    return replace(rows[0], spans=()) if len(rows) > 1 else None


def _fit(piece: Piece, limit: int, count_tokens: CountTokens) -> list[Piece]:
    if len(piece.text) < limit or count_tokens([piece.text])[0] <= limit:
        return [piece]
    # Cleaning moves characters, so the parts of a cut piece all point to the whole of it,
    # except where nothing was cleaned away.
    spans = sentence_spans(piece.text)
    counts = count_tokens([piece.text[s:e] for s, e in spans])
    groups: list[tuple[int, int]] = []
    total = 0
    for (start, end), count in zip(spans, counts, strict=True):
        if groups and total + count <= limit:
            groups[-1] = (groups[-1][0], end)
            total += count
        else:
            groups.append((start, end))
            total = count
    hard = max(80, limit * 2)
    cuts = [
        (at, min(at + hard, end))
        for start, end in groups
        for at in range(start, end, hard if end - start > limit * 6 else end - start)
    ]
    return [replace(piece, text=piece.text[s:e], spans=_exact(piece, s, e)) for s, e in cuts]


def _exact(piece: Piece, start: int, end: int) -> tuple[Span, ...]:
    """The span of a cut: exact where the piece is as long as its source, else the whole piece."""
    part, first, last = piece.spans[0]
    if len(piece.spans) == 1 and last - first == len(piece.text):
        return ((part, first + start, first + end),)
    return piece.spans


def _merge_small(drafts: list[_Draft], limit: int) -> list[_Draft]:
    """Put small neighbours under one parent together, so that no chunk is a lone line."""
    out: list[_Draft] = []
    for draft in drafts:
        last = out[-1] if out else None
        if (
            last is not None
            and last.locator == draft.locator
            and min(last.tokens, draft.tokens) < SMALL * limit
            and last.tokens + draft.tokens <= limit
        ):
            common = _common(last.headings, draft.headings)
            if common or not (last.headings and draft.headings):
                out[-1] = _Draft(
                    common, last.locator, last.pieces + draft.pieces, last.tokens + draft.tokens
                )
                continue
        out.append(draft)
    return out


def _common(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    shared = []
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        shared.append(a)
    return tuple(shared)


def _chunk(document: Document, draft: _Draft, seen: dict[str, int]) -> Chunk:
    spans = _joined(document, [span for piece in draft.pieces for span in piece.spans])
    text = "\n".join(document.parts[p].text[s:e] for p, s, e in spans)
    named = set(draft.headings)
    model_text = "\n".join(
        piece.text for piece in draft.pieces if piece.kind != "heading" or piece.text not in named
    )
    rows = sum(piece.kind == "row" for piece in draft.pieces)
    kind: ChunkKind = "table" if rows > len(draft.pieces) / 2 else "prose"
    language = detect(model_text)
    return Chunk(
        id=_id(document.id, text, seen),
        document_id=document.id,
        source=document.source,
        title=document.title,
        locator=" › ".join([*([draft.locator] if draft.locator else []), *draft.headings[-2:]]),
        headings=draft.headings,
        language=document.language if language == "und" else language,
        kind=kind,
        text=text,
        model_text=model_text,
        spans=spans,
        tokens=draft.tokens,
    )


def _joined(document: Document, spans: list[Span]) -> tuple[Span, ...]:
    """Spans with only white space between them as one, so that the line breaks stay verbatim."""
    out: list[Span] = []
    for part, start, end in sorted(set(spans)):
        text = document.parts[part].text
        if out and out[-1][0] == part and not text[out[-1][2] : start].strip():
            out[-1] = (part, out[-1][1], max(end, out[-1][2]))
        else:
            out.append((part, start, end))
    return tuple(out)


def _product_chunk(document: Document, product: Product, seen: dict[str, int]) -> Chunk:
    text = "\n".join(f"{column}: {value}" for column, value in product.cells)
    model_text = fold_widths(text)
    language = detect(model_text)
    return Chunk(
        id=_id(document.id, text, seen),
        document_id=document.id,
        source=document.source,
        title=document.title,
        locator=product.locator,
        headings=(product.name,),
        language=document.language if language == "und" else language,
        kind="product",
        text=text,
        model_text=model_text,
        spans=(),
        tokens=0,
        sku=product.sku,
    )


def _id(document_id: str, text: str, seen: dict[str, int]) -> str:
    """Content decides the id; a text that stands twice in one document is numbered."""
    repeat = seen.get(text, 0)
    seen[text] = repeat + 1
    return hashlib.sha256(f"{document_id}\0{text}\0{repeat}".encode()).hexdigest()[:16]
