"""What holds for the chunks of every document."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from builder_fakes import count_tokens, make_document
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.prepare.chunk import chunk_document
from builder.records import Chunk
from connectors.records import Document

LIMIT = 60
ENGLISH = (
    "kettle warranty returns shipping until counter receipt staff before after opening".split()
)
JAPANESE = "返品 保証 修理 受付 店舗 営業 お客様 申請 期間 手続き 担当者 注文".split()
UNITS = ["K-210S", "1,200円", "m²", "①", "㈱桜電器", "3.5%", "10:00", "A4"]
FORMATS = st.sampled_from(["md", "txt", "pdf", "docx"])


@dataclass(frozen=True)
class Written:
    """A stretch as it stands in the document, and the texts that must not get lost of it."""

    markup: str
    kept: tuple[str, ...]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@st.composite
def sentence(draw: st.DrawFn) -> Written:
    number = draw(st.integers(0, 9999))
    if draw(st.booleans()):
        words = draw(st.lists(st.sampled_from(ENGLISH + UNITS), min_size=2, max_size=9))
        plain = f"The {' '.join(words)} count {number}."
        marked = draw(st.sampled_from(["The", "**The**", "`The`", "[The](https://example.com/a)"]))
        return Written(plain.replace("The", marked, 1), (plain,))
    words = draw(st.lists(st.sampled_from(JAPANESE + UNITS), min_size=2, max_size=5))
    plain = f"当店の{'と'.join(words)}は{number}件です。"
    marked = draw(st.sampled_from(["当店", "**当店**", "<b>当店</b>", "[当店](店舗.md)"]))
    return Written(plain.replace("当店", marked, 1), (plain,))


@st.composite
def block(draw: st.DrawFn) -> Written:
    inside = draw(st.lists(sentence(), min_size=1, max_size=8))
    kept = tuple(text for written in inside for text in written.kept)
    kind = draw(st.sampled_from(["paragraph", "lines", "items", "table", "quote", "heading"]))
    texts = [written.markup for written in inside]
    if kind == "heading":
        title = f"見出し{draw(st.integers(0, 99))}"
        return Written(f"{'#' * draw(st.integers(1, 4))} {title}", (title,))
    if kind == "items":
        mark = draw(st.sampled_from(["- ", "・", "1. ", "(1) ", "① "]))
        return Written("\n".join(mark + text for text in texts), kept)
    if kind == "table":
        rows = ["| 項目 | 内容 |", "| --- | --- |", *(f"| 行 | {text} |" for text in texts)]
        return Written("\n".join(rows), kept)
    if kind == "quote":
        return Written("\n".join(f"> {text}" for text in texts), kept)
    return Written((" " if kind == "paragraph" else "\n").join(texts), kept)


@st.composite
def written_document(draw: st.DrawFn) -> tuple[Document, list[str]]:
    pages = draw(st.lists(st.lists(block(), min_size=1, max_size=6), min_size=1, max_size=2))
    texts = ["\n\n".join(written.markup for written in page) + "\n" for page in pages]
    kept = [text for page in pages for written in page for text in written.kept]
    locator = "page" if len(pages) > 1 else ""
    return make_document(*texts, suffix=draw(FORMATS), locator=locator), kept


def check_chunks(document: Document, chunks: list[Chunk]) -> None:
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    for chunk in chunks:
        pieces = [document.parts[part].text[start:end] for part, start, end in chunk.spans]
        assert chunk.text == "\n".join(pieces)
        assert chunk.spans == tuple(sorted(chunk.spans))
        assert all(start < end for _, start, end in chunk.spans)
        assert chunk.model_text.strip()
        assert chunk.tokens == count_tokens([chunk.model_text])[0] <= LIMIT
        assert chunk.locator.startswith(document.parts[chunk.spans[0][0]].locator)


@settings(max_examples=120, deadline=None)
@given(written_document())
def test_text_is_verbatim_within_the_limit_and_complete(case: tuple[Document, list[str]]) -> None:
    document, kept = case
    chunks = chunk_document(document, LIMIT, count_tokens)
    check_chunks(document, chunks)
    read = [squeezed("\n".join((*chunk.headings, chunk.model_text))) for chunk in chunks]
    for text in kept:
        assert any(squeezed(text) in one for one in read), text
    assert chunk_document(document, LIMIT, count_tokens) == chunks


NOISE = st.text(
    alphabet="#-*|`~>・1.２．()（）\n\n 　あ第条章AbQ:：<>{}[]%\\_=■。,-\t", max_size=400
)


@settings(max_examples=150, deadline=None)
@given(st.lists(NOISE, min_size=1, max_size=4), FORMATS)
def test_any_text_is_chunked_verbatim_and_within_the_limit(texts: list[str], suffix: str) -> None:
    document = make_document(*texts, suffix=suffix, locator="page")
    check_chunks(document, chunk_document(document, LIMIT, count_tokens))


@settings(max_examples=60, deadline=None)
@given(written_document(), sentence())
def test_a_section_keeps_its_ids_when_another_changes(
    case: tuple[Document, list[str]], new: Written
) -> None:
    document, _ = case
    before = document.parts[-1].text
    added = f"{before}\n# 追加\n\n{new.markup} {'長い説明が続きます。' * 12}\n"
    longer = make_document(*(p.text for p in document.parts[:-1]), added, suffix=document.format)
    before_chunks = chunk_document(document, LIMIT, count_tokens)
    after_chunks = chunk_document(longer, LIMIT, count_tokens)
    # The last section may be cut otherwise; a text that stands twice is numbered.
    ids = {chunk.id for chunk in after_chunks}
    often = Counter(chunk.text for chunk in [*before_chunks, *after_chunks])
    kept = [chunk for chunk in before_chunks[:-1] if often[chunk.text] == 2]
    assert {chunk.id for chunk in kept} <= ids
