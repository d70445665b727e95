"""Conversations: a question, its answer, and a second question that leans on the first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from builder.dataset.drafts import Draft, first_question, pair_of, plain_question
from builder.dataset.templates import Wordings
from builder.records import Chunk, Message, QAPair

_ASKED_AGAIN = {
    "product.price": "followup.price",
    "product.attribute": "followup.attribute",
    "product.attribute.plural": "followup.attribute.plural",
    "product.availability": "followup.availability",
    "product.category": "followup.category",
}
"""Family of a product's fact → how it is asked when the product was named before."""
_TALKED_OF = frozenset(
    {"product", "condition", "number", "rule", "procedure", "value", "responsible", "table"}
)


def followup_pairs(
    chunk: Chunk, drafts: Sequence[Draft], wordings: Wordings, most: int
) -> Iterator[QAPair]:
    """At most `most` follow-ups about the facts of one chunk, two facts each."""
    order = sorted(drafts, key=lambda draft: _draw(chunk, draft))
    made = 0
    for number, second in enumerate(order):
        if made == most:
            return
        before = (*order[number + 1 :], *order[:number])
        first = next((draft for draft in before if _goes_before(draft, second)), None)
        asked = _follow_up(second, wordings, chunk.id) if first else ""
        if not first or not asked:
            continue
        opening = first_question(first, wordings)
        history = (Message("user", opening), Message("assistant", first.answer))
        made += 1
        yield pair_of(chunk, second, asked, "followups", history)


def _goes_before(first: Draft, second: Draft) -> bool:
    """Whether one may be asked before the other in one conversation."""
    if first.answer == second.answer or first.quote == second.quote != "":
        return first.kind == second.kind == "product" and first.answer != second.answer
    same = bool(first.topic and first.topic == second.topic)
    return first.kind == "product" or (same and first.kind in _TALKED_OF)


def _follow_up(draft: Draft, wordings: Wordings, seed: str) -> str:
    """The question without what the first one named; empty where it would not lean on it."""
    if draft.kind not in _TALKED_OF:
        return ""
    if draft.kind == "product":
        family = _ASKED_AGAIN.get(draft.family, "")
        if not family or "name" not in draft.slots:
            return ""
        slots = {"attribute": draft.slots.get("attribute", "")}
        return wordings.questions(family, slots, seed + draft.key, 1)[0]
    bare = plain_question(draft, wordings)
    if not bare:
        return ""
    return wordings.questions("followup", {"question": bare}, seed + bare, 1)[0]


def _draw(chunk: Chunk, draft: Draft) -> bytes:
    return hashlib.sha256(f"{chunk.id}{draft.key}{draft.answer}{draft.family}".encode()).digest()
