"""Which arm to deploy: by rule, so that the same comparison always gets the same advice.

The tuned model is recommended when nothing that matters got worse (match with the expected answer,
refusals, invented values) and either its answers match better, or they match as well and it has
another advantage: more answers in the model's own checked words, better refusals, less time, fewer
tokens. Where the questions are too few to tell, the advice is to wait. All by `weigh`.
"""

from __future__ import annotations

from builder.evaluation.cautions import cautions
from builder.evaluation.records import (
    ArmScores,
    Comparison,
    Interval,
    Metric,
    Recommendation,
    Text,
    Weighed,
)
from builder.evaluation.weigh import GAINS, HARMS, weigh
from builder.evaluation.wording import change, points, share
from builder.records import Arm


def recommend(comparison: Comparison) -> Recommendation:
    """One recommendation, its reason, and what to be careful about."""
    usable = [scores for scores in comparison.arms if scores.failed < scores.n]
    rag, both = _find(usable, "rag"), _find(usable, "tuned+rag")
    if rag is None:
        chosen = both or max(usable or comparison.arms, key=_mean_f1)
        return _build(comparison, chosen, _WITHOUT_RAG, _reason_without_rag(chosen))
    if both is None:
        return _build(comparison, rag, _KEEP_RAG, _NOT_TUNED)
    return _between(comparison, rag, both)


def _between(comparison: Comparison, rag: ArmScores, both: ArmScores) -> Recommendation:
    """Both arms with passages were asked: which of the two."""
    weighed = weigh(comparison)
    f1 = next((found for found in weighed if found.metric == "f1"), None)
    harms = [w for w in weighed if w.metric in HARMS and w.verdict == "worse"]
    gains = [w for w in weighed if w.metric in GAINS and w.verdict == "better"]
    if f1 is None:
        return _build(comparison, rag, _KEEP_RAG, _NOT_MEASURED)
    if harms:
        return _build(comparison, rag, _DONT_TUNE, _reason_harm(harms, gains))
    if f1.verdict == "better":
        return _build(comparison, both, _DEPLOY_TUNED, _reason_better(rag, both, f1, gains))
    if f1.verdict == "as good" and gains:
        return _build(comparison, both, _DEPLOY_TUNED, _reason_as_good(f1.interval, gains))
    if f1.verdict == "as good":
        return _build(comparison, rag, _DONT_TUNE, _reason_no_gain(f1.interval))
    return _build(comparison, rag, _NOT_YET, _reason_unsure(f1.interval, gains))


_DEPLOY_TUNED = Text(
    "Deploy the tuned model with retrieval (tuned+rag).",
    "調整済みモデルと検索の組み合わせ（tuned+rag）を使ってください。",
)
_KEEP_RAG = Text(
    "Deploy the untuned model with retrieval (rag).",
    "調整していないモデルと検索の組み合わせ（rag）を使ってください。",
)
_DONT_TUNE = Text(
    "Don't deploy the tuned model. Use the untuned model with retrieval (rag).",
    "調整済みモデルは使わず、調整していないモデルと検索の組み合わせ（rag）を使ってください。",
)
_NOT_YET = Text(
    "Don't deploy the tuned model yet: ask it more questions first. Until then use the untuned "
    "model with retrieval (rag).",
    "調整済みモデルはまだ使わず、質問を増やして確かめてください。それまでは、調整していない"
    "モデルと検索の組み合わせ（rag）を使ってください。",
)
_WITHOUT_RAG = Text(
    "Compare again with retrieval before you deploy anything.",
    "運用を始める前に、検索ありの方式も含めてもう一度比較してください。",
)
_NOT_TUNED = Text(
    "No tuned model was compared. Retrieval lets every answer cite its source.",
    "調整済みモデルは比較されていません。検索を使えば、どの回答にも出典を付けられます。",
)
_NOT_MEASURED = Text(
    "None of the questions has a gold answer, so nothing shows that tuning helps.",
    "正解のある質問がなかったため、調整の効果は確かめられていません。",
)
_FOR_BETTER: dict[Metric, Text] = {
    "own_words": Text(
        "more answers are in the model's own words, checked, instead of a bare quote",
        "引用ではなく、検証済みのモデル自身の文で答える割合の増加",
    ),
    "right_refusals": Text(
        "it says more often that the documents don't say, where they don't",
        "文書に答えのない質問を正しく断る割合の増加",
    ),
    "wrong_refusals": Text(
        "it refuses fewer questions that it should answer",
        "答えられる質問を断る割合の減少",
    ),
    "seconds": Text("an answer takes less time", "回答時間の短縮"),
    "tokens": Text("an answer takes fewer tokens", "トークンの削減"),
}
_FOR_WORSE: dict[Metric, Text] = {
    "f1": Text("its answers match the expected ones less", "正解との一致度の低下"),
    "right_refusals": Text(
        "it answers more questions that it should refuse",
        "断るべき質問に答える割合の増加",
    ),
    "wrong_refusals": Text(
        "it refuses more questions that it should answer",
        "答えられる質問を断る割合の増加",
    ),
    "invented": Text(
        "it gives more numbers or codes that stand in no source",
        "どの出典にもない数値や型番の増加",
    ),
}


