"""The rows of the report's table of arms: what is measured, and what that means in plain words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from builder.evaluation.cost import ANSWERS, Prices, cost_text
from builder.evaluation.records import ArmScores, Metric, Text
from builder.evaluation.wording import DASH, decimal, decimal_range, share, share_range, whole


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: its name, a plain explanation, and its value for an arm."""

    name: Text
    meaning: Text
    value: Callable[[ArmScores], str]
    detail: Callable[[ArmScores], str] = lambda _: ""
    """Small print under the value."""


@dataclass(frozen=True, slots=True)
class MeasureGroup:
    """Measures of one aspect."""

    title: Text
    measures: tuple[Measure, ...]


def _pair(first: float | None, second: float | None) -> str:
    if first is None or second is None:
        return DASH
    return f"{share(first)} / {share(second)}"


def _range(metric: Metric) -> Callable[[ArmScores], str]:
    return lambda s: share_range(s.intervals[metric]) if metric in s.intervals else ""


def _of(metric: Metric, count: Callable[[ArmScores], int]) -> Callable[[ArmScores], str]:
    """The interval, and how many questions it is about."""
    return lambda s: (
        f"{share_range(s.intervals[metric])} · n {count(s)}" if metric in s.intervals else ""
    )


def _tokens(scores: ArmScores) -> str:
    if scores.prompt_tokens is None:
        return DASH
    return f"{whole(scores.prompt_tokens)} + {whole(scores.completion_tokens)}"


QUALITY = MeasureGroup(
    Text("Answers", "回答"),
    (
        Measure(
            Text("Match with the expected answer (F1)", "正解との一致度（F1）"),
            Text(
                "How much of the wording agrees with the expected answer; 100 % is word for word. "
                "Small print: where the true value lies with 95 % confidence.",
                "正解の文とどれだけ重なるか。100 % で完全一致。小さい字は 95 % 信頼区間。",
            ),
            lambda s: share(s.f1),
            lambda s: share_range(s.f1),
        ),
        Measure(
            Text("Holds the answer", "答えを含む"),
            Text(
                "Answers that contain the fact asked for, in whatever words.",
                "言い回しによらず、求めた事実を含む回答の割合。",
            ),
            lambda s: share(s.holds_answer),
            _range("holds_answer"),
        ),
        Measure(
            Text("Right by the judge model", "判定モデルによる正しさ"),
            Text(
                "What the judge model makes of the answers; half a point for a part of the answer.",
                "判定モデルの評価。部分的な正解は半分として数えます。",
            ),
            lambda s: share(s.intervals.get("judged")),
            _range("judged"),
        ),
        Measure(
            Text("In the model's own checked words", "検証済みのモデル自身の文で回答"),
            Text(
                "Answers that the model worded itself and that passed the check; the others are "
                "bare quotes or refusals.",
                "モデル自身の文で、検証を通った回答の割合。それ以外は引用または回答拒否です。",
            ),
            lambda s: share(s.intervals.get("own_words")),
            _range("own_words"),
        ),
        Measure(
            Text("Exactly as expected", "完全一致"),
            Text("Answers that say just the expected words.", "正解と同じ文になった割合。"),
            lambda s: share(s.exact),
        ),
        Measure(
            Text("The model's own words (F1)", "モデル自身の文（F1）"),
            Text(
                "The same match before checking: sentences that the sources don't support are "
                "replaced by quotes before anybody sees them.",
                "検証前のモデルの文と正解との一致度。出典で裏づけられない文は引用に置き換えられます。",
            ),
            lambda s: share(s.intervals.get("model_f1")),
            _of("model_f1", lambda s: s.model_n),
        ),
        Measure(
            Text("The model's own words hold the answer", "モデル自身の文が答えを含む"),
            Text(
                "Of the questions that the model itself was asked.",
                "モデル自身に尋ねた質問のうち、求めた事実を含む割合。",
            ),
            lambda s: share(s.intervals.get("model_holds")),
            _range("model_holds"),
        ),
    ),
)

