"""What one pair must fulfil by itself: each check is a stable reason and a small function."""

from __future__ import annotations

import re
from collections.abc import Callable

from builder.dataset.sizes import fits, too_short
from builder.records import Chunk, QAPair
from builder.text.terms import content_terms, normalize, terms
from builder.text.values import unsupported_values

Check = Callable[[QAPair, Chunk | None], bool]
"""Whether the pair is at fault."""

_REFERS_EN = re.compile(
    r"\b(?:this|the) (?:section|document|passage|text|page|table|list|article|paragraph)\b|"
    r"\b(?:above|below|aforementioned|as follows)\b|\bthe following\b",
    re.IGNORECASE,
)
_REFERS_JA = re.compile(
    r"上記|下記|本条|前項|前条|次項|同条|この(?:章|条|項|文章|資料|表|ページ)|以下の|次のとおり"
)
_YES_NO = re.compile(r"^(?:Yes|No)\. |^(?:はい|いいえ)。")
_POLITE = re.compile(r"(?:です|ます)?[。.]$")
_KANA = re.compile(r"[ぁ-ん]")
_LEAST_OVERLAP = 0.6
_MOST_QUESTION = {"ja": 90, "en": 220}
_KANA_OR_KANJI = re.compile(r"[ぁ-んァ-ヶ一-龯]")


def malformed(pair: QAPair, chunk: Chunk | None) -> bool:
    """No question or no answer: what a teacher wrote could not be read."""
    return chunk is None or not pair.question.strip() or not pair.answer.strip()


def wrong_language(pair: QAPair, _chunk: Chunk | None) -> bool:
    """A Japanese question without Japanese letters, or an English one with mostly those."""
    japanese = len(_KANA_OR_KANJI.findall(pair.question))
    if pair.language == "ja":
        return japanese < 2
    return japanese > 0.3 * len(pair.question)


def too_short_pair(pair: QAPair, _chunk: Chunk | None) -> bool:
    """An answer or a question that says next to nothing."""
    least = 4 if pair.language == "ja" else 8
    return too_short(pair.answer, pair.language) or len(pair.question.strip()) < least


def too_long_pair(pair: QAPair, _chunk: Chunk | None) -> bool:
    """An answer or a question that is longer than people write."""
    answer = _YES_NO.sub("", pair.answer)
    return not fits(answer, pair.language) or len(pair.question) > _MOST_QUESTION.get(
        pair.language, 220
    )


def refers_to_text(pair: QAPair, _chunk: Chunk | None) -> bool:
    """A question that can't be understood without its passage."""
    if pair.language == "ja":
        return bool(_REFERS_JA.search(pair.question))
    return bool(_REFERS_EN.search(pair.question))


def unsupported(pair: QAPair, chunk: Chunk | None) -> bool:
    """A quote that is not in the passage, or an answer that says more than it."""
    if not pair.answerable or chunk is None:
        return False
    if not pair.quote or pair.quote not in chunk.model_text:
        return True
    around = "\n".join((chunk.model_text, chunk.title, *chunk.headings))
    if unsupported_values(pair.answer, around):
        return True
    if pair.generator == "catalog":
        return False  # the words around the value are ours: `の商品コードは`
    core = normalize(_POLITE.sub("", _YES_NO.sub("", pair.answer)))
    if core.strip() and core in normalize(around):
        return False
    # Bigrams with kana are grammar, which a polite answer changes.
    said = {term for term in content_terms(core) if not _KANA.search(term)}
    return bool(said) and len(said & set(terms(around))) < _LEAST_OVERLAP * len(said)


CHECKS: tuple[tuple[str, Check], ...] = (
    ("malformed", malformed),
    ("wrong-language", wrong_language),
    ("too-short", too_short_pair),
    ("too-long", too_long_pair),
    ("refers-to-text", refers_to_text),
    ("unsupported", unsupported),
)
"""In the order in which they are asked: the first fault names the reason."""


def fault(pair: QAPair, chunk: Chunk | None) -> str:
    """The reason to reject the pair, or empty."""
    return next((reason for reason, check in CHECKS if check(pair, chunk)), "")
