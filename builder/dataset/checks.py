"""What one pair must fulfil by itself: each check is a stable reason and a small function."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from builder.dataset.sizes import fits, too_short
from builder.records import Chunk, QAPair
from builder.text.terms import content_terms, normalize, terms
from builder.text.values import unsupported_values

Passages = Sequence[Chunk]
"""The chunks that a pair rests on, its own first; empty where one is unknown."""
Check = Callable[[QAPair, Passages], bool]
"""Whether the pair is at fault."""

_REFERS_EN = re.compile(
    r"\b(?:this|the) (?:section|document|passage|text|page|table|list|article|paragraph)\b|"
    r"\b(?:above|below|aforementioned|as follows)\b|\bthe following\b",
    re.IGNORECASE,
)
_REFERS_JA = re.compile(
    r"上記|下記|本条|前項|前条|次項|同条|この(?:章|条|項|文章|資料|表|ページ)|以下の|次のとおり"
)
_POINTS_EN = re.compile(
    r"\b(?:this|these) (?:\w+ )?(?:form|page|link|guide|document|section|template|list|sheet|"
    r"spreadsheet|table|steps?|instructions|video|slides?|channel|calendar|site|website|folder|file|doc|"
    r"article|post|checklist|examples?|questions?|tool|button|diagram)\b"
    r"|\bbelow\b(?! (?:the|a|zero|\d))|\babove\b(?! (?:the|a|\d|zero|all))"
    r"|\b(?:click|see|go) here\b|\bhere(?=[.,;)]|$)|\bthe following\b"
    r"|^(?:It|They|This|These|That|He|She)\b(?! is (?:possible|important))",
    re.IGNORECASE,
)
_POINTS_JA = re.compile(r"上記|下記|次のとおり|以下の|こちら(?:の|を|から)|・・・|→")
_PLACEHOLDER = re.compile(
    r"○○|〇〇|△△|□□|××|●●|XX+\b|\bTBD\b|\b(?:yyyy|YYYY)[-/]|\bLorem\b|\[(?:your|insert|name)\b|---",
)
_SENTENCES = frozenset({"condition", "number", "rule", "procedure", "responsible", "definition"})
_YES_NO = re.compile(r"^(?:Yes|No)\. |^(?:はい|いいえ)。")
_POLITE = re.compile(r"(?:です|ます)?[。.]$")
_KANA = re.compile(r"[ぁ-ん]")
_LEAST_OVERLAP = 0.6
_MOST_QUESTION = {"ja": 90, "en": 220}
_KANA_OR_KANJI = re.compile(r"[ぁ-んァ-ヶ一-龯]")


def malformed(pair: QAPair, passages: Passages) -> bool:
    """No question, no answer or no passage: what a teacher wrote could not be read."""
    return not passages or not pair.question.strip() or not pair.answer.strip()


def wrong_language(pair: QAPair, _passages: Passages) -> bool:
    """A Japanese question without Japanese letters, or an English one with mostly those."""
    japanese = len(_KANA_OR_KANJI.findall(pair.question))
    if pair.language == "ja":
        return japanese < 2
    return japanese > 0.3 * len(pair.question)


def too_short_pair(pair: QAPair, _passages: Passages) -> bool:
    """An answer or a question that says next to nothing."""
    least = 4 if pair.language == "ja" else 8
    return too_short(pair.answer, pair.language) or len(pair.question.strip()) < least


def too_long_pair(pair: QAPair, _passages: Passages) -> bool:
    """An answer or a question that is longer than people write."""
    most = _MOST_QUESTION.get(pair.language, 220)
    if pair.further:  # two answers in one
        return len(pair.answer) > 3 * most or len(pair.question) > 2 * most
    return not fits(_YES_NO.sub("", pair.answer), pair.language) or len(pair.question) > most


def refers_to_text(pair: QAPair, _passages: Passages) -> bool:
    """A question that can't be understood without its passage."""
    if pair.language == "ja":
        return bool(_REFERS_JA.search(pair.question))
    return bool(_REFERS_EN.search(pair.question))


def points_elsewhere(pair: QAPair, _passages: Passages) -> bool:
    """An answer that sends the reader to something only the document shows: `use this form`."""
    if pair.language == "ja":
        return bool(_POINTS_JA.search(pair.answer))
    return bool(_POINTS_EN.search(pair.answer))


def unfinished(pair: QAPair, _passages: Passages) -> bool:
    """A template that somebody has still to fill in, or a sentence without its end."""
    text = f"{pair.question} {pair.answer}"
    if _PLACEHOLDER.search(text) or text.count("(") != text.count(")"):
        return True
    cut = pair.kind in _SENTENCES and not pair.answer.rstrip("\"'”’)]*_").endswith((".", "!", "。"))
    return pair.language == "en" and cut and pair.generator not in ("teacher", "faq")


def unsupported(pair: QAPair, passages: Passages) -> bool:
    """A quote that is not in its passage, or an answer that says more than its passages."""
    if not pair.answerable:
        return False
    quotes = [pair.quote, *(evidence.quote for evidence in pair.further)]
    for quote, chunk in zip(quotes, passages, strict=True):
        if not quote or quote not in chunk.model_text:
            return True
    around = "\n".join(t for c in passages for t in (c.model_text, c.title, *c.headings))
    if unsupported_values(pair.answer, around):
        return True
    if pair.kind in ("product", "comparison"):
        return False  # the words around the value are ours: `の商品コードは`
    core = normalize(_POLITE.sub("", _YES_NO.sub("", pair.answer)))
    if core.strip() and core in normalize(around):
        return False
    # Bigrams with kana are grammar, which a polite answer changes.
    said = {term for term in content_terms(core) if not _KANA.search(term)}
    return bool(said) and len(said & _terms_of(around)) < _LEAST_OVERLAP * len(said)


def uninformative(pair: QAPair, _passages: Passages) -> bool:
    """An answer that only says the question again."""
    if not pair.answerable or _YES_NO.match(pair.answer) or pair.kind == "product":
        return False
    said = content_terms(pair.answer)
    return len(said) > 1 and pair.language == "en" and said <= content_terms(pair.question)


@lru_cache(maxsize=256)
def _terms_of(text: str) -> frozenset[str]:
    return frozenset(terms(text))


CHECKS: tuple[tuple[str, Check], ...] = (
    ("malformed", malformed),
    ("wrong-language", wrong_language),
    ("too-short", too_short_pair),
    ("too-long", too_long_pair),
    ("refers-to-text", refers_to_text),
    ("points-elsewhere", points_elsewhere),
    ("unfinished", unfinished),
    ("uninformative", uninformative),
    ("unsupported", unsupported),
)
"""In the order in which they are asked: the first fault names the reason."""


def fault(pair: QAPair, chunks: Mapping[str, Chunk]) -> str:
    """The reason to reject the pair, or empty. A person's pair need only be one."""
    ids = [pair.chunk_id, *(evidence.chunk_id for evidence in pair.further)]
    known = [chunks[i] for i in ids if i in chunks]
    passages = known if len(known) == len(ids) else []
    checks = CHECKS[:1] if pair.reviewed else CHECKS
    return next((reason for reason, check in checks if check(pair, passages)), "")
