"""Accounting of a comparison: nothing asked is lost, failures count, and None is not 0."""

from __future__ import annotations

import json

import pytest

from builder.errors import ModelUnavailable, UsageError
from builder.evaluation.compare import compare
from builder.evaluation.records import Comparison
from builder.evaluation.table import arms_table
from builder.jsonl import from_object, to_line
from builder.records import ARMS, Answer, Arm, Question


def quiet(_: str) -> None:
    pass


def test_a_bot_that_knows_everything(gold, unanswerable, answer, refusal) -> None:
    golds = [gold(1), gold(2), unanswerable(3)]
    by_id = {g.question.id: g for g in golds}

    def ask(question: Question, arm: Arm) -> Answer:
        found = by_id[question.id]
        return answer(found, arm) if found.answerable else refusal(found, arm)

    result = compare(golds, ask, ["base", "rag"], quiet)
    rag, base = result.scores("rag"), result.scores("base")
    assert rag is not None
    assert base is not None
    assert (rag.n, rag.answerable, rag.unanswerable, rag.failed) == (3, 2, 1, 0)
    assert rag.f1 is not None
    assert (rag.f1.mean, rag.f1.n) == (1, 2)
    assert (rag.exact, rag.holds_answer, rag.right_refusals, rag.wrong_refusals) == (1, 1, 1, 0)
    assert (rag.hit1, rag.hit5, rag.mrr, rag.passage_hit1, rag.cited) == (1, 1, 1, 1, 1)
    assert (rag.quotes_verbatim, rag.verified, rag.invented) == (1, 1, 0)
    assert (rag.model_n, rag.intervals["model_f1"].mean) == (2, 1)
    assert rag.intervals["model_holds"].mean == 1
    assert (rag.prompt_tokens, rag.completion_tokens, rag.seconds) == (100, 10, 0.5)
    assert (base.hit1, base.mrr, base.passage_hit5, base.cited) == (None, None, None, None)
    assert result.scores("tuned") is None
    assert {(d.first, d.second) for d in result.differences} == {("rag", "base")}
    gained = result.difference("rag", "base", "holds_answer")
    assert gained is not None
    assert (gained.mean, gained.n) == (0, 2)


def test_failures_count_as_wrong_and_are_listed(gold, unanswerable, answer, refusal) -> None:
    golds = [gold(1), gold(2), gold(3), unanswerable(4), unanswerable(5)]
    by_id = {g.question.id: g for g in golds}

    def ask(question: Question, arm: Arm) -> Answer:
        if arm == "rag" and question.id in ("q2", "q5"):
            raise ModelUnavailable("it fell over.", question.id, "Try again.")
        found = by_id[question.id]
        return answer(found, arm) if found.answerable else refusal(found, arm)

    said: list[str] = []
    result = compare(golds, ask, ["rag", "base"], said.append)
    rag = result.scores("rag")
    assert rag is not None
    assert (rag.n, rag.failed) == (5, 2)
    assert rag.f1 is not None
    assert rag.f1.mean == pytest.approx(2 / 3)
    assert rag.f1.n == 3
    assert (rag.hit1, rag.cited, rag.holds_answer) == (pytest.approx(2 / 3),) * 3
    assert rag.right_refusals == 0.5
    assert rag.wrong_refusals == 0
    assert rag.seconds == 0.5
    assert [(f.arm, f.question_id) for f in result.failures] == [("rag", "q2"), ("rag", "q5")]
    assert "it fell over" in result.failures[0].message
    assert len(result.outcomes) == 5
    assert all(len(outcome.asked) == 2 for outcome in result.outcomes)
    assert len(said) == 10
    assert said[4] == "rag: 5 of 5, 2 failed"


def test_a_fault_of_the_program_is_not_an_answer(gold) -> None:
    def ask(_question: Question, _arm: Arm) -> Answer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        compare([gold(1)], ask, ["rag"], quiet)


def test_refusals_score_nothing_and_the_models_own_words_apart(gold, answer, refusal) -> None:
    golds = [gold(1), gold(2)]

    def ask(question: Question, arm: Arm) -> Answer:
        if question.id == "q1":
            return refusal(golds[0], arm)
        return answer(golds[1], arm, origin="quote", model_answer="Ask somebody.")

    scores = compare(golds, ask, ["rag"], quiet).scores("rag")
    assert scores is not None
    assert scores.f1 is not None
    assert scores.f1.mean == 0.5
    assert scores.wrong_refusals == 0.5
    own = scores.intervals["model_f1"], scores.intervals["model_holds"]
    assert (scores.model_n, [one.mean for one in own]) == (1, [0, 0])


