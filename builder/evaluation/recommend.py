"""Which arm to deploy: by rule, so that the same comparison always gets the same advice.

The tuned model is recommended only when it is shown to be better: the 95 % interval of its F1 with
retrieval minus retrieval alone lies above zero. Otherwise: retrieval alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from builder.evaluation.records import (
    ArmScores,
    Comparison,
    Interval,
    Recommendation,
    Text,
)
from builder.evaluation.wording import points, share
from builder.records import Arm

FEW_QUESTIONS = 50
"""Below this many answerable questions an interval is too wide, and too uncertain, to lean on."""
_NOTABLE = 0.1
"""A change of a share that is worth a warning."""


def recommend(comparison: Comparison) -> Recommendation:
    """One recommendation, its reason, and what to be careful about."""
    usable = [scores for scores in comparison.arms if scores.failed < scores.n]
    rag = _find(usable, "rag")
    both = _find(usable, "tuned+rag")
    difference = comparison.difference("tuned+rag", "rag")
    if rag is None:
        chosen = both or max(usable or comparison.arms, key=_mean_f1)
        return _build(comparison, chosen, _WITHOUT_RAG, _reason_without_rag(chosen))
    if both is None:
        return _build(comparison, rag, _KEEP_RAG, _NOT_TUNED)
    if difference is None:
        return _build(comparison, rag, _KEEP_RAG, _NOT_MEASURED)
    if difference.low > 0:
        return _build(comparison, both, _DEPLOY_TUNED, _reason_better(rag, both, difference))
    if difference.high < 0:
        return _build(comparison, rag, _DONT_TUNE, _reason_worse(rag, both, difference))
    return _build(comparison, rag, _DONT_TUNE, _reason_unsure(difference))


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


def _reason_without_rag(chosen: ArmScores) -> Text:
    return Text(
        "Retrieval alone (rag) gave no answers to compare with, so nothing can be said for or "
        f"against the other arms; the best of them here was {chosen.arm}.",
        "検索のみ（rag）の回答がないため、ほかの方式の良し悪しは判断できません。"
        f"今回の中で最も良かったのは {chosen.arm} です。",
    )


def _reason_better(rag: ArmScores, both: ArmScores, difference: Interval) -> Text:
    ours, theirs = share(both.f1), share(rag.f1)
    return Text(
        f"Its answers match the expected ones better than those of retrieval alone: F1 {ours} "
        f"against {theirs}, a gain of {points(difference)} percentage points over {difference.n} "
        "questions. The whole range lies above zero, so chance is an unlikely explanation.",
        f"検索のみの場合より、回答が正解に近くなりました。F1 は {theirs} から {ours} になり、"
        f"差は {difference.n} 問で {points(difference)} ポイントです。"
        "範囲全体が 0 を上回っているため、偶然とは考えにくい差です。",
    )


def _reason_worse(rag: ArmScores, both: ArmScores, difference: Interval) -> Text:
    ours, theirs = share(both.f1), share(rag.f1)
    return Text(
        f"Tuning made the answers worse: F1 {ours} against {theirs} for retrieval alone, a change "
        f"of {points(difference)} percentage points over {difference.n} questions.",
        f"調整によって回答が悪くなりました。F1 は検索のみの {theirs} に対して {ours} で、"
        f"差は {difference.n} 問で {points(difference)} ポイントです。",
    )


def _reason_unsure(difference: Interval) -> Text:
    return Text(
        f"Tuning was not shown to help: the change in F1 is {points(difference)} percentage points "
        f"over {difference.n} questions, and that range includes zero. The "
        "simpler set-up is enough.",
        "調整の効果は確認できませんでした。"
        f"F1 の差は {difference.n} 問で {points(difference)} ポイントで、"
        "範囲に 0 が含まれています。より単純な構成で十分です。",
    )


def _build(
    comparison: Comparison, chosen: ArmScores, headline: Text, reason: Text
) -> Recommendation:
    warnings = (*_about_questions(chosen), *_about_arm(comparison, chosen))
    return Recommendation(chosen.arm, headline, reason, warnings)


def _about_questions(chosen: ArmScores) -> Iterator[Text]:
    if chosen.answerable < FEW_QUESTIONS:
        yield Text(
            f"Only {chosen.answerable} answerable questions were asked: differences of a few points"
            f" mean nothing. Ask {FEW_QUESTIONS} or more before a decision that is hard to undo.",
            f"答えのある質問は {chosen.answerable} 問だけです。数ポイントの差に意味はありません。"
            f"重要な判断の前に {FEW_QUESTIONS} 問以上で確かめてください。",
        )
    if chosen.unanswerable == 0:
        yield Text(
            "No unanswerable questions were asked: whether the bot says so when the documents "
            "don't say was not tested.",
            "答えのない質問が含まれていません。文書に書かれていないときに「わからない」と"
            "答えられるかは、確かめられていません。",
        )


def _about_arm(comparison: Comparison, chosen: ArmScores) -> Iterator[Text]:
    failed = sum(scores.failed for scores in comparison.arms)
    if failed:
        yield Text(
            f"{failed} answers could not be made because of errors; they count as wrong. The "
            "errors are listed below.",
            f"エラーのため {failed} 件の回答が得られず、誤答として数えました。"
            "エラーは下に載せています。",
        )
    retrieval = comparison.difference("rag", "base")
    if retrieval is not None and retrieval.low <= 0:
        yield Text(
            "Retrieval itself was not shown to beat the bare model here: look at the passages "
            "found for the questions below.",
            "検索の効果自体も確認できていません。下の質問で、どの文章が見つかったかを確かめてください。",
        )
    yield from _about_safety(comparison, chosen)


def _about_safety(comparison: Comparison, chosen: ArmScores) -> Iterator[Text]:
    rag = comparison.scores("rag")
    if chosen.arm != "tuned+rag" or rag is None:
        return
    if _rise(chosen.wrong_refusals, rag.wrong_refusals) > _NOTABLE:
        yield Text(
            "The tuned model refuses more questions that it should answer.",
            "調整済みモデルは、答えられるはずの質問を断ることが増えています。",
        )
    if _rise(rag.right_refusals, chosen.right_refusals) > _NOTABLE:
        yield Text(
            "The tuned model answers more questions that it should refuse.",
            "調整済みモデルは、断るべき質問に答えることが増えています。",
        )
    if _rise(chosen.invented, rag.invented) > _NOTABLE:
        yield Text(
            "The tuned model gives more numbers or codes that stand in no source.",
            "調整済みモデルは、どの出典にもない数値や型番を答えることが増えています。",
        )


def _find(scores: list[ArmScores], arm: Arm) -> ArmScores | None:
    return next((found for found in scores if found.arm == arm), None)


def _mean_f1(scores: ArmScores) -> float:
    return scores.f1.mean if scores.f1 else 0.0


def _rise(now: float | None, before: float | None) -> float:
    return now - before if now is not None and before is not None else 0.0
