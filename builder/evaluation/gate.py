"""The gate before a new adapter: is it worse than the one in use? By paired intervals, with the
recommendation's own measures of harm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.evaluation.bootstrap import difference_interval
from builder.evaluation.compare import paired
from builder.evaluation.records import Comparison, Metric, Text, Weighed
from builder.evaluation.scores import asked_by
from builder.evaluation.weigh import HARMS, ORDER, judge
from builder.evaluation.wording import change_range, share
from builder.records import Arm

NAMES: dict[Metric, Text] = {
    "f1": Text("match with the expected answer (F1)", "正解との一致度（F1）"),
    "judged": Text("right by the judge model", "判定モデルによる正しさ"),
    "own_words": Text("answers in the model's own checked words", "検証済みのモデル自身の文"),
    "model_f1": Text("the model's own words before the check (F1)", "検証前のモデル自身の文（F1）"),
    "model_holds": Text(
        "the model's own words hold the answer", "検証前のモデル自身の文が答えを含む"
    ),
    "right_refusals": Text("refuses what isn't in the documents", "文書にない質問を断る"),
    "wrong_refusals": Text("refuses what it should answer", "答えるべき質問を断る"),
    "invented": Text("invented values", "根拠のない数値"),
    "seconds": Text("seconds an answer", "1 回答の秒数"),
    "tokens": Text("tokens an answer", "1 回答のトークン"),
    "holds_answer": Text("holds the answer", "答えを含む"),
    "cited": Text("cites a right document", "正しい文書を引用"),
}
UNITS: dict[Metric, str] = {"seconds": "s", "tokens": "tokens"}


@dataclass(frozen=True, slots=True)
class Gate:
    """A new adapter against the one in use, on the same questions."""

    new: str
    old: str
    arm: Arm
    questions: int
    f1: tuple[float | None, float | None]
    """Of the new one and of the old one."""
    weighed: tuple[Weighed, ...]

    @property
    def worse(self) -> tuple[Weighed, ...]:
        """Why the gate stays shut; empty where it opens."""
        return tuple(w for w in self.weighed if w.metric in HARMS and w.verdict == "worse")


def gate(new: tuple[str, Comparison], old: tuple[str, Comparison], arm: Arm) -> Gate:
    """Compare two adapters that were asked the same questions in one order by one arm."""
    ours, theirs = new[1], old[1]
    triples = [
        (o.gold, asked_by(o, arm), asked_by(p, arm))
        for o, p in zip(ours.outcomes, theirs.outcomes, strict=True)
    ]
    scores, before = ours.scores(arm), theirs.scores(arm)
    weighed = []
    for metric in ORDER:
        interval = difference_interval(*paired(metric, triples))
        if interval is not None:
            old_mean = before.intervals.get(metric) if before else None
            weighed.append(judge(metric, interval, old_mean.mean if old_mean else 0.0))
    f1 = tuple(s.f1.mean if s and s.f1 else None for s in (scores, before))
    return Gate(new[0], old[0], arm, len(triples), (f1[0], f1[1]), tuple(weighed))


def gate_text(found: Gate) -> str:
    """What the terminal shows: one line a measure, then the verdict and what to do."""
    lines = [
        f"Adapter {found.new} against {found.old} ({found.arm}, {found.questions} questions): "
        f"F1 {share(found.f1[0])} against {share(found.f1[1])}"
    ]
    width = max((len(NAMES[w.metric].en) for w in found.weighed), default=0)
    for w in found.weighed:
        unit = UNITS.get(w.metric, "points")
        name = NAMES[w.metric].en.ljust(width)
        lines.append(f"  {name}  {w.verdict:8} {change_range(w.metric, w.interval)} {unit}")
    return "\n".join([*lines, "", _verdict(found)])


def _verdict(found: Gate) -> str:
    if not found.worse:
        return f"Passed: nothing shows that {found.new} is worse than {found.old}."
    return (
        f"Failed: {found.new} is worse than {found.old} in {_names(found.worse)}. "
        f'To stay with {found.old}, write under [model] in bot.toml: adapter = "{found.old}"'
    )


def _names(weighed: Sequence[Weighed]) -> str:
    return "; ".join(NAMES[w.metric].en for w in weighed)