def test_invented_values_are_noticed_and_known_ones_are_not(gold, answer) -> None:
    golds = [gold(1), gold(2)]

    def ask(question: Question, arm: Arm) -> Answer:
        return (
            answer(golds[0], arm, answer="Warranty 1 lasts 31 days [1]. Call 555-0199.")
            if (question.id == "q1")
            else answer(golds[1], arm)
        )

    scores = compare(golds, ask, ["base"], quiet).scores("base")
    assert scores is not None
    assert scores.invented == 0.5


def test_the_product_table_answers_without_a_search(gold, answer) -> None:
    def ask(_: Question, arm: Arm) -> Answer:
        return answer(gold(1), arm, origin="product", passages=(), model_answer="")

    scores = compare([gold(1)], ask, ["rag"], quiet).scores("rag")
    assert scores is not None
    assert (scores.hit1, scores.cited) == (None, 1)
    assert "model_f1" not in scores.intervals


def test_questions_without_gold_answers_measure_nothing(gold, answer) -> None:
    bare = gold(1, answer="", accepted=(), sources=(), evidence="")
    result = compare([bare], lambda _, arm: answer(bare, arm, answer="So."), ["rag"], quiet)
    (scores,) = result.arms
    assert (scores.n, scores.f1, scores.exact, scores.holds_answer) == (1, None, None, None)
    assert (scores.hit1, scores.cited, scores.right_refusals) == (None, None, None)
    assert result.differences == ()


def test_breakdown_by_kind_and_language(gold, answer, unanswerable) -> None:
    golds = [gold(1), gold(2, kind="list", language="ja"), unanswerable(3)]
    by_id = {g.question.id: g for g in golds}
    result = compare(golds, lambda q, arm: answer(by_id[q.id], arm), ["rag"], quiet)
    found = {(row.by, row.value): row.f1.n for row in result.breakdown}
    assert found == {("kind", "number"): 1, ("kind", "list"): 1,
                     ("language", "en"): 1, ("language", "ja"): 1}  # fmt: skip


def test_a_comparison_survives_json(gold, answer) -> None:
    result = compare([gold(1)], lambda _, arm: answer(gold(1), arm), ["base", "rag"], quiet)
    assert from_object(Comparison, json.loads(to_line(result))) == result


@pytest.mark.parametrize(("golds", "arms"), [(0, ["rag"]), (1, [])])
def test_nothing_to_compare_is_wrong_usage(gold, answer, golds: int, arms: list[Arm]) -> None:
    with pytest.raises(UsageError):
        compare([gold(1)] * golds, lambda _, arm: answer(gold(1), arm), arms, quiet)


def test_the_table_fits_a_terminal_at_its_widest(gold, unanswerable, answer) -> None:
    golds = [gold(number) for number in range(200)] + [unanswerable(200)]
    by_id = {g.question.id: g for g in golds}

    def ask(question: Question, arm: Arm) -> Answer:
        if question.id == "q7":
            raise ModelUnavailable("no.")
        return answer(by_id[question.id], arm, seconds=123.456)

    text = arms_table(compare(golds, ask, ARMS, quiet))
    lines = text.splitlines()
    assert len(lines) == 3 + len(ARMS) + 2
    assert max(map(len, lines)) <= 100
    assert [line.split()[0] for line in lines[3:-2]] == list(ARMS)
    base = lines[3].split()
    assert base[4:7] == ["–", "–", "–"]
    assert base[-1] == "1/201"


def test_below_the_table_stands_what_tuning_did_to_the_models_own_words(gold, answer) -> None:
    golds = [gold(number) for number in range(10)]
    by_id = {g.question.id: g for g in golds}

    def ask(question: Question, arm: Arm) -> Answer:
        right = by_id[question.id]
        said = right.answer if arm == "tuned+rag" else "Ask somebody else."
        return answer(right, arm, origin="quote", model_answer=said)

    text = arms_table(compare(golds, ask, ARMS, quiet))
    assert "F1 0 % (of 10) in rag, 100 % (of 10) in tuned+rag" in text
    assert "+100.0 (+100.0 … +100.0) percentage points over 10 questions" in text
    assert "own words" not in arms_table(compare(golds, ask, ["base", "rag"], quiet))
