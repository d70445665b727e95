"""Scores as people read them. A dash stands for what was not measured."""

from __future__ import annotations

from builder.evaluation.records import Interval

DASH = "–"


def share(value: float | Interval | None) -> str:
    """A share (0…1) or its mean in whole percent: `85 %`."""
    if isinstance(value, Interval):
        value = value.mean
    return DASH if value is None else f"{value * 100:.0f} %"


def share_range(interval: Interval | None) -> str:
    """The 95 % interval of a share in percent: `31–44 %`."""
    if interval is None:
        return DASH
    return f"{interval.low * 100:.0f}–{interval.high * 100:.0f} %"


def points(interval: Interval) -> str:
    """A difference of shares in percentage points with its interval: `+4.2 (+1.0 … +7.3)`."""
    mean, low, high = (
        f"{v * 100:+.1f}".replace("-", "−") for v in (interval.mean, interval.low, interval.high)
    )
    return f"{mean} ({low} … {high})"


def decimal(value: float | None, places: int = 2) -> str:
    """A plain number."""
    return DASH if value is None else f"{value:.{places}f}"


def whole(value: float | None) -> str:
    """A count or a mean of counts, with grouping."""
    return DASH if value is None else f"{value:,.0f}"
