"""Questions that need two passages: two questions in one, and two products side by side."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from builder.dataset.bilingual import one_language
from builder.dataset.drafts import Draft, digest, pair_of
from builder.dataset.generators.catalog import find_product_facts, in_its_language
from builder.dataset.templates import load_wordings, lower_first
from builder.records import CatalogEntry, Evidence, QAPair
from builder.text.terms import content_terms

_ASKS_EN = re.compile(
    r"^(?:what|which|who|where|when|why|how|can|do|does|is|are|am|may|must|should|will)\b", re.I
)
_LOOSE = re.compile(r"\b(?:tell me about|explain|information|could you|can you)\b", re.I)
_ASKS_JA = re.compile(r"(?:か[？。]?)$")
_OPENS_JA = re.compile(r"^(?:すみません|質問|確認|お聞き|お尋ね|教えてください|ちょっと|初歩的)")
_JOINABLE = frozenset({"number", "condition", "procedure", "rule", "table", "contact", "faq"})
_MOST = {"ja": 45, "en": 90}
_LEAST_SHARED = 2  # words that two facts have in common to be asked for in one breath
_COMPARED = {"product.price": "compare.price", "product.attribute": "compare"}


def two_passage_pairs(
    pairs: Sequence[QAPair], catalog: Sequence[CatalogEntry], most: int, seed: int
) -> Iterator[QAPair]:
    """At most `most` pairs, products and prose by halves where there are both."""
    compared = sorted(_comparisons(catalog, seed), key=lambda pair: _draw(seed, pair.id))
    joined = sorted(_joined(pairs, seed), key=lambda pair: _draw(seed, pair.id))
    products = compared[: max(most // 2, most - len(joined))]
    yield from products
    yield from joined[: most - len(products)]


def _joined(pairs: Sequence[QAPair], seed: int) -> Iterator[QAPair]:
    """Neighbouring facts of one document, from two of its passages, about one matter."""
    by_document: dict[str, list[QAPair]] = defaultdict(list)
    for pair in pairs:
        if _simple(pair):
            by_document[pair.document_id].append(pair)
    for group in by_document.values():
        group.sort(key=lambda pair: _draw(seed, pair.id))
        used: set[str] = set()
        for first in group:
            second = next((p for p in group if p.fact not in used and _go_together(first, p)), None)
            if second and first.fact not in used:
                used |= {first.fact, second.fact}
                yield _both(first, second)


def _simple(pair: QAPair) -> bool:
    """Whether a question is short and plain enough to be half of another."""
    if pair.kind not in _JOINABLE or pair.history or len(pair.question) > _MOST[pair.language]:
        return False
    if pair.language == "ja":
        return bool(_ASKS_JA.search(pair.question)) and not _OPENS_JA.match(pair.question)
    one = bool(_ASKS_EN.match(pair.question)) and pair.question.count("?") == 1
    return one and not _LOOSE.search(pair.question)


def _go_together(first: QAPair, second: QAPair) -> bool:
    if first.chunk_id == second.chunk_id or first.language != second.language:
        return False
    return first.answer != second.answer and _shared(first, second) >= _LEAST_SHARED


def _shared(first: QAPair, second: QAPair) -> int:
    return len(_words(first.quote) & _words(second.quote))


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(content_terms(text))


def _both(first: QAPair, second: QAPair) -> QAPair:
    if first.language == "ja":
        question = f"{first.question.rstrip('？?。')}。また、{second.question}"
        answer = first.answer + second.answer
    else:
        question = f"{first.question.rstrip('?')}, and {lower_first(second.question)}"
        answer = f"{first.answer} {second.answer}"
    return _with_second(first, second, question, answer, "multi")


def _with_second(first: QAPair, second: QAPair, question: str, answer: str, kind: str) -> QAPair:
    fact = digest(f"{first.fact}{second.fact}")
    return replace(
        first,
        id=digest(fact + question),
        question=question,
        answer=answer,
        kind=kind,
        generator="two_passages",
        fact=fact,
        further=(Evidence(second.chunk_id, second.quote),),
    )


def _comparisons(catalog: Sequence[CatalogEntry], seed: int) -> Iterator[QAPair]:
    """Products of one category and language in pairs, by each value that both state."""
    shelves: dict[tuple[str, str], list[CatalogEntry]] = defaultdict(list)
    for listed in catalog:
        entry = in_its_language(listed)
        if entry.chunk.language in ("en", "ja"):
            shelves[(entry.product.category, entry.chunk.language)].append(entry)
    for shelf in shelves.values():
        shelf.sort(key=lambda entry: _draw(seed, entry.chunk.id))
        for left, right in zip(shelf[::2], shelf[1::2], strict=False):
            yield from _compared(left, right)


def _compared(left: CatalogEntry, right: CatalogEntry) -> Iterator[QAPair]:
    others = {(d.family, d.key): d for d in find_product_facts(right) if d.family in _COMPARED}
    for one in find_product_facts(left):
        other = others.get((one.family, one.key))
        if other is None or left.product.name == right.product.name:
            continue
        yield _side_by_side((left, one), (right, other))


def _side_by_side(one: tuple[CatalogEntry, Draft], other: tuple[CatalogEntry, Draft]) -> QAPair:
    (left, draft), (right, second) = one, other
    language = left.chunk.language
    book = load_wordings(language)
    slots = {
        "name": left.product.name,
        "other": right.product.name,
        "attribute": one_language(draft.slots.get("attribute", ""), language),
    }
    seed = left.chunk.id + right.chunk.id + draft.key
    question = book.questions(_COMPARED[draft.family], slots, seed, 1)[0]
    answer = draft.answer + ("" if language == "ja" else " ") + second.answer
    first = pair_of(left.chunk, draft, question, "two_passages")
    return _with_second(
        first, pair_of(right.chunk, second, question, "two_passages"), question, answer,
        "comparison",
    )  # fmt: skip


def _draw(seed: int, key: str) -> bytes:
    return hashlib.sha256(f"{seed}{key}".encode()).digest()
