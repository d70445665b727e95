"""From answers to scores: one answer, then one arm over all questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from builder.evaluation import metrics
from builder.evaluation.bootstrap import mean_interval
from builder.evaluation.records import (
    METRICS,
    ArmScores,
    Asked,
    Interval,
    Metric,
    Outcome,
    Scores,
)
from builder.records import Answer, Arm, GoldQuestion
from builder.text.values import unsupported_values


def retrieves(arm: Arm) -> bool:
    """Whether the arm looks passages up, so that retrieval and citations can be scored."""
    return arm in ("rag", "tuned+rag")


def score(gold: GoldQuestion, arm: Arm, answer: Answer | None) -> Scores:
    """What the answer is worth; None stands for a question that failed, worth nothing."""
    comparable = gold.answerable and bool(gold.answer)
    given = answer is not None and not answer.refused
    text = answer.answer if answer is not None and given else ""
    own = _own_words(answer)
    searched = gold.answerable and retrieves(arm) and _searched(answer)
    passages = answer.passages if answer is not None else ()
    citations = answer.citations if answer is not None else ()
    wanted = (*((gold.answer,) if gold.answer else ()), *gold.accepted)
    return Scores(
        f1=_f1(text, gold, given) if comparable else None,
        exact=given and metrics.exact_match(text, wanted, gold.language) if comparable else None,
        holds_answer=_holds(text, gold),
        rank=metrics.source_rank(passages, gold.sources) if searched and gold.sources else None,
        passage_rank=(
            metrics.passage_rank(passages, gold.evidence) if searched and gold.evidence else None
        ),
        cited=(
            given and metrics.cites(citations, gold.sources)
            if gold.answerable and gold.sources and retrieves(arm)
            else None
        ),
        quotes_verbatim=(
            metrics.quotes_verbatim(citations, passages) if citations and passages else None
        ),
        refused=answer is not None and answer.refused,
        invented=_invents(gold, answer) if answer is not None and given else None,
        model_f1=metrics.token_f1(own, gold.answer, gold.language) if own and comparable else None,
        model_holds=_holds(own, gold) if own else None,
        own_words=(
            answer is not None and given and answer.verified and answer.origin == "model"
            if gold.answerable and retrieves(arm)
            else None
        ),
    )


def arm_scores(arm: Arm, outcomes: Sequence[Outcome]) -> ArmScores:
    """The arm's means over the outcomes; each outcome must hold the arm."""
    rows = [(outcome.gold, asked_by(outcome, arm)) for outcome in outcomes]
    scores = [asked.scores for _, asked in rows]
    answers = [asked.answer for _, asked in rows if asked.answer is not None]
    given = [answer for answer in answers if not answer.refused]
    f1 = [row.f1 for row in scores if row.f1 is not None]
    ranks = [row.rank for row in scores if row.rank is not None]
    holding = [row.passage_rank for row in scores if row.passage_rank is not None]
    return ArmScores(
        arm=arm,
        n=len(rows),
        answerable=sum(gold.answerable for gold, _ in rows),
        unanswerable=sum(not gold.answerable for gold, _ in rows),
        failed=sum(asked.answer is None for _, asked in rows),
        f1=mean_interval(f1),
        exact=metrics.mean([row.exact for row in scores]),
        holds_answer=metrics.mean([row.holds_answer for row in scores]),
        hit1=metrics.mean([rank == 1 for rank in ranks]),
        hit5=metrics.mean([1 <= rank <= 5 for rank in ranks]),
        mrr=metrics.mean([1 / rank if rank else 0.0 for rank in ranks]),
        passage_hit1=metrics.mean([rank == 1 for rank in holding]),
        passage_hit5=metrics.mean([1 <= rank <= 5 for rank in holding]),
        cited=metrics.mean([row.cited for row in scores]),
        quotes_verbatim=metrics.mean([row.quotes_verbatim for row in scores]),
        right_refusals=_refused(rows, lambda gold: not gold.answerable),
        wrong_refusals=_refused(rows, lambda gold: gold.answerable),
        verified=metrics.mean([answer.verified for answer in given]),
        invented=metrics.mean([row.invented for row in scores]),
        model_n=sum(row.model_f1 is not None for row in scores),
        prompt_tokens=metrics.mean([answer.prompt_tokens for answer in answers]),
        completion_tokens=metrics.mean([answer.completion_tokens for answer in answers]),
        seconds=metrics.mean([answer.seconds for answer in answers]),
        waited=metrics.mean(
            [asked.answer.seconds for _, asked in rows if asked.answer and asked.alone]
        ),
        intervals=_intervals(rows),
    )


def value_of(metric: Metric, gold: GoldQuestion, asked: Asked) -> float | None:
    """One answer's value for a metric; None where it has none. `invented` is counted over all
    answers, refusals and failures among them, so that two arms can be compared pair by pair."""
    scores, answer = asked.scores, asked.answer
    if metric in ("right_refusals", "wrong_refusals"):
        concerned = gold.answerable == (metric == "wrong_refusals")
        return float(scores.refused) if concerned else None
    if metric == "invented":
        return float(bool(scores.invented))
    if metric == "tokens":
        return float(answer.prompt_tokens + answer.completion_tokens) if answer else None
    if metric == "seconds":
        return answer.seconds if answer and asked.alone else None
    value: float | bool | None = getattr(scores, metric)
    return None if value is None else float(value)


def _intervals(rows: Sequence[tuple[GoldQuestion, Asked]]) -> dict[Metric, Interval]:
    found: dict[Metric, Interval] = {}
    for metric in METRICS:
        values = [value_of(metric, gold, asked) for gold, asked in rows]
        interval = mean_interval([value for value in values if value is not None])
        if interval is not None:
            found[metric] = interval
    return found


def asked_by(outcome: Outcome, arm: Arm) -> Asked:
    """The arm's turn at the question; raises KeyError for an arm that was not compared."""
    for asked in outcome.asked:
        if asked.arm == arm:
            return asked
    raise KeyError(arm)


def _refused(
    rows: Sequence[tuple[GoldQuestion, Asked]], which: Callable[[GoldQuestion], bool]
) -> float | None:
    return metrics.mean([asked.scores.refused for gold, asked in rows if which(gold)])


def _f1(text: str, gold: GoldQuestion, given: bool) -> float:
    # A refusal shares characters with many a Japanese answer; it answers none of them.
    return metrics.token_f1(text, gold.answer, gold.language) if given else 0.0


def _holds(text: str, gold: GoldQuestion) -> bool | None:
    return metrics.holds_answer(text, gold.accepted) if gold.accepted else None


def _own_words(answer: Answer | None) -> str:
    if answer is None:
        return ""
    return answer.model_answer or (answer.answer if answer.origin == "model" else "")


def _searched(answer: Answer | None) -> bool:
    # The product table answers without a search; that is no miss of the search.
    return answer is None or answer.origin != "product" or bool(answer.passages)


def _invents(gold: GoldQuestion, answer: Answer) -> bool:
    """Whether a value of the answer stands neither in what the arm was given (question, passages)
    nor in the gold answer: an arm without passages may know a value, and then it is right."""
    known = "\n".join(
        [
            gold.question.text,
            *(message.content for message in gold.question.history),
            gold.answer,
            *gold.accepted,
            gold.evidence,
            *(citation.quote for citation in answer.citations),
            *(passage.text for passage in answer.passages),
            *(chunk.model_text for passage in answer.passages for chunk in passage.chunks),
        ]
    )
    return bool(unsupported_values(metrics.CITATION_MARK.sub(" ", answer.answer), known))
