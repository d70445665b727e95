"""Cosines to a question: the same as the embedder's, each text embedded once while it is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from builder_fakes import FakeEmbedder

from builder.models.similarity import Similarity

TEXTS = ["The fee is 5 euros.", "Delivery is free.", "The fee is 5 euros."]


def test_the_cosines_are_the_embedders_in_the_order_of_the_texts() -> None:
    embedder = FakeEmbedder()
    expected = embedder.passages(TEXTS) @ embedder.queries(["What is the fee?"])[0]
    similar = Similarity(embedder)
    for _ in range(2):
        assert np.allclose(similar("What is the fee?", TEXTS), expected)
    assert similar("What is the fee?", []).shape == (0,)


def test_a_text_is_embedded_once() -> None:
    embedder = FakeEmbedder()
    similar = Similarity(embedder)
    similar("What is the fee?", TEXTS)
    similar("Is delivery free?", [*TEXTS, "It is."])
    assert embedder.embedded == [TEXTS[0], TEXTS[1], "It is."]


def test_what_was_not_used_for_long_goes_first() -> None:
    embedder = FakeEmbedder()
    similar = Similarity(embedder, room=2)
    for texts in (["a"], ["b"], ["a"], ["c"], ["a"], ["b"]):
        similar("?", texts)
    assert embedder.embedded == ["a", "b", "c", "b"]
    assert similar("?", ["a", "b", "c", "d"]).shape == (4,)  # more at once than it keeps


def test_a_kept_vector_does_not_keep_its_batch() -> None:
    similar = Similarity(FakeEmbedder(), room=1)
    similar("?", ["a", "b", "c"])
    (kept,) = similar._kept.values()
    assert kept.base is None


def test_what_is_forgotten_is_embedded_again_and_known_afterwards() -> None:
    embedder = FakeEmbedder()
    similar = Similarity(embedder)
    similar("?", ["a"])
    with similar.forgotten():
        similar("?", ["a"])
    similar("?", ["a"])
    assert embedder.embedded == ["a", "a"]


def test_many_threads_get_what_one_gets() -> None:
    similar = Similarity(FakeEmbedder(), room=5)
    asked = [[f"text {(n * 7 + m) % 11}" for m in range(4)] for n in range(60)]
    expected = [Similarity(FakeEmbedder())("q", texts) for texts in asked]
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda texts: similar("q", texts), asked))
    assert all(np.allclose(one, other) for one, other in zip(got, expected, strict=True))
