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
from builder.evaluation.charts import BOTTOM, HEIGHT, LEFT, RIGHT, WIDTH, CurvePoint
from builder.evaluation.charts import bar_chart as _bar_chart
from builder.evaluation.charts import curve_chart as _curve_chart
from builder.evaluation.environment import environment
from builder.evaluation.examples import choose_examples, is_good
from builder.evaluation.recommend import recommend
from builder.evaluation.records import Comparison, Recommendation
from builder.workspace import write_text

if TYPE_CHECKING:
    from jinja2 import Environment

JSON_NAME, HTML_NAME = "evaluation.json", "evaluation.html"
EXAMPLES = 10
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class ReportContext:
    """What the report tells besides the comparison."""

    bot_name: str
    curve: tuple[CurvePoint, ...] = ()
    """The training run: (step, training loss, validation loss or None); empty without one."""
    dataset: Mapping[str, str] = field(default_factory=dict)
    """Quality of the dataset: label → value."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """What the run was made with: label → value. No secrets: it is all printed."""
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
            groups=measures.GROUPS,
            bars=_bar_chart(comparison.arms),
            curve=_curve_chart(report.context.curve),
            frame={
                "w": WIDTH,
                "h": HEIGHT,
                "left": LEFT,
                "right": WIDTH - RIGHT,
                "base": HEIGHT - BOTTOM,
            },
            examples=choose_examples(comparison, arm, EXAMPLES, report.context.seed),
            is_good=is_good,
            breakdown=_breakdown_table(comparison),
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


def _breakdown_table(comparison: Comparison) -> list[tuple[str, str, int, list[str]]]:
    """(by, value, questions, F1 of each arm) for each kind and language."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    count: dict[tuple[str, str], int] = {}
    for found in comparison.breakdown:
        key = (found.by, found.value)
        rows.setdefault(key, {})[found.arm] = wording.share(found.f1)
        count[key] = found.f1.n
    return [
        (*key, count[key], [row.get(scores.arm, wording.DASH) for scores in comparison.arms])
        for key, row in rows.items()
    ]


def _finite(value: Any) -> Any:
    """NaN and infinity, which JSON has no words for, as None (a training loss may diverge)."""
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
