"""What to be careful about in a comparison: warnings in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from builder.evaluation.records import ArmScores, Comparison, Text

FEW_QUESTIONS = 50
"""Below this many answerable questions an interval is too wide, and too uncertain, to lean on."""
_NOTABLE = 0.1
"""A change of a share that is worth a warning."""


def cautions(comparison: Comparison, chosen: ArmScores) -> Iterator[Text]:
    """What the figures for the chosen arm don't show, or show on the side."""
    yield from _about_questions(chosen)
    yield from _about_arm(comparison, chosen)


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


def _rise(now: float | None, before: float | None) -> float:
    return now - before if now is not None and before is not None else 0.0
