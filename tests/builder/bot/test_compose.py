"""What the bot says is either borne out by a passage, a quotation, or a refusal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bot_cases import DELIVERY, HENPIN, PASSAGES, RETURNS, draft, similar, unsure
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import make_chunk, make_passage

from builder.bot.compose import Found, Rules, compose, weigh
from builder.bot.wording import Wording
from builder.prompt import split_marks
from builder.records import Answer, Passage

RULES = Rules(min_support=0.35, passages=3, wording=Wording("support@example.com"))
ASKED = "Within how many days may unused goods be returned?"


def answer_to(
    question: str, said: str | None, passages: list[Passage] = PASSAGES, rules: Rules = RULES
) -> Answer:
    found = Found(tuple(passages), tuple(passages))
    return compose(draft(question), said, weigh(question, found, similar, rules), similar, rules)


def check_citations(answer: Answer, passages: list[Passage]) -> None:
    """Every citation names a passage, and its quote stands in it word for word."""
    for citation in answer.citations:
        texts = [p.chunk.text for p in passages if p.chunk.source == citation.source]
        assert texts
        assert any(citation.quote in text for text in texts)
        assert citation.quote.strip()


def test_a_model_answer_that_its_passage_bears_out_is_given_and_cited() -> None:
    answer = answer_to(ASKED, "Unused goods may be returned within 14 days. [1]")
    assert answer.origin == "model"
    assert answer.answer == "Unused goods may be returned within 14 days."
    assert answer.verified
    assert not answer.refused
    (citation,) = answer.citations
    assert citation.source == "returns.md"
    assert "**14 days**" in citation.quote  # as in the document, marks and all
    assert "postage" not in citation.quote  # the sentence, not the page
    check_citations(answer, PASSAGES)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("Unused goods may be returned within 30 days. [1]", id="wrong number"),
        pytest.param("Returned goods need the code RX-7 within 14 days. [1]", id="invented code"),
        pytest.param("Our friendly team gladly refunds everything always. [1]", id="invented"),
        pytest.param("Unused goods may be returned to Alice Baker. [1]", id="invented name"),
        pytest.param("未使用の商品は14日以内に返品できます。[3]", id="wrong language"),
        pytest.param("", id="nothing said"),
        pytest.param("[1]", id="a mark alone"),
        pytest.param("Unused goods may be returned. [1]", id="the question again"),
        pytest.param("Delivery takes 3 days and costs 5 euros. [2]", id="true but beside it"),
    ],
)
def test_an_answer_that_can_not_be_borne_out_gives_way_to_a_quotation(said: str) -> None:
    answer = answer_to(ASKED, said)
    assert answer.origin == "quote"
    assert answer.answer == "Unused goods may be returned within 14 days of delivery."
    assert answer.verified
    assert answer.model_answer == split_marks(said)[0]
    check_citations(answer, PASSAGES)


@pytest.mark.parametrize("mark", ["[7]", "[0]", "[99]", "[2]", ""])
def test_a_wrong_passage_number_is_corrected_by_the_text(mark: str) -> None:
    answer = answer_to(ASKED, f"Unused goods may be returned within 14 days. {mark}")
    assert answer.origin == "model"
    assert [citation.source for citation in answer.citations] == ["returns.md"]
    assert "[" not in answer.answer


def test_a_passage_that_the_prompt_did_not_hold_bears_nothing_out() -> None:
    answer = answer_to(ASKED, "It takes 3 days. [2]", rules=replace(RULES, passages=1))
    assert answer.origin == "quote"
    assert {citation.source for citation in answer.citations} == {"returns.md"}


def test_a_japanese_question_is_answered_in_japanese() -> None:
    question = "未使用の商品は何日以内に返品できますか？"
    passages = [make_passage(HENPIN), make_passage(DELIVERY)]
    good = answer_to(question, "到着後14日以内に返品できます。[1]", passages)
    assert (good.origin, good.answer) == ("model", "到着後14日以内に返品できます。")
    for said in ("Within 14 days. [1]", "到着後30日以内に返品できます。[1]", None):
        quoted = answer_to(question, said, passages)
        assert quoted.origin == "quote"
        assert quoted.answer == "未使用の商品は到着後14日以内に返品できます。"
        assert quoted.citations[0].source == "henpin.md"


def test_without_a_model_the_passage_is_quoted() -> None:
    answer = answer_to(ASKED, None)
    assert answer.origin == "quote"
    assert answer.model_answer == ""


@pytest.mark.parametrize(
    ("question", "refusal", "nearest", "contact"),
    [
        (ASKED, "The documents do not say.", "Nearest documents: Return policy", "Please ask: "),
        (
            "創業は何年ですか？",
            "資料には記載がありません。",
            "近い資料: 「Return",
            "お問い合わせ先: ",
        ),
    ],
)
def test_far_passages_mean_a_refusal_in_the_language_of_the_question(
    question: str, refusal: str, nearest: str, contact: str
) -> None:
    answer = answer_to(question, "Within 14 days. [1]", unsure(PASSAGES))
    first, near, ask = answer.answer.splitlines()
    assert first == refusal
    assert near.startswith(nearest)
    assert "Delivery" in near
    assert ask == contact + "support@example.com"
    assert answer.refused
    assert answer.citations == ()
    assert answer.origin == "refusal"
    assert answer.model_answer == "Within 14 days."


def test_nothing_found_is_a_refusal_that_names_nothing() -> None:
    answer = answer_to(ASKED, None, [], replace(RULES, wording=Wording()))
    assert answer.answer == "The documents do not say."
    assert answer.refused


def test_the_threshold_decides() -> None:
    passages = [Passage(RETURNS, 1.0, similarity=0.83, overlap=0.4)]
    strict, lenient = replace(RULES, min_support=0.99), replace(RULES, min_support=0.01)
    assert answer_to(ASKED, None, passages, strict).refused
    assert not answer_to(ASKED, None, passages, lenient).refused
    assert not answer_to(ASKED, None, unsure(PASSAGES), replace(RULES, min_support=0.0)).refused


def test_the_rest_of_the_draft_is_kept() -> None:
    for passages in (PASSAGES, unsure(PASSAGES)):
        found = Found(tuple(passages), tuple(passages))
        answer = compose(
            draft(ASKED, "rag"), None, weigh(ASKED, found, similar, RULES), similar, RULES
        )
        assert (answer.id, answer.question, answer.arm) == ("q1", ASKED, "rag")
        assert (answer.prompt_tokens, answer.completion_tokens) == (10, 5)


@pytest.mark.parametrize("said", [None, "The SKU K-210. [1]", "The K-210 costs 5 euros. [1]"])
def test_a_product_of_one_cell_is_no_stumbling_block(said: str | None) -> None:
    chunk = make_chunk("list", "SKU: K-210", kind="product", headings=("K-210",), sku="K-210")
    passages = [make_passage(chunk), make_passage(DELIVERY)]
    answer = answer_to("Which kettles do you have?", said, passages)
    check_citations(answer, passages)
    alone = answer_to("Which kettles do you have?", None, passages[:1])
    assert alone.citations[0].quote == "SKU: K-210"


TEXTS = st.text(
    st.sampled_from("abc 1.。、|-#*[]()\n（）「」・:返品日12"), min_size=1, max_size=120
).filter(str.strip)


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(TEXTS, min_size=1, max_size=3),
    said=st.none() | TEXTS,
    question=TEXTS,
    kind=st.sampled_from(["prose", "table", "product"]),
)
def test_whatever_the_texts_a_quote_is_verbatim(
    texts: list[str], said: str | None, question: str, kind: str
) -> None:
    passages = [make_passage(make_chunk(f"c{n}", text, kind=kind)) for n, text in enumerate(texts)]
    answer = answer_to(question, said, passages)
    check_citations(answer, passages)
    if not answer.refused:
        assert answer.citations
        assert answer.answer.strip()
