"""Follow-ups, questions over two passages, and answers that users corrected."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from dataset_cases import chunk_of, kettle

from builder.config import DatasetSection
from builder.dataset.filters import filter_pairs
from builder.dataset.generate import Material, generate
from builder.dataset.generators.corrections import RatedAnswer, correction_pairs
from builder.dataset.generators.two_passages import two_passage_pairs
from builder.records import CatalogEntry, QAPair

SETTINGS = DatasetSection(followup_share=0.3, no_answer_share=0.0)
LEAVE = (
    "You can carry over up to 40 hours of annual leave each year.\n"
    "If your annual leave is refused, talk to the head of your section.\n"
    "You must request annual leave at least 14 days before it begins."
)


def made(*chunks: object, catalog: tuple[CatalogEntry, ...] = ()) -> list[QAPair]:
    return list(generate(Material(list(chunks), catalog), SETTINGS))  # type: ignore[arg-type]


def other_kettle(language: str) -> CatalogEntry:
    """A second product with another capacity and price."""
    entry = kettle(language)
    product = entry.product
    text = entry.chunk.model_text.replace("1.2", "1.7").replace("K-210", "K-310")
    text = text.replace(product.name, "Tetsubin").replace("6,980", "9,800").replace("6980", "9800")
    attributes = tuple(replace(a, text=a.text.replace("1.2", "1.7")) for a in product.attributes)
    product = replace(
        product, sku="K-310", name="Tetsubin", price=Decimal("9800"), attributes=attributes
    )
    chunk = replace(entry.chunk, id="other", text=text, model_text=text)
    return CatalogEntry(chunk, product)


def test_a_follow_up_about_a_product_leans_on_the_question_before() -> None:
    for language, name in (("en", "Yune Kettle"), ("ja", "電気ケトル 湯音")):
        entry = kettle(language)
        follow_ups = [p for p in made(entry.chunk, catalog=(entry,)) if p.history]
        assert follow_ups
        for pair in follow_ups:
            assert [turn.role for turn in pair.history] == ["user", "assistant"]
            assert name not in pair.question
            assert "K-210" not in pair.question
            assert "K-210" in str(pair.history) or name in str(pair.history)
            assert pair.answer != pair.history[1].content


def test_a_follow_up_about_a_rule_stays_with_its_topic() -> None:
    chunk = chunk_of(LEAVE, headings=("Sabbaticals",), title="HR")
    follow_ups = [pair for pair in made(chunk) if pair.history]
    assert follow_ups
    assert all("abbatical" not in pair.question for pair in follow_ups)
    assert all("abbatical" in pair.history[0].content for pair in follow_ups)


def test_two_products_are_set_side_by_side() -> None:
    for language, values in (("en", ("1.2 L", "1.7 L")), ("ja", ("1.2L", "1.7L"))):
        one, two = kettle(language), other_kettle(language)
        pairs = list(two_passage_pairs([], (one, two), 10, 7))
        assert {pair.kind for pair in pairs} == {"comparison"}
        capacity = next(pair for pair in pairs if values[0] in pair.answer)
        assert values[1] in capacity.answer
        assert {capacity.chunk_id, capacity.further[0].chunk_id} == {one.chunk.id, "other"}
        chunks = {one.chunk.id: one.chunk, "other": two.chunk}
        kept, rejected = filter_pairs(pairs, chunks, None, SETTINGS)
        assert kept == pairs, [item.reason for item in rejected]


def test_two_facts_of_one_document_become_one_question() -> None:
    first = chunk_of(LEAVE.split("\n")[1], headings=("Annual leave",), title="Leave", document="d")
    second = chunk_of(LEAVE.split("\n")[2], headings=("Annual leave",), title="Leave", document="d")
    third = replace(first, id="elsewhere", document_id="another")
    joined = [pair for pair in made(first, second, third) if pair.kind == "multi"]
    joined = joined or list(two_passage_pairs(made(first, second, third), (), 5, 7))
    assert joined
    for pair in joined:
        assert pair.question.count("?") == 1
        assert pair.further[0].chunk_id != pair.chunk_id
        assert {pair.chunk_id, pair.further[0].chunk_id} == {first.id, second.id}
        assert "14 days" in pair.answer
        assert "head of your section" in pair.answer


def test_a_two_passage_pair_needs_both_passages_to_be_found() -> None:
    one, two = kettle("en"), other_kettle("en")
    pairs = list(two_passage_pairs([], (one, two), 1, 7))
    chunks = {one.chunk.id: one.chunk, "other": two.chunk}
    kept, rejected = filter_pairs(pairs, chunks, lambda asked: [["other"] for _ in asked], SETTINGS)
    assert not kept
    assert [item.reason for item in rejected] == ["finds-another-passage"]
    ids = [one.chunk.id, "other"]
    assert filter_pairs(pairs, chunks, lambda asked: [ids for _ in asked], SETTINGS)[0] == pairs


def test_a_corrected_answer_is_learned_and_a_remark_is_not() -> None:
    chunk = replace(chunk_of("Refunds take 14 days. Cash is paid at once."), id="c1")
    other = replace(chunk_of("The shop opens at nine."), id="c2")
    rated = [
        RatedAnswer("How long do refunds take?", "Refunds take 14 days.", "en", ("c2", "c1")),
        RatedAnswer("When do you open?", "That is wrong, you fools!", "en", ("c2",)),
        RatedAnswer("How long do returns take?", "Refunds take 40 days.", "en", ("c1",)),
        RatedAnswer("Who?", "Gone.", "en", ("gone",)),
    ]
    pairs = list(correction_pairs(rated, [chunk, other]))
    assert len(pairs) == 3
    kept, rejected = filter_pairs(pairs, {"c1": chunk, "c2": other}, None, DatasetSection())
    assert [(pair.chunk_id, pair.quote) for pair in kept] == [("c1", "Refunds take 14 days.")]
    assert {item.reason for item in rejected} == {"points-elsewhere", "unsupported"}


def test_a_correction_outlives_the_budget() -> None:
    chunk = chunk_of(LEAVE, headings=("Annual leave",), title="HR")
    rated = RatedAnswer("how much can i carry over?", "Up to 40 hours a year.", "en", (chunk.id,))
    pairs = list(generate(Material([chunk], (), (rated,)), SETTINGS))
    kept, _ = filter_pairs(pairs, {chunk.id: chunk}, None, DatasetSection(max_pairs=1))
    assert [pair.generator for pair in kept] == ["corrections"]


def test_each_wording_book_has_eight_follow_ups_and_comparisons() -> None:
    from builder.dataset.templates import load_wordings

    for language in ("en", "ja"):
        families = load_wordings(language).families
        assert all(len(templates) >= 8 for templates in families.values()), language
