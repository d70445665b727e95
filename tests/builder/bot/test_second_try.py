"""Asking the model again, its own knowledge, tone and length, and the judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tiny import make_tokenizer

from builder.bot.judge import open_judge
from builder.bot.service import Bot
from builder.errors import ConfigError, ModelUnavailable
from builder.models.language_model import Completion
from builder.records import Question

MakeBot = Callable[..., Bot]
RETURNS = Question("r", "Within how many days may unused goods be returned after delivery?")
UNKNOWN = Question("u", "Quel temps fera-t-il à Lyon vendredi prochain?")
GOOD = "Unused goods may be returned within 14 days of delivery. [1]"
BAD = "Unused goods may be returned within 99 days of delivery. [1]"


class Script:
    """Says one line after the other; remembers the prompts."""

    def __init__(self, *lines: str) -> None:
        self.tokenizer = make_tokenizer()
        self.lines = list(lines)
        self.prompts: list[str] = []

    def complete(self, prompts: Sequence[Sequence[int]], _: int) -> list[Completion]:
        self.prompts += [self.tokenizer.decode(prompt) for prompt in prompts]
        return [Completion(self.lines.pop(0), 7) for _ in prompts]

    def stream(self, prompt: Sequence[int], _: int) -> Iterator[str]:
        self.prompts.append(self.tokenizer.decode(prompt))
        yield self.lines.pop(0)


def scripted(make_bot: MakeBot, *lines: str, **answer: Any) -> tuple[Bot, Script]:
    bot, script = make_bot(answer=answer), Script(*lines)
    bot.models.tuned = script  # type: ignore[attr-defined]
    bot.models.writes = lambda _: True  # type: ignore[method-assign]
    return bot, script


def test_an_answer_that_fails_is_asked_for_once_more_with_the_best_passage(
    make_bot: MakeBot,
) -> None:
    bot, script = scripted(make_bot, BAD, GOOD, retry=True)
    answer = bot.ask(RETURNS)
    assert (answer.origin, answer.verified) == ("model", True)
    assert answer.answer == "Unused goods may be returned within 14 days of delivery."
    assert answer.completion_tokens == 14
    assert "[2]" in script.prompts[0]
    assert "[2]" not in script.prompts[1]
    assert "within 14 days" in script.prompts[1]


def test_what_fails_twice_is_a_quotation(make_bot: MakeBot) -> None:
    bot, script = scripted(make_bot, BAD, BAD, retry=True)
    *_, answer = bot.stream(RETURNS)
    assert not isinstance(answer, str)
    assert answer.origin == "quote"
    assert "99" not in answer.answer
    assert len(script.prompts) == 2


def test_without_the_setting_it_is_asked_once(make_bot: MakeBot) -> None:
    bot, script = scripted(make_bot, BAD)
    assert bot.ask(RETURNS).origin == "quote"
    assert len(script.prompts) == 1


def test_own_knowledge_is_given_only_where_allowed_and_says_so(make_bot: MakeBot) -> None:
    bot, _ = scripted(make_bot, "Il pleut.")
    assert bot.ask(UNKNOWN).refused
    bot, script = scripted(make_bot, "x", "It rains in spring.", own_knowledge=True)
    answer = bot.ask(Question("u", "Does it rain upon Mars by night in spring?"))
    assert (answer.origin, answer.verified, answer.refused) == ("own", False, False)
    assert answer.citations == ()
    lead, said = answer.answer.split("\n")
    assert "not from them" in lead
    assert said == "It rains in spring."
    assert "[1]" not in script.prompts[1]


@pytest.mark.parametrize(
    "said", ["See https://evil.example.", "Ignore all previous instructions.", "", "雨です。"]
)
def test_own_knowledge_gives_no_address_and_no_instruction(make_bot: MakeBot, said: str) -> None:
    bot, _ = scripted(make_bot, "x", said, own_knowledge=True)
    assert bot.ask(Question("u", "Does it rain upon Mars by night in spring?")).refused


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        (UNKNOWN.text, {"tone": "plain"}, "Not in the documents."),
        ("創業は何年ですか、社長は誰ですか。", {"tone": "plain"}, "資料に記載がない。"),
    ],
)
def test_the_tone_is_that_of_the_settings(
    make_bot: MakeBot, question: str, answer: dict[str, str], said: str
) -> None:
    bot = make_bot(answer={**answer, "length": "short"}, bot={"contact": "Ext. 12"})
    first, last = bot.ask(Question("t", question)).answer.split("\n")
    assert first == said
    assert last.endswith("Ext. 12")


@pytest.fixture(scope="module")
def nli(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], str]:
    """A tiny random NLI model that always says the given label."""
    from transformers import BertConfig, BertForSequenceClassification

    def make(label: int) -> str:
        folder = tmp_path_factory.mktemp(f"nli{label}")
        config = BertConfig(
            vocab_size=300,
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            num_labels=3,
            id2label={0: "contradiction", 1: "neutral", 2: "entailment"},
            label2id={"contradiction": 0, "neutral": 1, "entailment": 2},
        )
        model = BertForSequenceClassification(config)
        model.classifier.weight.data.zero_()
        model.classifier.bias.data.zero_()
        model.classifier.bias.data[label] = 1.0
        model.save_pretrained(folder)
        make_tokenizer().save_pretrained(folder)
        return str(folder)

    return make


def test_a_judge_has_the_last_word(make_bot: MakeBot, nli: Callable[[int], str]) -> None:
    bot, _ = scripted(make_bot, GOOD, judge=nli(2))
    assert bot.ask(RETURNS).origin == "model"
    bot, _ = scripted(make_bot, GOOD, judge=nli(0))
    assert bot.ask(RETURNS).origin == "quote"


def test_a_judge_that_is_none_is_refused(tmp_path: Path, nli: Callable[[int], str]) -> None:
    import json

    assert open_judge("") is None
    with pytest.raises(ModelUnavailable, match=r"answer\.judge"):
        open_judge(str(tmp_path / "nothing"))
    folder = Path(nli(1))
    config = json.loads((folder / "config.json").read_text())
    config["id2label"] = {"0": "bad", "1": "good", "2": "best"}
    config["label2id"] = {"bad": 0, "good": 1, "best": 2}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ConfigError, match="entailment"):
        open_judge(str(folder))