SOURCES = MeasureGroup(
    Text("Sources", "出典"),
    (
        Measure(
            Text("Right document found", "正しい文書を検索"),
            Text(
                "Questions for which the first passage found, or one of the first five, comes from "
                "a right document.",
                "最初の文章、または上位 5 件のいずれかが正しい文書だった割合。",
            ),
            lambda s: _pair(s.hit1, s.hit5),
            lambda s: f"MRR {decimal(s.mrr)}" if s.mrr is not None else "",
        ),
        Measure(
            Text("Right passage found", "正しい箇所を検索"),
            Text(
                "The same for the very passage that holds the answer.",
                "答えが書かれた箇所そのものが見つかった割合。",
            ),
            lambda s: _pair(s.passage_hit1, s.passage_hit5),
        ),
        Measure(
            Text("Cites a right document", "正しい文書を引用"),
            Text(
                "Answerable questions whose answer names a document that holds it.",
                "答えのある質問のうち、正しい文書を出典に挙げた割合。",
            ),
            lambda s: share(s.cited),
            _range("cited"),
        ),
        Measure(
            Text("Quotes are verbatim", "引用が原文どおり"),
            Text(
                "Answers whose every quote stands word for word in the source. Should be 100 %.",
                "引用がすべて原文どおりの回答の割合。100 % であるべき値です。",
            ),
            lambda s: share(s.quotes_verbatim),
        ),
    ),
)

SAFETY = MeasureGroup(
    Text("Refusals and checks", "回答拒否と検証"),
    (
        Measure(
            Text("Says so when it isn't in the documents", "文書にないとき断る"),
            Text(
                "Questions without an answer in the documents that were refused. Higher is better.",
                "文書に答えのない質問を正しく断った割合。高いほどよい。",
            ),
            lambda s: share(s.right_refusals),
            _of("right_refusals", lambda s: s.unanswerable),
        ),
        Measure(
            Text("Refuses what it should answer", "答えるべきなのに断る"),
            Text(
                "Questions with an answer that were refused all the same. Lower is better.",
                "答えがあるのに断った割合。低いほどよい。",
            ),
            lambda s: share(s.wrong_refusals),
            _of("wrong_refusals", lambda s: s.answerable),
        ),
        Measure(
            Text("Verified", "検証済み"),
            Text(
                "Answers given whose every number, name and sentence was found in the cited text.",
                "数値・名称・文がすべて引用元で確認できた回答の割合。",
            ),
            lambda s: share(s.verified),
        ),
        Measure(
            Text("Invented values", "根拠のない数値"),
            Text(
                "Answers given with a number, code or address that stands in no source. "
                "Should be 0 %.",
                "どの出典にもない数値・型番・連絡先を含む回答の割合。0 % であるべき値です。",
            ),
            lambda s: share(s.invented),
            _range("invented"),
        ),
    ),
)

COST = MeasureGroup(
    Text("Speed and size", "速度と長さ"),
    (
        Measure(
            Text("Seconds to wait for an answer", "1 回答の待ち時間（秒）"),
            Text(
                "Mean time on this machine when one person asks alone.",
                "この機械で、一人が単独で尋ねたときの平均時間。",
            ),
            lambda s: decimal(s.waited),
            lambda s: decimal_range(s.intervals.get("seconds")),
        ),
        Measure(
            Text("Seconds of work an answer", "1 回答の処理時間（秒）"),
            Text(
                "Mean time when many questions are answered in batches.",
                "多数の質問をまとめて処理したときの 1 回答あたりの平均時間。",
            ),
            lambda s: decimal(s.seconds),
        ),
        Measure(
            Text("Tokens read + written", "入力＋出力トークン"),
            Text(
                "Mean length of the prompt and of the answer; what a paid endpoint bills.",
                "プロンプトと回答の平均の長さ。有料の接続先ではこれが課金されます。",
            ),
            _tokens,
        ),
        Measure(
            Text("Questions asked", "質問数"),
            Text(
                "Failed ones ended in an error and count as wrong.",
                "エラーになった質問は誤答として数えます。",
            ),
            lambda s: str(s.n),
            lambda s: f"{s.failed} failed" if s.failed else "",
        ),
    ),
)


def groups(prices: Prices) -> tuple[MeasureGroup, ...]:
    """The rows of the table, with money where a price is known."""
    money = Measure(
        Text(f"Price of {ANSWERS:,} answers", f"{ANSWERS:,} 回答の費用"),
        Text(
            "By the prices in bot.toml: tokens, and time of the machine.",
            "bot.toml の単価による、トークンと機械の時間の費用。",
        ),
        lambda s: cost_text(s, prices),
    )
    cost = replace(COST, measures=(*COST.measures, money)) if prices.known else COST
    return (QUALITY, SOURCES, SAFETY, cost)
