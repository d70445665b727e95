"""Scores as people read them. A dash stands for what was not measured."""

from __future__ import annotations

from builder.evaluation.records import By, Interval, Metric, Text

DASH = "–"
VERDICTS = {
    "better": Text("better", "改善"),
    "worse": Text("worse", "悪化"),
    "as good": Text("as good", "同等"),
    "unclear": Text("not clear", "判断できず"),
}
BY: dict[By, Text] = {
    "kind": Text("kind", "種類"),
    "language": Text("language", "言語"),
    "set": Text("test set", "テスト"),
}
KINDS = {
    "number": Text("numbers", "数値"),
    "condition": Text("conditions", "条件"),
    "definition": Text("definitions", "定義"),
    "procedure": Text("procedures", "手順"),
    "list": Text("lists", "一覧"),
    "table": Text("tables", "表"),
    "contact": Text("contacts", "連絡先"),
    "faq": Text("questions from FAQs", "よくある質問"),
    "rule": Text("rules", "規則"),
    "responsible": Text("who is responsible", "担当"),
    "value": Text("values", "値"),
    "product": Text("products", "商品"),
    "comparison": Text("comparisons", "比較"),
    "multi": Text("two passages", "複数箇所"),
    "section": Text("whole sections", "節全体"),
    "no-answer": Text("without an answer", "答えなし"),
    "en": Text("English", "英語"),
    "ja": Text("Japanese", "日本語"),
    "facts never trained": Text("facts never trained", "学習していない事実"),
    "new wordings of trained facts": Text(
        "new wordings of trained facts", "学習した事実の新しい言い回し"
    ),
}
"""Kinds of questions, languages and sets, as people read them."""


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


def decimal_range(interval: Interval | None, places: int = 2) -> str:
    """The 95 % interval of a plain number; empty without one."""
    return f"{interval.low:.{places}f}–{interval.high:.{places}f}" if interval else ""


def whole(value: float | None) -> str:
    """A count or a mean of counts, with grouping."""
    return DASH if value is None else f"{value:,.0f}"


def change(metric: Metric, interval: Interval) -> str:
    """A difference in the metric's own unit: percentage points, seconds or tokens."""
    if metric == "seconds":
        return f"{interval.mean:+.2f} s".replace("-", "−")
    if metric == "tokens":
        return f"{interval.mean:+,.0f} tokens".replace("-", "−")
    return f"{interval.mean * 100:+.0f} points".replace("-", "−")


def change_range(metric: Metric, interval: Interval) -> str:
    """The difference with its 95 % interval."""
    if metric not in ("seconds", "tokens"):
        return points(interval)
    places = 2 if metric == "seconds" else 0
    numbers = (f"{v:+,.{places}f}" for v in (interval.mean, interval.low, interval.high))
    mean, low, high = (number.replace("-", "−") for number in numbers)
    return f"{mean} ({low} … {high})"
