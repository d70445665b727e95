"""What a section says first, asked by its heading; the purpose of a rule book by its title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.dataset.drafts import Draft
from builder.dataset.english import without_lead as without_lead_en
from builder.dataset.japanese import polite, stands_alone
from builder.dataset.japanese import without_lead as without_lead_ja
from builder.dataset.sizes import fits
from builder.dataset.statements import Statement, statements
from builder.dataset.topics import begins_section, clean_heading, topic
from builder.records import Chunk
from builder.text.terms import content_terms

_PURPOSE = re.compile(
    r"^この(?:[^、。]{0,12}?)(?:規程|規則|手順書|マニュアル|方針|ルール)(?:（[^）]*）)?は、.+(?:定める|目的とする)(?:ものである|ものとする)?。$"
)
_WEAK = re.compile(
    r"^(?:this|these|those|it|they|here|there|if|when|see|click|note|for example|e\.g|updated|"
    r"please|read|check out|last|first|next|an? incomplete|below|the following)\b",
    re.IGNORECASE,
)
_VERB_TOPIC = re.compile(
    r"^(?:how|what|when|where|why|who|do|don't|can|should|is|are|if|after|before|to)\b", re.I
)


def find_sections(chunk: Chunk) -> Iterator[Draft]:
    """The opening of each section that says what it is about."""
    seen: set[str] = set() if begins_section(chunk) else {topic(chunk)}
    for statement in statements(chunk):
        if purpose := _purpose(chunk, statement):
            yield purpose
            continue
        if statement.topic in seen or not statement.topic or statement.in_list:
            continue
        seen.add(statement.topic)
        if statement.before:
            continue
        if draft := _opening(chunk, statement):
            yield draft


def _purpose(chunk: Chunk, statement: Statement) -> Draft | None:
    if chunk.language != "ja" or not _PURPOSE.match(statement.text):
        return None
    title = clean_heading(chunk.title)
    text = without_lead_ja(re.sub(r"（以下[^）]*）", "", statement.text))
    if not fits(text, "ja") or not 2 <= len(title) <= 30:
        return None
    return Draft("section", "purpose", polite(text), statement.quote, {"subject": title})


def _opening(chunk: Chunk, statement: Statement) -> Draft | None:
    text, about = statement.text, statement.topic
    if statement.text.endswith((":", "：", "?", "？")) or not fits(text, chunk.language):
        return None
    shared = content_terms(about) & content_terms(text)
    if chunk.language == "ja":
        text = without_lead_ja(text)
        if not shared or not stands_alone(text) or len(text) < 12 or not text.endswith("。"):
            return None
        return Draft("section", "section", polite(text), statement.quote, {"topic": about})
    text = without_lead_en(text)
    if _WEAK.match(text) or _VERB_TOPIC.match(about) or len(text.split()) < 6:
        return None
    if not re.search(r"[.!]$", text) or not shared:
        return None
    return Draft("section", "section", text, statement.quote, {"topic": about})
