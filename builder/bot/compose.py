"""From what the model said to what the bot says: cited and verified, quoted, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from builder.bot.quotes import Quote, Similarities, best_quote, supporting
from builder.bot.support import confidence, is_supported, term_support
from builder.prompt import split_marks
from builder.records import Answer, Passage
from builder.text.refusals import refusal
from connectors.language import detect


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides between answer and refusal."""

    min_support: float
    passages: int
    contact: str


def compose(
    draft: Answer,
    said: str | None,
    passages: Sequence[Passage],
    similar: Similarities,
    rules: Rules,
) -> Answer:
    """The final answer. `said` is the model's raw output, None where it was not asked."""
    language = detect(draft.question)
    if confidence(passages) < rules.min_support:
        return _refused(draft, said, passages, language, rules)
    text, numbers = split_marks(said) if said else ("", ())
    shown = list(passages[: rules.passages])
    source = _verified_by(text, numbers, shown, language)
    if source is not None:
        return replace(
            draft,
            answer=text,
            citations=(supporting(text, source.chunk).citation(),),
            verified=True,
            origin="model",
            model_answer=text,
        )
    quote = best_quote(draft.question, shown, similar)
    if quote is None:
        return _refused(draft, said, passages, language, rules)
    return _quoted(draft, text, quote)


def _verified_by(
    text: str, numbers: tuple[int, ...], shown: Sequence[Passage], language: str
) -> Passage | None:
    """The passage that holds everything the text says: the one that it names, else the one that
    holds most of it; None when there is none, or the text is in another language."""
    if not text or detect(text) not in (language, "und"):
        return None
    named = [shown[n - 1] for n in numbers if 0 < n <= len(shown)]
    others = sorted(shown, key=lambda p: -term_support(text, p.chunk))
    for passage in [*named, *others]:
        if is_supported(text, passage.chunk):
            return passage
    return None


def _quoted(draft: Answer, said: str, quote: Quote) -> Answer:
    return replace(
        draft,
        answer=quote.plain,
        citations=(quote.citation(),),
        verified=True,
        origin="quote",
        model_answer=said,
    )


def _refused(
    draft: Answer, said: str | None, passages: Sequence[Passage], language: str, rules: Rules
) -> Answer:
    near = list(dict.fromkeys(passage.chunk.title for passage in passages[:3]))
    lines = [refusal(language)]
    if near:
        names = "、".join(f"「{t}」" for t in near) if language == "ja" else ", ".join(near)
        lead = "近い資料: " if language == "ja" else "Nearest documents: "
        lines.append(lead + names)
    if rules.contact:
        lead = "お問い合わせ先: " if language == "ja" else "Please ask: "
        lines.append(lead + rules.contact)
    return replace(
        draft,
        answer="\n".join(lines),
        refused=True,
        verified=True,
        origin="refusal",
        model_answer=split_marks(said)[0] if said else "",
    )
