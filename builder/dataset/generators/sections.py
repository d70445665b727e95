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
from builder.dataset.topics import begins_section, clean_heading, is_question, topic
from builder.records import Chunk
from builder.text.terms import content_terms

_PURPOSE = re.compile(
    r"^この(?:[^、。]{0,12}?)(?:規程|規則|手順書|マニュアル|方針"
    r"|ルール)(?:（[^）]*）)?は、.+(?:定める|目的とする)(?:ものである|ものとする)?。$"
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
        if statement.before or (chunk.headings and is_question(chunk.headings[-1])):
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
    about, language = statement.topic, chunk.language
    if statement.text.endswith((":", "：", "?", "？")) or not fits(statement.text, language):
        return None
    text = _opening_ja(statement, about) if language == "ja" else _opening_en(statement, about)
    if not text:
        return None
    return Draft("section", "section", text, statement.quote, {"topic": about})


def _opening_ja(statement: Statement, about: str) -> str:
    text = without_lead_ja(statement.text)
    shared = content_terms(about) & content_terms(text)
    fine = shared and stands_alone(text) and len(text) >= 12 and text.endswith("。")
    return polite(text) if fine else ""


def _opening_en(statement: Statement, about: str) -> str:
    text = without_lead_en(statement.text)
    asked = content_terms(about)
    opening = " ".join(text.split()[:9])  # the topic is what the sentence is about
    if 2 * len(asked & content_terms(opening)) < max(len(asked), 1):
        return ""
    if re.match(r"(?:from|to|in|on|at|for|with|by|between|your)\b", about, re.I):
        return ""
    doing = re.match(r"([a-z]{3,})ing\b", about, re.I)
    if doing and doing[1].lower()[:4] not in text.lower():
        return ""
    if _WEAK.match(text) or _VERB_TOPIC.match(about) or len(text.split()) < 6:
        return ""
    return text if re.search(r"[.!]$", text) else ""
