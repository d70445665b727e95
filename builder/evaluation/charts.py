"""Where the marks of the report's two charts stand. The template draws them as inline SVG, so that
every label passes through its escaping. Units are those of the SVG's view box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10

from builder.evaluation.records import ArmScores

CurvePoint = tuple[int, float | None, float | None]
"""(step, training loss, validation loss); None where one was not taken at that step."""

RefusalPoint = tuple[float, float, float]
"""(threshold, share refused rightly, share refused wrongly)."""

WIDTH, HEIGHT = 640.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 54.0, 10.0, 18.0, 30.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One arm's bar and its interval."""

    label: str
    value: str
    x: float
    y: float
    width: float
    height: float
    low_y: float
    high_y: float


@dataclass(frozen=True, slots=True)
class BarChart:
    """F1 by arm, 0…100 %."""

    bars: tuple[Bar, ...]
    y_ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class CurveChart:
    """Loss by step."""

    train: tuple[tuple[float, float], ...]
    validation: tuple[tuple[float, float], ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]

    def path(self, points: Sequence[tuple[float, float]]) -> str:
        """The points as the `points` attribute of an SVG polyline."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def bar_chart(arms: Sequence[ArmScores]) -> BarChart | None:
    """F1 of each arm that has one; None when none has."""
    scored = [(scores.arm, scores.f1) for scores in arms if scores.f1 is not None]
    if not scored:
        return None
    top = min(1.0, max(0.2, *(_ceiling(f1.high) for _, f1 in scored)))
    slot = (WIDTH - LEFT - RIGHT) / len(scored)
    width = min(72.0, slot * 0.6)
    bars = []
    for index, (arm, f1) in enumerate(scored):
        y = _scale_y(f1.mean, 0.0, top)
        bars.append(
            Bar(
                label=arm,
                value=f"{f1.mean * 100:.0f}",
                x=LEFT + slot * (index + 0.5) - width / 2,
                y=y,
                width=width,
                height=HEIGHT - BOTTOM - y,
                low_y=_scale_y(f1.low, 0.0, top),
                high_y=_scale_y(f1.high, 0.0, top),
            )
        )
    marks = [top * part / 4 for part in range(5)]
    ticks = tuple(Tick(_scale_y(mark, 0.0, top), f"{mark * 100:.0f} %") for mark in marks)
    return BarChart(tuple(bars), ticks)


def curve_chart(curve: Sequence[CurvePoint]) -> CurveChart | None:
    """The loss curves; None without a point to draw."""
    train = [(step, loss) for step, loss, _ in curve if loss is not None and isfinite(loss)]
    validation = [(step, loss) for step, _, loss in curve if loss is not None and isfinite(loss)]
    losses = [loss for _, loss in (*train, *validation)]
    if not losses:
        return None
    steps = [step for step, _ in (*train, *validation)]
    low_x, high_x = min(steps), max(*steps, min(steps) + 1)
    step_y = _nice(max(max(losses) - min(losses), 0.1) / 4)
    low_y = floor(min(losses) / step_y) * step_y
    marks = [low_y]
    while len(marks) < 2 or marks[-1] < max(losses):
        marks.append(marks[-1] + step_y)

    def place(points: Sequence[tuple[int, float]]) -> tuple[tuple[float, float], ...]:
        return tuple(
            (_scale_x(step, low_x, high_x), _scale_y(loss, low_y, marks[-1]))
            for step, loss in sorted(points)
        )

    return CurveChart(
        train=place(train),
        validation=place(validation),
        x_ticks=tuple(
            Tick(_scale_x(step, low_x, high_x), str(step))
            for step in sorted({low_x, (low_x + high_x) // 2, high_x})
        ),
        y_ticks=tuple(Tick(_scale_y(mark, low_y, marks[-1]), f"{mark:.2f}") for mark in marks),
    )


@dataclass(frozen=True, slots=True)
class RefusalChart:
    """Right refusals (up) over wrong ones (right), 0…100 % each."""

    line: tuple[tuple[float, float], ...]
    chosen: tuple[float, float]
    """Where the bot's threshold lies."""
    threshold: str
    right: str
    wrong: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]

    def path(self) -> str:
        """The line as the `points` attribute of an SVG polyline."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.line)


def refusal_chart(points: Sequence[RefusalPoint], threshold: float) -> RefusalChart | None:
    """The trade-off over all thresholds; None without points."""
    if not points:
        return None

    def place(right: float, wrong: float) -> tuple[float, float]:
        return LEFT + wrong * (WIDTH - LEFT - RIGHT), _scale_y(right, 0.0, 1.0)

    nearest = min(points, key=lambda point: abs(point[0] - threshold))
    marks = [part / 4 for part in range(5)]
    return RefusalChart(
        line=tuple(place(right, wrong) for _, right, wrong in sorted(points)),
        chosen=place(*nearest[1:]),
        threshold=f"{nearest[0]:g}",
        right=f"{nearest[1] * 100:.0f}",
        wrong=f"{nearest[2] * 100:.0f}",
        x_ticks=tuple(Tick(place(0.0, mark)[0], f"{mark * 100:.0f} %") for mark in marks),
        y_ticks=tuple(Tick(_scale_y(mark, 0.0, 1.0), f"{mark * 100:.0f} %") for mark in marks),
    )


def _scale_x(value: float, low: float, high: float) -> float:
    return LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT)


def _scale_y(value: float, low: float, high: float) -> float:
    if high <= low:
        return HEIGHT - BOTTOM
    return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - BOTTOM - TOP)


def _ceiling(value: float) -> float:
    """The next fifth above the value."""
    return -floor(-value * 5) / 5


def _nice(step: float) -> float:
    """The next larger of 1, 2, 5 times a power of ten."""
    power: float = 10.0 ** floor(log10(step))
    return next(nice * power for nice in (1.0, 2.0, 5.0, 10.0) if nice * power >= step * 0.999)
