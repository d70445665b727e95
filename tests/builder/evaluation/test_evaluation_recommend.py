"""The rules of the recommendation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from builder.errors import StageMissing
from builder.evaluation.compare import compare
from builder.evaluation.recommend import recommend
from builder.evaluation.records import Comparison, Recommendation
from builder.records import Answer, Arm, Question


@pytest.fixture
def compared(gold, unanswerable, answer, refusal):
    """A comparison in which each arm gets the questions of the given numbers right."""

    def run(right: Mapping[Arm, Sequence[int]], n: int = 60, refuses: bool = True) -> Comparison:
        golds = [*(gold(i) for i in range(n)), unanswerable(1000), unanswerable(1001)]
        by_id = {g.question.id: (i, g) for i, g in enumerate(golds)}

        def ask(question: Question, arm: Arm) -> Answer:
            number, found = by_id[question.id]
            if not found.answerable:
                stays = refuses or arm != "tuned+rag"
                return refusal(found, arm) if stays else answer(found, arm)
            if number in right[arm]:
                return answer(found, arm)
            return answer(found, arm, answer="Nobody can say.", citations=())

        return compare(golds, ask, list(right), lambda _: None)

    return run


def words(advice: Recommendation) -> str:
    parts = [advice.headline, advice.reason, *advice.warnings]
    assert all(part.en and part.ja for part in parts)
    return " ".join(part.en for part in parts)


def test_a_proven_gain_deploys_the_tuned_model(compared) -> None:
    advice = recommend(compared({"base": [], "rag": range(20), "tuned+rag": range(50)}))
    assert advice.arm == "tuned+rag"
    assert "Deploy the tuned model" in words(advice)
    assert advice.warnings == ()


def test_an_unproven_gain_does_not(compared) -> None:
    advice = recommend(compared({"base": [], "rag": range(20), "tuned+rag": range(21)}))
    assert advice.arm == "rag"
    assert "Don't deploy the tuned model" in words(advice)
    assert "not shown to help" in words(advice)


def test_a_loss_says_so(compared) -> None:
    advice = recommend(compared({"base": [], "rag": range(50), "tuned+rag": range(5)}))
    assert advice.arm == "rag"
    assert "its answers match the expected ones less" in words(advice)


def test_without_an_adapter_retrieval_is_deployed(compared) -> None:
    advice = recommend(compared({"base": [], "rag": range(50)}))
    assert advice.arm == "rag"
    assert "No tuned model was compared" in words(advice)


def test_without_retrieval_nothing_is_deployed_blindly(compared) -> None:
    advice = recommend(compared({"base": [], "few-shot": range(50)}))
    assert advice.arm == "few-shot"
    assert "Compare again with retrieval" in words(advice)


def test_few_questions_are_warned_of(compared) -> None:
    advice = recommend(compared({"base": [], "rag": range(9)}, n=10))
    assert "Only 10 answerable questions" in words(advice)


def test_retrieval_that_does_not_help_is_warned_of(compared) -> None:
    advice = recommend(compared({"base": range(30), "rag": range(30)}))
    assert "was not shown to beat the bare model" in words(advice)


def test_a_tuned_model_that_no_longer_refuses_is_warned_of(compared) -> None:
    right = {"base": [], "rag": range(20), "tuned+rag": range(50)}
    advice = recommend(compared(right, refuses=False))
    assert advice.arm == "tuned+rag"
    assert "answers more questions that it should refuse" in words(advice)


def test_an_arm_that_always_fails_was_not_compared(gold, answer) -> None:
    def ask(_: Question, arm: Arm) -> Answer:
        if arm == "tuned+rag":
            raise StageMissing("there is no adapter.")
        return answer(gold(1), arm)

    advice = recommend(compare([gold(1)], ask, ["rag", "tuned+rag"], lambda _: None))
    assert advice.arm == "rag"
    assert "No tuned model was compared" in words(advice)
    assert "1 answers could not be made" in words(advice)