def _reason_without_rag(chosen: ArmScores) -> Text:
    return Text(
        "Retrieval alone (rag) gave no answers to compare with, so nothing can be said for or "
        f"against the other arms; the best of them here was {chosen.arm}.",
        "検索のみ（rag）の回答がないため、ほかの方式の良し悪しは判断できません。"
        f"今回の中で最も良かったのは {chosen.arm} です。",
    )


def _reason_better(rag: ArmScores, both: ArmScores, f1: Weighed, gains: list[Weighed]) -> Text:
    ours, theirs, found = share(both.f1), share(rag.f1), f1.interval
    also = _listed(gains, _FOR_BETTER)
    return Text(
        f"Its answers match the expected ones better than those of retrieval alone: F1 {ours} "
        f"against {theirs}, a gain of {points(found)} percentage points over {found.n} "
        "questions. The whole range lies above zero, so chance is an unlikely explanation."
        + (f" Besides, {also.en}." if gains else ""),
        f"検索のみの場合より、回答が正解に近くなりました。F1 は {theirs} から {ours} になり、"
        f"差は {found.n} 問で {points(found)} ポイントです。"
        "範囲全体が 0 を上回っているため、偶然とは考えにくい差です。"
        + (f"ほかに次の利点があります：{also.ja}。" if gains else ""),
    )


def _reason_as_good(f1: Interval, gains: list[Weighed]) -> Text:
    also = _listed(gains, _FOR_BETTER)
    return Text(
        f"Its answers are as good as those of retrieval alone (change in F1: {points(f1)} "
        f"percentage points over {f1.n} questions), and {also.en}. Nothing that was measured got "
        "clearly worse.",
        f"回答の質は検索のみの場合と同等で（F1 の差は {f1.n} 問で {points(f1)} ポイント）、"
        f"次の利点があります：{also.ja}。明らかに悪くなった指標はありません。",
    )


def _reason_harm(harms: list[Weighed], gains: list[Weighed]) -> Text:
    against, also = _listed(harms, _FOR_WORSE), _listed(gains, _FOR_BETTER)
    return Text(
        f"Tuning made something worse that matters: {against.en}."
        + (f" That it has advantages ({also.en}) does not outweigh this." if gains else ""),
        f"調整によって次の点が悪くなりました：{against.ja}。"
        + (f"利点（{also.ja}）はありますが、それを補うものではありません。" if gains else ""),
    )


def _reason_unsure(f1: Interval, gains: list[Weighed]) -> Text:
    also = _listed(gains, _FOR_BETTER)
    return Text(
        f"Whether the answers are as good can't be told from {f1.n} questions: the change in F1 is "
        f"{points(f1)} percentage points."
        + (f" What speaks for the tuned model: {also.en}." if gains else ""),
        f"{f1.n} 問では、回答が同等以上かどうか判断できません（F1 の差は {points(f1)} ポイント）。"
        + (f"調整済みモデルの利点：{also.ja}。" if gains else ""),
    )


def _reason_no_gain(f1: Interval) -> Text:
    return Text(
        f"Tuning was not shown to help: the change in F1 is {points(f1)} percentage points "
        f"over {f1.n} questions, and no other measure of the answers given is clearly "
        "better. The simpler set-up is enough.",
        "調整の効果は確認できませんでした。"
        f"F1 の差は {f1.n} 問で {points(f1)} ポイントで、"
        "実際の回答のほかの指標にも明らかな改善はありません。"
        "より単純な構成で十分です。",
    )


def _listed(found: list[Weighed], words: dict[Metric, Text]) -> Text:
    """The changes with their figures, one after the other."""
    return Text(
        "; ".join(f"{words[w.metric].en} ({change(w.metric, w.interval)})" for w in found),
        "、".join(f"{words[w.metric].ja}（{change(w.metric, w.interval)}）" for w in found),
    )


def _build(
    comparison: Comparison, chosen: ArmScores, headline: Text, reason: Text
) -> Recommendation:
    warnings = tuple(cautions(comparison, chosen))
    return Recommendation(chosen.arm, headline, reason, warnings, weigh(comparison))


def _find(scores: list[ArmScores], arm: Arm) -> ArmScores | None:
    return next((found for found in scores if found.arm == arm), None)


def _mean_f1(scores: ArmScores) -> float:
    return scores.f1.mean if scores.f1 else 0.0
