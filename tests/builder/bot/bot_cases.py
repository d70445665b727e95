"""A small shop's passages, and a similarity that counts common terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from tiny import make_chunk, make_passage

from builder.records import Answer, Arm, Passage
from builder.text.terms import content_terms, terms

RETURNS = make_chunk(
    "returns",
    "# Returns\n\nUnused goods may be returned within **14 days** of delivery. "
    "The customer pays the postage of 8 euros.",
    title="Return policy",
    headings=("Returns",),
    model_text="Unused goods may be returned within 14 days of delivery. "
    "The customer pays the postage of 8 euros.",
)
DELIVERY = make_chunk(
    "delivery",
    "Delivery takes 3 days and costs 5 euros. It is free from 50 euros.",
    title="Delivery",
)
HENPIN = make_chunk(
    "henpin",
    "# 返品\n\n未使用の商品は到着後14日以内に返品できます。送料はお客様の負担です。",
    title="返品規程",
    headings=("返品",),
    language="ja",
    model_text="未使用の商品は到着後14日以内に返品できます。送料はお客様の負担です。",
)
PASSAGES = [make_passage(chunk) for chunk in (RETURNS, DELIVERY, HENPIN)]


def similar(question: str, texts: Sequence[str]) -> Any:
    """In the place of the embedder: the share of the question's terms, as a cosine looks."""
    asked = content_terms(question)
    shares = [len(asked & set(terms(text))) / max(1, len(asked)) for text in texts]
    return np.array([0.75 + 0.2 * share for share in shares], dtype=np.float32)


def draft(question: str, arm: Arm = "tuned+rag") -> Answer:
    return Answer(
        id="q1",
        question=question,
        answer="",
        refused=False,
        citations=(),
        verified=False,
        arm=arm,
        seconds=0.0,
        prompt_tokens=10,
        completion_tokens=5,
    )


def unsure(passages: Sequence[Passage]) -> list[Passage]:
    """The same passages, far from the question."""
    return [Passage(p.chunk, p.score, similarity=0.75, overlap=0.0) for p in passages]
