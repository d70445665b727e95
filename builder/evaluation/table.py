"""The comparison as plain text, for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from builder.evaluation.records import ArmScores, Comparison
from builder.evaluation.wording import decimal, points, share, share_range, whole

_HEADER = (
    ("", "F1", "95 %", "holds", "source", "passage", "cites", "refuses", "refuses", "", "", ""),
    ("arm", "%", "range", "answer", "@1/@5", "@1/@5", "source", "rightly", "wrongly", "checked",
     "sec.", "failed"),
)  # fmt: skip


def arms_table(comparison: Comparison) -> str:
    """One line an arm, aligned, at most 100 columns wide; `–` where nothing was measured. Below it,
    what tuning did to the model's own words: most of an untuned model's never reach anybody."""
    rows = [*_HEADER, *(_row(scores) for scores in comparison.arms)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(len(_HEADER), "-" * max(map(len, lines)))
    return "\n".join([*lines, *_unchecked(comparison)])


def _unchecked(comparison: Comparison) -> list[str]:
    gained = comparison.difference("tuned+rag", "rag", "model_f1")
    if gained is None:
        return []
    before, after = (_own_f1(comparison.scores(arm)) for arm in ("rag", "tuned+rag"))
    return [
        f"The model's own words before the check: F1 {before} in rag, {after} in tuned+rag,",
        f"a difference of {points(gained)} percentage points over {gained.n} questions.",
    ]


def _own_f1(scores: ArmScores | None) -> str:
    found = scores.intervals.get("model_f1") if scores else None
    return f"{share(found)} (of {found.n})" if found else share(None)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    cells = [first[0].ljust(first[1]), *(text.rjust(width) for text, width in rest)]
    return "  ".join(cells).rstrip()


def _row(scores: ArmScores) -> tuple[str, ...]:
    return (
        scores.arm,
        _percent(share(scores.f1)),
        _percent(share_range(scores.f1)),
        _percent(share(scores.holds_answer)),
        _pair(scores.hit1, scores.hit5),
        _pair(scores.passage_hit1, scores.passage_hit5),
        _percent(share(scores.cited)),
        _percent(share(scores.right_refusals)),
        _percent(share(scores.wrong_refusals)),
        _percent(share(scores.verified)),
        decimal(scores.seconds),
        f"{whole(scores.failed)}/{whole(scores.n)}" if scores.failed else "0",
    )


def _pair(first: float | None, second: float | None) -> str:
    if first is None or second is None:
        return share(None)
    return f"{_percent(share(first))}/{_percent(share(second))}"


def _percent(text: str) -> str:
    # The header says that they are percent: the line has to fit a terminal.
    return text.removesuffix(" %")
