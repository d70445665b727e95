"""What is said of one site is no answer about another."""

from __future__ import annotations

from collections.abc import Callable

import bot_cases
import pytest
from builder_fakes import make_chunk
from tiny import make_passage

from builder.bot.service import Bot
from builder.bot.sites import about_sites, sites_in
from builder.records import Passage, Question
from builder.text.terms import terms

CHUNKS = 200
FREQUENT = {"Acme": 60}


def names(question: str) -> list[str]:
    found = sites_in(question, lambda word: FREQUENT.get(word, 3), CHUNKS)
    return [" ".join(sorted(site)) for site in found]


@pytest.mark.parametrize(
    ("question", "sites"),
    [
        ("What is the phone number of the health centre in the Chicago building?", ["Chicago"]),
        ("When does the cafeteria in the New York office close?", ["New York"]),
        ("Which floors are we on in the Chicago and New York offices?", ["Chicago", "New York"]),
        ("Is there parking at the warehouse in Leeds?", ["Leeds"]),
        ("大阪支店の電話番号は？", ["大阪支店"]),
        ("駐車場は梅田オフィスにもありますか", ["梅田オフィス"]),
        ("Where is the Acme office?", []),
        ("Does Slack tell where the office is?", []),
        ("How do I leave the office?", []),
        ("お店は何時までですか", []),
        ("家電量販店で買った製品の保証は？", []),
        ("Which store has parking?", []),
        ("Which New York office is the larger one?", ["New York"]),
        ("The Leeds shop: when does it open?", ["Leeds"]),
    ],
)
def test_sites_are_what_stands_beside_a_word_for_one(question: str, sites: list[str]) -> None:
    assert names(question) == [" ".join(sorted(terms(site))) for site in sites]


def test_the_other_sites_passage_does_not_answer(
    make_bot: Callable[..., Bot], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {
        "Leeds": "The canteen closes at 2 in the afternoon.",
        "York": "The York office has a garden.",
        "Hull": "The canteen of the Hull office closes at 4 in the afternoon.",
    }
    chunks = [make_chunk(f"{name}.md", text, headings=(name,)) for name, text in texts.items()]
    monkeypatch.setattr(bot_cases, "PASSAGES", [make_passage(chunk) for chunk in chunks])
    bot = make_bot()
    for name, source in (("Hull", ["Hull.md"]), ("York", [])):
        answer = bot.ask(Question("q", f"When does the canteen of the {name} office close?"), "rag")
        assert [citation.source for citation in answer.citations] == source
        assert answer.refused is not bool(source)
    assert "canteen closes at 2" in bot.ask(Question("q", "When does the canteen close?")).answer


def test_a_site_that_no_document_names_is_none() -> None:
    assert sites_in("Where is the Oslo office?", lambda _: 0, CHUNKS) == ()


def test_only_passages_about_the_site_answer() -> None:
    leeds, york, rules = (
        Passage(make_chunk(f"{name}.md", text, headings=(name,)), 0.1, 0.8, 0.5)
        for name, text in [
            ("Leeds", "The canteen closes at 2."),
            ("York", "There is a canteen."),
            ("Rules", "Leave the canteen as it was."),
        ]
    )
    (site,) = sites_in("When does the canteen of the York office close?", lambda _: 3, CHUNKS)
    assert about_sites([leeds, rules, york], [site]) == [york]
    assert about_sites([leeds, rules], [site]) == [leeds, rules]
    assert about_sites([leeds, rules, york], []) == [leeds, rules, york]
