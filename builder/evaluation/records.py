"""What an evaluation finds: frozen, typed, and the same in evaluation.json as in memory.

Shares are 0…1. None means that there was nothing to measure, which is not the same as 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from builder.records import Answer, Arm, GoldQuestion

Metric = Literal[
    "f1",
    "holds_answer",
    "judged",
    "own_words",
    "model_f1",
    "model_holds",
    "cited",
    "right_refusals",
    "wrong_refusals",
    "invented",
    "seconds",
    "tokens",
]
METRICS: tuple[Metric, ...] = get_args(Metric)
By = Literal["kind", "language", "set"]
"""What questions are told apart by; `set`: facts never trained, or new wordings of trained ones."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and its 95 % bootstrap interval over `n` questions."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Scores:
    """What one arm's answer to one question is worth."""

    f1: float | None
    """Overlap with the gold answer; None without a gold answer. A refusal is worth 0."""
    exact: bool | None
    holds_answer: bool | None
    """An accepted short string stands in the answer."""
    rank: int | None
    """1-based place of the first passage from a gold source; 0: not found; None: no retrieval."""
    passage_rank: int | None
    """The same for the first passage that holds the evidence."""
    cited: bool | None
    """A citation names a gold source."""
    quotes_verbatim: bool | None
    """Every quote stands word for word in a retrieved passage; None without citations."""
    refused: bool
    invented: bool | None
    """The answer holds a number, code or address that nothing given to it holds."""
    model_f1: float | None
    """`f1` of the model's own words, before verification; None when the model was not asked."""
    model_holds: bool | None
    own_words: bool | None = None
    """The answer is the model's own words, verified; None for an arm without passages, where
    nothing is verified, and without an answer to find."""
    judged: float | None = None
    """What the judge model makes of it: 1 right, 0.5 in part, 0 wrong; None without a judge."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One arm's turn at one question: an answer, or the error that it ended in."""

    arm: Arm
    answer: Answer | None
    error: str
    """What went wrong; empty when there is an answer."""
    scores: Scores
    alone: bool = False
    """Asked by itself, not in a batch: its seconds are what somebody waits."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question and what every arm made of it, in the order of the arms."""

    gold: GoldQuestion
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A question that an arm could not answer for a technical reason."""

    arm: Arm
    question_id: str
    message: str


@dataclass(frozen=True, slots=True)
class ArmScores:
    """One arm over all questions. A failed question counts as a wrong answer in every mean of
    quality, and is left out of the means of time and tokens only."""

    arm: Arm
    n: int
    """Questions asked: `answerable` + `unanswerable`, the failed ones among them."""
    answerable: int
    unanswerable: int
    failed: int
    f1: Interval | None
    exact: float | None
    holds_answer: float | None
    hit1: float | None
    """Share of answerable questions with a gold source among the first passage …"""
    hit5: float | None
    """… or the first five (fewer where the prompt holds fewer)."""
    mrr: float | None
    """Mean of 1/rank of the first passage from a gold source, 0 where there is none."""
    passage_hit1: float | None
    passage_hit5: float | None
    cited: float | None
    quotes_verbatim: float | None
    right_refusals: float | None
    """Share of the unanswerable questions that were refused."""
    wrong_refusals: float | None
    """Share of the answerable questions that were refused."""
    verified: float | None
    """Share of the answers given (no refusals) that were verified."""
    invented: float | None
    """Share of the answers given that hold a value which nothing given to the arm holds."""
    model_n: int
    """Answerable questions that the model itself was asked: what `model_f1` is about."""
    prompt_tokens: float | None
    completion_tokens: float | None
    seconds: float | None
    """Mean wall-clock seconds an answer, its share of its batch."""
    waited: float | None = None
    """Mean seconds of the answers asked alone: what one person waits."""
    intervals: Mapping[Metric, Interval] = field(default_factory=dict)
    """Means with their 95 % intervals; a metric without a value is left out."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """F1 of one arm on the questions of one kind, language or set."""

    arm: Arm
    by: By
    value: str
    f1: Interval


@dataclass(frozen=True, slots=True)
class Contrast:
    """F1 of `first` minus `second` on the questions of one kind, language or set."""

    first: Arm
    second: Arm
    by: By
    value: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Difference:
    """`first` minus `second`, paired question by question."""

    first: Arm
    second: Arm
    metric: Metric
    interval: Interval


@dataclass(frozen=True, slots=True)
class Comparison:
    """The arms on the same questions."""

    arms: tuple[ArmScores, ...]
    differences: tuple[Difference, ...]
    breakdown: tuple[Breakdown, ...]
    failures: tuple[Failure, ...]
    outcomes: tuple[Outcome, ...]
    contrasts: tuple[Contrast, ...] = ()

    def scores(self, arm: Arm) -> ArmScores | None:
        """The arm's scores, or None when it was not compared."""
        return next((scores for scores in self.arms if scores.arm == arm), None)

    def difference(self, first: Arm, second: Arm, metric: Metric = "f1") -> Interval | None:
        """`first` − `second`, or None when they were not compared."""
        for found in self.differences:
            if (found.first, found.second, found.metric) == (first, second, metric):
                return found.interval
        return None


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in English and Japanese."""

    en: str
    ja: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """One thing that the recommendation weighs: the tuned arm against the untuned one."""

    metric: Metric
    verdict: Literal["better", "worse", "as good", "unclear"]
    interval: Interval


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Which arm to deploy, why, and what to be careful about."""

    arm: Arm
    headline: Text
    reason: Text
    warnings: tuple[Text, ...]
    weighed: tuple[Weighed, ...] = ()
