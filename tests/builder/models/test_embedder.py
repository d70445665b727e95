"""The real embedder: what belongs together is near, in either language."""

from __future__ import annotations

import numpy as np
import pytest

from builder.errors import ModelUnavailable
from builder.models.catalog import ModelSource
from builder.models.embedder import Embedder

PASSAGES = [
    "Goods may be returned within 14 days of delivery if they are unused.",
    "商品は到着後14日以内で未使用の場合に限り、返品できます。",
    "The office is closed from 29 December to 3 January.",
    "年末年始（12月29日から1月3日）は休業いたします。",
    "Passwords must have at least twelve characters and be changed every year.",
    "パスワードは12文字以上とし、毎年変更してください。",
]
QUESTIONS = [
    ("Until when can I send back something I bought?", 0, 1),
    ("買ったものはいつまでに返せますか？", 1, 0),
    ("On which days is the office closed?", 2, 3),
    ("お正月は営業していますか？", 3, 2),
    ("How long does my password need to be?", 4, 5),
]
"""(question, its answer, its answer in the other language) among the passages"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def embedder(embedded_embedder: ModelSource) -> Embedder:
    return Embedder(embedded_embedder)


def test_a_question_is_nearest_to_its_answer_in_its_own_language_and_the_other(
    embedder: Embedder,
) -> None:
    questions = embedder.queries([question for question, _, _ in QUESTIONS])
    cosines = questions @ embedder.passages(PASSAGES).T
    for row, (question, own, other) in zip(cosines, QUESTIONS, strict=True):
        assert row.argmax() in (own, other), question
        for answer in (own, other):  # against the passages in the answer's language
            rivals = [n for n in range(len(PASSAGES)) if n % 2 == answer % 2 and n != answer]
            assert all(row[answer] > row[rival] for rival in rivals), question


def test_vectors_have_length_one_and_keep_the_order_of_the_texts(embedder: Embedder) -> None:
    texts = [PASSAGES[n % 6] * (1 + n % 3) for n in range(11)]  # more than a batch, of all lengths
    together = embedder.passages(texts)
    assert together.shape == (11, 384)
    assert together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    alone = np.concatenate([embedder.passages([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-4)


def test_a_question_and_a_passage_of_the_same_words_differ(embedder: Embedder) -> None:
    query, passage = embedder.queries(["returns"]), embedder.passages(["returns"])
    assert not np.allclose(query, passage, atol=1e-3)


def test_texts_of_any_length_are_taken(embedder: Embedder) -> None:
    vectors = embedder.passages(["", "word " * 3000, "\x00\ue000🙂"])
    assert np.isfinite(vectors).all()
    assert len(embedder.passages([])) == 0


def test_tokens_are_counted_without_marks(embedder: Embedder) -> None:
    assert embedder.count_tokens([]) == []
    empty, short, long = embedder.count_tokens(["", "returns", "returns " * 700])
    assert empty == 0
    assert 1 <= short <= 3
    assert long > 512  # counted, not cut


def test_an_embedder_that_is_not_there_is_named() -> None:
    nowhere = Embedder(ModelSource("/no/such/folder", "/no/such/folder", (), "", ""))
    with pytest.raises(ModelUnavailable, match=r"/no/such/folder.*embedder\.name"):
        nowhere.queries(["x"])
