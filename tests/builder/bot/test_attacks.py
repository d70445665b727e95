"""Whatever documents, questions and conversations hold, and though the model obeys it: no harm."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from attack_cases import ASKED, ASKED_JA, Attack, attacks
from bot_cases import draft, similar
from tiny import make_tokenizer

from builder.bot.compose import Rules, compose, weigh
from builder.bot.wording import Wording
from builder.cli.ask import answer_text
from builder.cli.terminal import harmless
from builder.models.catalog import language_model
from builder.models.language_model import load_tokenizer
from builder.prompt import Asked, Persona, encode
from builder.records import Answer
from builder.text.injections import INVISIBLE
from builder.text.values import unsupported_values

PERSONA = Persona("Guide", "answer questions about the shop")
RULES = Rules(min_support=0.35, passages=3, wording=Wording("Ext. 12"))
ALL = [pytest.param(attack, id=attack.id) for attack in attacks()]
RIGHT = re.compile(r"\b14 days|14日")


@cache
def answers_to(attack: Attack) -> list[Answer]:
    """With a model that obeys, with and without a mark, and with none."""
    asked = draft(attack.question.text)
    said: list[str | None] = [
        attack.says,
        f"{attack.says} [1]",
        f"14 days. {attack.says} [2]",
        None,
    ]
    weighed = weigh(asked.question, attack.found, similar, RULES)
    return [compose(asked, one, weighed, similar, RULES) for one in said]


def test_there_are_enough_of_them_in_both_languages() -> None:
    texts = [attack.text for attack in attacks()]
    assert len(texts) >= 60
    assert len(set(texts)) >= 60
    assert sum(bool(re.search("[ぁ-ん]", text)) for text in texts) >= 12
    assert {attack.where for attack in attacks()} >= {"document", "question", "history", "product"}


@pytest.mark.parametrize("attack", ALL)
def test_nothing_of_what_the_attacker_wants_comes_out(attack: Attack) -> None:
    for answer in answers_to(attack):
        for wanted in attack.forbidden:
            assert wanted not in answer.answer
        assert not INVISIBLE.search(answer.answer)


@pytest.mark.parametrize("attack", ALL)
def test_an_answer_holds_only_what_its_citations_vouch_for(attack: Attack) -> None:
    known = {chunk.source: chunk for p in attack.found.passages for chunk in p.chunks}
    for answer in answers_to(attack):
        for citation in answer.citations:
            assert citation.quote in known[citation.source].text
        if not answer.refused:
            cited = "\n".join(
                f"{known[c.source].title}\n{known[c.source].headings}\n{c.quote}"
                for c in answer.citations
            )
            assert unsupported_values(answer.answer, f"{cited}\n{answer.question}") == set()


@pytest.mark.parametrize(
    "attack", [pytest.param(a, id=a.id) for a in attacks() if a.where in ("document", "history")]
)
def test_the_honest_passage_still_answers(attack: Attack) -> None:
    for answer in answers_to(attack):
        assert answer.question in (ASKED, ASKED_JA)
        assert answer.refused or RIGHT.search(answer.answer) or not answer.citations


@pytest.fixture(scope="module")
def tokenizers() -> list[Any]:
    """The embedded model's own, and one of bytes."""
    return [load_tokenizer(language_model("embedded", print)), make_tokenizer()]


@pytest.mark.parametrize("attack", ALL)
def test_the_prompt_keeps_its_turns(attack: Attack, tokenizers: list[Any]) -> None:
    shown = tuple(passage.chunk for passage in attack.found.ranked)
    asked = Asked(attack.question.text, shown, attack.question.history)
    for tokenizer in tokenizers:
        plain = encode(tokenizer, PERSONA, Asked("What?", shown[-1:]))
        turns = [i for i in plain.ids if i in tokenizer.all_special_ids]
        ids = encode(tokenizer, PERSONA, asked).ids
        assert [i for i in ids if i in tokenizer.all_special_ids] == turns


@pytest.mark.parametrize("attack", ALL)
def test_the_terminal_gets_no_escape_sequences(attack: Attack) -> None:
    for answer in answers_to(attack):
        shown = harmless(answer_text(answer))
        assert not INVISIBLE.search(shown)
        assert "\x1b" not in shown
