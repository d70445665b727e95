"""Each filter by its reason; in = kept + rejected."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from dataset_cases import chunk_of, kettle, pair_of

from builder.config import DatasetSection
from builder.dataset.filters import filter_pairs
from builder.dataset.generate import Material, generate
from builder.records import Chunk, QAPair

CHUNK = replace(chunk_of("Claims are paid within 5 days. 経費は5日以内に支払う。"), id="c1")
OTHER = replace(chunk_of("Claims are paid within 9 days."), id="c2")
CHUNKS: dict[str, Chunk] = {"c1": CHUNK, "c2": OTHER}
SETTINGS = DatasetSection()
GOOD = pair_of("When are claims paid?", "Claims are paid within 5 days.")


def reasons(*pairs: QAPair, settings: DatasetSection = SETTINGS) -> Counter[str]:
    kept, rejected = filter_pairs(pairs, CHUNKS, None, settings)
    assert len(kept) + len(rejected) == len(pairs)
    return Counter(item.reason for item in rejected)


def test_a_good_pair_is_kept() -> None:
    assert reasons(GOOD) == {}


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        (replace(GOOD, question=""), "malformed"),
        (replace(GOOD, chunk_id="unknown"), "malformed"),
        (replace(GOOD, question="経費はいつ支払われますか？"), "wrong-language"),
        (replace(GOOD, language="ja"), "wrong-language"),
        (replace(GOOD, question="When?"), "too-short"),
        (replace(GOOD, answer="word " * 60), "too-long"),
        (replace(GOOD, question="What does this section say about claims?"), "refers-to-text"),
        (
            replace(GOOD, question="上記の経費はいつ支払われますか？", language="ja"),
            "refers-to-text",
        ),
        (replace(GOOD, answer="Claims are paid within 6 days."), "unsupported"),
        (replace(GOOD, answer="Ask the manager of the shop."), "unsupported"),
        (replace(GOOD, quote="Claims are settled within 5 days."), "unsupported"),
    ],
)
def test_a_faulty_pair_is_rejected_with_its_reason(pair: QAPair, reason: str) -> None:
    assert reasons(pair) == {reason: 1}


def test_the_same_question_with_two_answers_is_rejected_altogether() -> None:
    other = pair_of("When are claims paid", "Claims are paid within 9 days.", chunk="c2")
    assert reasons(GOOD, other) == {"ambiguous": 2}


def test_the_same_question_again_is_a_duplicate() -> None:
    assert reasons(GOOD, replace(GOOD, question="when are claims paid ?")) == {"duplicate": 1}


def test_the_same_words_of_another_fact_are_a_duplicate() -> None:
    again = replace(GOOD, question="Are claims paid, and when?", fact="another")
    assert reasons(GOOD, again) == {"duplicate": 1}
    assert reasons(GOOD, replace(again, fact=GOOD.fact)) == {}


def test_the_round_trip_rejects_what_retrieval_does_not_find() -> None:
    lost = pair_of("When is money paid for claims?", "Claims are paid within 9 days.", chunk="c2")
    refused = pair_of("Can I bring a dog?", "The documents do not say.", answerable=False)

    def finds(questions: object) -> list[list[str]]:
        return [["c1", "x"] for _ in questions]  # type: ignore[attr-defined]

    settings = DatasetSection(no_answer_share=0.1)
    pairs = [GOOD, *(replace(GOOD, question=f"When are claims paid {n}?") for n in range(9)), lost]
    kept, rejected = filter_pairs([*pairs, refused], CHUNKS, finds, settings)
    assert [(item.pair, item.reason) for item in rejected] == [(lost, "finds-another-passage")]
    assert refused in kept


def test_the_budget_keeps_every_fact_before_a_second_wording() -> None:
    pairs = [
        replace(GOOD, id=f"{fact}-{wording}", fact=str(fact), question=f"Claims {fact}{wording} q?")
        for fact in range(10)
        for wording in range(4)
    ]
    kept, rejected = filter_pairs(pairs, CHUNKS, None, DatasetSection(max_pairs=15))
    assert len(kept) == 15
    assert {item.reason for item in rejected} == {"over-budget"}
    assert len({pair.fact for pair in kept}) == 10


def test_the_budget_takes_documents_in_turns() -> None:
    pairs = [
        replace(GOOD, id=f"{n}", fact=f"{n}", question=f"Claims number {n}?",
                document_id="small" if n < 3 else "large")
        for n in range(100)
    ]  # fmt: skip
    kept, _ = filter_pairs(pairs, CHUNKS, None, DatasetSection(max_pairs=6))
    assert Counter(pair.document_id for pair in kept) == {"small": 3, "large": 3}


def test_what_the_generators_make_is_accounted_for() -> None:
    chunks = [
        chunk_of("You can carry over up to 40 hours of leave.", headings=("Leave",), title="HR"),
        chunk_of("購入した商品を転売してはならない。", headings=("購入",), language="ja"),
        kettle().chunk,
    ]
    pairs = list(generate(Material(chunks, [kettle()]), SETTINGS))
    kept, rejected = filter_pairs(pairs, {chunk.id: chunk for chunk in chunks}, None, SETTINGS)
    assert len(kept) + len(rejected) == len(pairs)
    assert {pair.language for pair in kept} == {"en", "ja"}
