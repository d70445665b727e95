"""Documents to Chunks: along headings, blocks and sentences, measured in the embedder's tokens."""

from __future__ import annotations

import hashlib
import re
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
_CLAUSE_END = re.compile(r"\s+|[、，,;；：・）)」』]")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A chunk in the making."""

    headings: tuple[str, ...]
    pieces: tuple[Piece, ...]
    tokens: int

    @property
    def part(self) -> int:
        """The Part that it begins in."""
        return next(piece.spans[0][0] for piece in self.pieces if piece.spans)

    @property
    def model_text(self) -> str:
        """What the models read; headings that stand in the path are left out."""
        named = set(self.headings)
        kept = (p.text for p in self.pieces if p.kind != "heading" or p.text not in named)
        return "\n".join(kept)


def chunk_document(document: Document, limit: int, count_tokens: CountTokens) -> list[Chunk]:
    """All chunks of a document: one a product, and prose or tables of at most `limit` tokens."""
    drafts: list[_Draft] = []
    for section in sections_of(document):
        drafts.extend(_split(section, limit, count_tokens))
    merged = _merge_small(drafts, limit, count_tokens)
    seen: dict[str, int] = {}
    chunks = [_chunk(document, draft, seen) for draft in merged]
    chunks += [_product_chunk(document, product, seen) for product in document.products]
    counts = count_tokens([chunk.model_text for chunk in chunks])
    return [replace(chunk, tokens=count) for chunk, count in zip(chunks, counts, strict=True)]


def _split(section: Section, limit: int, count_tokens: CountTokens) -> Iterator[_Draft]:
    """Pack the section's pieces greedily; a piece over the limit is cut at sentences first."""
    heading = [piece for piece in section.pieces if piece.kind == "heading"][:1]
    body = [piece for piece in section.pieces if piece.kind != "heading"]
    fitted = [part for piece in body for part in _fit(piece, limit, count_tokens)]
    counts = count_tokens([piece.text for piece in fitted])
    heads = _table_heads(fitted)
    taken: list[Piece] = list(heading)
    total = 0
    for piece, count, head in zip(fitted, counts, heads, strict=True):
        if total and total + count > limit:
            yield _Draft(section.headings, tuple(taken), total)
            taken, total = [], 0
            if head is not None and counts[head] + count <= limit:
                taken, total = [replace(fitted[head], spans=())], counts[head]
        taken.append(piece)
        total += count
    if total:
        yield _Draft(section.headings, tuple(taken), total)


def _table_heads(pieces: list[Piece]) -> list[int | None]:
    """For each piece the place of its table's first row: that goes on top of each of the table's
    chunks, for the models only (no span)."""
    heads: list[int | None] = []
    first: int | None = None
    for at, piece in enumerate(pieces):
        if piece.kind != "row":
            first = None
        heads.append(first)
        if piece.kind == "row" and first is None:
            first = at
    return heads


def _fit(piece: Piece, limit: int, count_tokens: CountTokens) -> list[Piece]:
    if len(piece.text) < limit or count_tokens([piece.text])[0] <= limit:
        return [piece]
    # Cleaning moves characters, so the parts of a cut piece all point to the whole of it,
    # except where nothing was cleaned away.
    spans = [
        cut
        for start, end in sentence_spans(piece.text)
        for cut in _within(piece.text, start, end, limit, count_tokens)
    ]
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
    return [replace(piece, text=piece.text[s:e], spans=_exact(piece, s, e)) for s, e in groups]


def _within(
    text: str, start: int, end: int, limit: int, count_tokens: CountTokens
) -> list[tuple[int, int]]:
    """A sentence in halves, and these again until each is within the limit; cut between words or
    clauses where it has them."""
    length = end - start
    if length < max(2, limit) or count_tokens([text[start:end]])[0] <= limit:
        return [(start, end)]
    middle, quarter = start + length // 2, length // 4
    clauses = _CLAUSE_END.finditer(text, start + quarter, end - quarter)
    cut = min((m.end() for m in clauses), key=lambda at: abs(at - middle), default=middle)
    return [
        *_within(text, start, cut, limit, count_tokens),
        *_within(text, cut, end, limit, count_tokens),
    ]


def _exact(piece: Piece, start: int, end: int) -> tuple[Span, ...]:
    """The span of a cut: exact where the piece is as long as its source, else the whole piece."""
    part, first, last = piece.spans[0]
    if len(piece.spans) == 1 and last - first == len(piece.text):
        return ((part, first + start, first + end),)
    return piece.spans


def _merge_small(drafts: list[_Draft], limit: int, count_tokens: CountTokens) -> list[_Draft]:
    """Put small neighbours under one parent together, so that no chunk is a lone line."""
    out: list[_Draft] = []
    for draft in drafts:
        last = out[-1] if out else None
        if (
            last is not None
            and last.part == draft.part
            and min(last.tokens, draft.tokens) < SMALL * limit
            and last.tokens + draft.tokens <= limit
        ):
            common = _common(last.headings, draft.headings)
            left_out = {*last.headings[len(common) :], *draft.headings[len(common) :]}
            if common or not (last.headings and draft.headings):
                both = _Draft(common, last.pieces + draft.pieces, 0)
                # The headings that are no longer in the path have become text.
                titles = {piece.text for piece in both.pieces if piece.kind == "heading"}
                tokens = count_tokens([both.model_text])[0]
                if tokens <= limit and titles.issuperset(left_out):
                    out[-1] = replace(both, tokens=tokens)
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
    model_text = draft.model_text
    locator = document.parts[draft.part].locator
    rows = sum(piece.kind == "row" for piece in draft.pieces)
    kind: ChunkKind = "table" if rows > len(draft.pieces) / 2 else "prose"
    language = detect(model_text)
    return Chunk(
        id=_id(document.id, text, seen),
        document_id=document.id,
        source=document.source,
        title=document.title,
        locator=" › ".join([*([locator] if locator else []), *draft.headings[-2:]]),
        headings=draft.headings,
        language=document.language if language == "und" else language,
        kind=kind,
        text=text,
        model_text=model_text,
        spans=spans,
        tokens=0,
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
