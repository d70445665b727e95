"""The report of an evaluation: evaluation.json (everything) and evaluation.html (for the owner)."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder.evaluation import measures, wording
from builder.evaluation.charts import BOTTOM, HEIGHT, LEFT, RIGHT, WIDTH, CurvePoint, RefusalPoint
from builder.evaluation.charts import bar_chart as _bar_chart
from builder.evaluation.charts import curve_chart as _curve_chart
from builder.evaluation.charts import refusal_chart as _refusal_chart
from builder.evaluation.cost import Prices
from builder.evaluation.environment import environment
from builder.evaluation.examples import choose_examples, is_good
from builder.evaluation.gate import NAMES
from builder.evaluation.recommend import recommend
from builder.evaluation.records import By, Comparison, Interval, Metric, Recommendation, Weighed
from builder.evaluation.weigh import judge
from builder.workspace import write_text

if TYPE_CHECKING:
    from jinja2 import Environment

JSON_NAME, HTML_NAME = "evaluation.json", "evaluation.html"
EXAMPLES = 10
_SHOWN: tuple[Metric, ...] = ("f1", "holds_answer", "judged", "model_f1")
"""Differences between all arms that are shown; the others are in the JSON."""
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class ReportContext:
    """What the report tells besides the comparison."""

    bot_name: str
    curve: tuple[CurvePoint, ...] = ()
    """The training run: (step, training loss, validation loss or None); empty without one."""
    refusals: tuple[RefusalPoint, ...] = ()
    """Refused questions by the threshold, from the calibration; empty without one."""
    min_support: float = 0.0
    """The threshold of this bot."""
    dataset: Mapping[str, str] = field(default_factory=dict)
    """Quality of the dataset: label → value."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """What the run was made with: label → value. No secrets: it is all printed."""
    training: Mapping[str, str] = field(default_factory=dict)
    """How the adapter was trained and what came of it: label → value."""
    prices: Prices = field(default_factory=Prices)
    notes: tuple[str, ...] = ()
    seed: int = 7
    """Decides which answers are shown side by side."""


@dataclass(frozen=True, slots=True)
class Report:
    """All of evaluation.json."""

    created: str
    """UTC, ISO 8601."""
    recommendation: Recommendation
    context: ReportContext
    environment: Mapping[str, str]
    comparison: Comparison


def write_report(folder: Path, comparison: Comparison, context: ReportContext) -> list[Path]:
    """Write evaluation.json and evaluation.html into the folder; returns both paths.

    Raises WorkspaceError when the disk is full; files that were there stay as they were then.
    """
    report = Report(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        recommendation=recommend(comparison),
        context=context,
        environment=environment(),
        comparison=comparison,
    )
    texts = {JSON_NAME: to_json(report), HTML_NAME: to_html(report)}
    for name, text in texts.items():
        write_text(folder / name, text)
    return [folder / name for name in texts]


def to_json(report: Report) -> str:
    """The report as JSON; `builder.jsonl.from_object(Report, json.loads(text))` reads it back."""
    value = _finite(dataclasses.asdict(report))
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def to_html(report: Report) -> str:
    """The report as one page that loads nothing and runs nothing."""
    comparison, arm = report.comparison, report.recommendation.arm
    return (
        _jinja()
        .get_template("report.html")
        .render(
            report=report,
            arms=comparison.arms,
            csp=_content_security_policy(),
            groups=measures.groups(report.context.prices),
            language=_language(comparison),
            names=NAMES,
            differences=[d for d in comparison.differences if d.metric in _SHOWN],
            bars=_bar_chart(comparison.arms),
            curve=_curve_chart(report.context.curve),
            refusals=_refusal_chart(report.context.refusals, report.context.min_support),
            frame={
                "w": WIDTH,
                "h": HEIGHT,
                "left": LEFT,
                "right": WIDTH - RIGHT,
                "base": HEIGHT - BOTTOM,
            },
            examples=choose_examples(comparison, arm, EXAMPLES, report.context.seed),
            is_good=is_good,
            breakdown=_rows(comparison),
            words=wording,
        )
    )


def _jinja() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _printable(value: Any) -> Any:
    """Control characters, which HTML forbids, as the replacement character."""
    # Markup (already escaped by a macro) is a str too: left alone, its text has passed here before.
    if type(value) is not str:
        return value
    return "".join("�" if _is_control(char) else char for char in value)


def _is_control(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cs")


def _content_security_policy() -> str:
    """Nothing may be loaded or run; of styles, only ours, by its hash."""
    css = (_TEMPLATES / "report.css").read_text(encoding="utf-8").removesuffix("\n")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _language(comparison: Comparison) -> str:
    """The language in which the page opens: that of most questions."""
    japanese = sum(outcome.gold.language == "ja" for outcome in comparison.outcomes)
    return "ja" if 2 * japanese > len(comparison.outcomes) else "en"


@dataclass(frozen=True, slots=True)
class Row:
    """The questions of one kind, language or set."""

    by: str
    value: str
    n: int
    cells: list[tuple[str, bool]]
    """F1 of each arm, and whether it is the best."""
    contrast: Weighed | None
    """Tuned with retrieval against retrieval alone."""


def _rows(comparison: Comparison) -> list[Row]:
    found: dict[tuple[By, str], dict[str, Interval]] = {}
    for part in comparison.breakdown:
        found.setdefault((part.by, part.value), {})[part.arm] = part.f1
    contrasts = {(c.by, c.value): judge("f1", c.interval, 0.0) for c in comparison.contrasts}
    rows = []
    for key, by_arm in found.items():
        best = max(f1.mean for f1 in by_arm.values())
        arms = [by_arm.get(scores.arm) for scores in comparison.arms]
        cells = [(wording.share(f1), f1 is not None and f1.mean == best > 0) for f1 in arms]
        n = next(iter(by_arm.values())).n
        rows.append(Row(*key, n, cells, contrasts.get(key)))
    return rows


def _finite(value: Any) -> Any:
    """NaN and infinity, which JSON has no words for, as None (a training loss may diverge)."""
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
