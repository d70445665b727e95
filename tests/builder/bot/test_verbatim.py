"""Citations are unbroken stretches of the document; questions of two parts; lists as answers."""

from __future__ import annotations

import pytest
from bot_cases import DELIVERY, RETURNS, draft, similar
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import make_chunk, make_passage

from builder.bot.compose import Found, Rules, compose, weigh
from builder.bot.parts import parts_of
from builder.bot.quotes import quoted
from builder.bot.units import told, units_of
from builder.bot.verbatim import citations_of
from builder.prepare.chunk import chunk_document
from connectors.records import Document, Part

PAGES = (
    Part("page 1", "ACME handbook\n\nLeave is granted for\n\nACME handbook\n\nten days a year."),
    Part("page 2", "ACME handbook\n\nIt is paid."),
)


def document(*parts: Part) -> Document:
    return Document("d", "d.pdf", "Handbook", "en", "pdf", "0", parts)


def test_a_quote_over_a_gap_becomes_two() -> None:
    text = "Leave is granted for\nten days a year."
    spans = ((0, 15, 35), (0, 52, 68))
    chunk = make_chunk("leave", text, spans=spans)
    assert [c.quote for c in citations_of(chunk, 0, len(text))] == text.split("\n")
    assert [c.quote for c in citations_of(chunk, 6, 15)] == ["is grante"]
    assert all(c.quote in PAGES[0].text for c in citations_of(chunk, 0, len(text)))


WORDS = st.lists(
    st.sampled_from("Leave is ten days. 返品は 14日。 - a\n # H\n\n".split(" ")), max_size=30
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS.map(" ".join), min_size=1, max_size=3))
def test_every_citation_of_a_chunk_stands_in_the_document(texts: list[str]) -> None:
    made = document(*(Part(f"page {n}", text) for n, text in enumerate(texts, 1)))
    for chunk in chunk_document(made, 20, lambda given: [len(text) // 4 + 1 for text in given]):
        for unit in units_of(chunk):
            for citation in quoted("days?", unit).citations():
                assert any(citation.quote in part.text for part in made.parts)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What is the price of the kettle and how long is the delivery?", 2),
        ("How many days of leave do I get? Who approves the leave?", 2),
        ("有給休暇は何日ですか？申請の期限はいつですか？", 2),
        ("How do terms and conditions apply?", 1),
        ("Is delivery free, and when?", 1),
        ("返品は何日以内ですか？", 1),
    ],
)
def test_a_question_of_two_parts_is_taken_apart(question: str, parts: int) -> None:
    assert len(parts_of(question)) == parts


def test_each_part_is_answered_with_its_own_source() -> None:
    passages = tuple(make_passage(chunk) for chunk in (RETURNS, DELIVERY))
    asked = "Within how many days may goods be returned and when is delivery free from 50 euros?"
    rules = Rules(min_support=0.1, passages=3)
    answer = compose(
        draft(asked), None, weigh(asked, Found(passages, passages), similar, rules), similar, rules
    )
    assert answer.answer.split("\n") == [
        "Unused goods may be returned within 14 days of delivery.",
        "Delivery takes 3 days and costs 5 euros. It is free from 50 euros.",
    ]
    assert [c.source for c in answer.citations] == ["returns.md", "delivery.md"]


NESTED = make_chunk(
    "travel",
    "1. 宿泊費を次のとおり支給する。\n    1. 東京23区内・・・9,000円\n"
    "    2. その他の地域・・・7,000円\n2. 実家に泊まる場合は支給しない。",
    language="ja",
)


def test_a_nested_list_is_its_own_and_ends_where_it_ends() -> None:
    units = units_of(NESTED)
    assert [unit.plain for unit in units][1:3] == [
        "東京23区内・・・9,000円",
        "その他の地域・・・7,000円",
    ]
    quote = quoted("宿泊費はいくらですか", units[0])
    assert quote.plain.endswith("\n- 東京23区内・・・9,000円\n- その他の地域・・・7,000円")
    assert quoted("宿泊費は", units[0], whole=False).plain == "宿泊費を次のとおり支給する。"


def test_a_question_in_a_document_is_no_answer_but_finds_it() -> None:
    (unit,) = units_of(make_chunk("faq", "Can I pay by card?\n\nCards are accepted in all shops."))
    assert unit.plain == "Cards are accepted in all shops."
    assert unit.in_context.startswith("Can I pay by card?")


def test_a_row_is_told_by_what_it_is_about() -> None:
    text = "| Distance | Allowance |\n| --- | --- |\n| over 100 km | 3,000 yen for each day |"
    chunk = make_chunk("pay", text, kind="table", model_text=text)
    (unit,) = units_of(chunk)
    expected = "over 100 km: Allowance: 3,000 yen for each day"
    assert told(unit, "How much for a day?") == expected
