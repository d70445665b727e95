"""The gate before a new adapter, and the weighing that it shares with the recommendation."""

from __future__ import annotations

import pytest

from builder.evaluation.compare import Extras, compare
from builder.evaluation.gate import gate, gate_text
from builder.evaluation.judge import Judge
from builder.evaluation.recommend import recommend
from builder.evaluation.records import Comparison, Interval
from builder.evaluation.weigh import judge
from builder.records import Answer, Arm, Message, Question


@pytest.fixture
def adapter(gold, unanswerable, answer, refusal):
    """The answers of an adapter that gets the first `right` questions right, refuses the next
    `refused` ones, and refuses what isn't in the documents or not."""

    def ask_all(right: int, refused: int = 0, honest: bool = True) -> Comparison:
        golds = [*(gold(i) for i in range(30)), *(unanswerable(i) for i in range(100, 110))]
        by_id = {g.question.id: (i, g) for i, g in enumerate(golds)}

        def ask(question: Question, arm: Arm) -> Answer:
            number, found = by_id[question.id]
            if not found.answerable:
                return refusal(found, arm) if honest else answer(found, arm)
            if number < right:
                return answer(found, arm)
            if number < right + refused:
                return refusal(found, arm)
            return answer(found, arm, answer="Nobody can say.", citations=())

        return compare(golds, ask, ["tuned+rag"], lambda _: None)

    return ask_all


def test_a_worse_adapter_is_stopped_and_it_says_why(adapter) -> None:
    found = gate(("v2", adapter(right=10)), ("v1", adapter(right=25)), "tuned+rag")
    assert [w.metric for w in found.worse] == ["f1"]
    text = gate_text(found)
    assert "Failed: v2 is worse than v1 in match with the expected answer" in text
    assert 'adapter = "v1"' in text


def test_a_better_or_equal_adapter_passes(adapter) -> None:
    for right in (20, 28):
        found = gate(("v2", adapter(right=right)), ("v1", adapter(right=20)), "tuned+rag")
        assert not found.worse
        assert "Passed" in gate_text(found)


def test_an_adapter_that_no_longer_refuses_is_stopped(adapter) -> None:
    careless = adapter(right=25, honest=False)
    found = gate(("v2", careless), ("v1", adapter(right=25)), "tuned+rag")
    assert [w.metric for w in found.worse] == ["right_refusals"]


def test_an_adapter_that_refuses_too_much_is_stopped(adapter) -> None:
    shy = adapter(right=10, refused=20)
    found = gate(("v2", shy), ("v1", adapter(right=10)), "tuned+rag")
    assert [w.metric for w in found.worse] == ["wrong_refusals"]


@pytest.mark.parametrize(
    ("metric", "interval", "before", "verdict"),
    [
        ("f1", Interval(0.1, 0.02, 0.2, 40), 0, "better"),
        ("f1", Interval(-0.1, -0.2, -0.01, 40), 0, "worse"),
        ("f1", Interval(-0.01, -0.04, 0.02, 40), 0, "as good"),
        ("f1", Interval(0.05, -0.1, 0.2, 40), 0, "unclear"),
        ("f1", Interval(0.5, 0.5, 0.5, 3), 0, "unclear"),  # too few for an interval
        ("wrong_refusals", Interval(0.2, 0.1, 0.3, 40), 0, "worse"),
        ("invented", Interval(-0.2, -0.3, -0.1, 40), 0, "better"),
        ("seconds", Interval(-2.0, -2.2, -1.8, 8), 4.0, "better"),
        ("seconds", Interval(-0.1, -0.12, -0.08, 8), 4.0, "as good"),  # surely less, hardly so
        ("tokens", Interval(300, 280, 320, 40), 400, "worse"),
    ],
)
def test_what_an_interval_shows(metric, interval: Interval, before: float, verdict: str) -> None:
    assert judge(metric, interval, before).verdict == verdict


@pytest.fixture
def arms_compared(gold, unanswerable, answer, refusal):
    """`rag` quotes the right sentence slowly; `tuned+rag` says it in its own words, in less
    time, and gets `lost` questions wrong."""

    def run(n: int, lost: int = 0, faster: float = 2.0) -> Comparison:
        golds = [*(gold(i) for i in range(n)), *(unanswerable(i) for i in range(500, 510))]
        by_id = {g.question.id: (i, g) for i, g in enumerate(golds)}

        def ask(question: Question, arm: Arm) -> Answer:
            number, found = by_id[question.id]
            if not found.answerable:
                return refusal(found, arm)
            if arm == "rag":
                return answer(found, arm, origin="quote", seconds=4.0)
            if number < lost:
                return answer(found, arm, answer="Nobody can say.", citations=())
            return answer(found, arm, seconds=4.0 - faster)

        extras = Extras(alone=frozenset(g.question.id for g in golds[:8]))
        return compare(golds, ask, ["rag", "tuned+rag"], lambda _: None, extras)

    return run


def test_as_good_but_in_its_own_words_and_faster_is_deployed(arms_compared) -> None:
    advice = recommend(arms_compared(n=60))
    assert advice.arm == "tuned+rag"
    assert "as good" in advice.reason.en
    assert "own words" in advice.reason.en
    assert "less time" in advice.reason.en
    assert {w.metric: w.verdict for w in advice.weighed}["own_words"] == "better"


def test_its_advantages_do_not_outweigh_worse_answers(arms_compared) -> None:
    advice = recommend(arms_compared(n=60, lost=20))
    assert advice.arm == "rag"
    assert "does not outweigh" in advice.reason.en


def test_too_few_questions_ask_for_patience(arms_compared) -> None:
    advice = recommend(arms_compared(n=10, lost=1))
    assert advice.arm == "rag"
    assert "yet" in advice.headline.en
    assert "What speaks for the tuned model" in advice.reason.en


def test_the_judge_s_one_word_counts_and_nothing_else(gold, answer) -> None:
    replies = iter(["RIGHT", "partly.", "I cannot say", "right or wrong?"])
    asked: list[str] = []

    def complete(messages: list[Message]) -> str:
        asked.append(messages[-1].content)
        return next(replies)

    model = Judge(complete)
    verdicts = [model(gold(i), answer(gold(i), "rag")) for i in range(4)]
    assert verdicts == [1.0, 0.5, None, None]
    assert model.silent == 2
    # the same answer of another arm is not asked about again
    assert model(gold(0), answer(gold(0), "tuned+rag")) == 1.0
    assert len(asked) == 4
