"""From what the model said to what the bot says: cited and verified, quoted, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from builder.bot.quotes import (
    Similarities,
    names_product,
    quoted,
    ranked_units,
    supporting,
)
from builder.bot.support import (
    confidence,
    is_supported,
    names_unknown,
    rests_on,
    says_something,
    term_support,
)
from builder.bot.units import Unit
from builder.prompt import split_marks
from builder.records import Answer, Citation, Passage
from builder.text.refusals import refusal
from connectors.language import detect

NAMED_SUPPORT = 0.1
"""Share of the threshold that is enough where the question names a product that was found."""
MAX_BEHIND = 0.03
"""How far (in score: cosine and terms) the model's unit may lie behind the best one."""


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
    shown = list(passages[: rules.passages])
    ranked = ranked_units(draft.question, shown, similar)
    least = NAMED_SUPPORT if names_product(shown) else 1.0
    unknown = names_unknown(draft.question, [passage.chunk for passage in shown])
    if unknown or not ranked or confidence(passages, ranked[0][0]) < least * rules.min_support:
        return _refused(draft, said, passages, rules)
    text, numbers = split_marks(said) if said else ("", ())
    support = _support_of(text, numbers, shown, ranked, draft.question)
    if support is not None:
        return replace(
            draft,
            answer=text,
            citations=(Citation(support.chunk.source, support.chunk.locator, support.verbatim),),
            verified=True,
            origin="model",
            model_answer=text,
        )
    quote = quoted(draft.question, ranked[0][1])
    return replace(
        draft,
        answer=quote.plain,
        citations=(quote.citation(),),
        verified=True,
        origin="quote",
        model_answer=text,
    )


def _support_of(
    text: str,
    numbers: tuple[int, ...],
    shown: Sequence[Passage],
    ranked: Sequence[tuple[float, Unit]],
    question: str,
) -> Unit | None:
    """The unit that the text rests on, or None where the text can't be given out: it is in another
    language, tells nothing, holds what no passage holds, or rests on a unit that answers the
    question clearly worse than another does."""
    if not text or detect(text) not in (detect(question), "und"):
        return None
    if not says_something(text, question):
        return None
    named = [shown[n - 1] for n in numbers if 0 < n <= len(shown)]
    others = sorted(shown, key=lambda p: -term_support(text, p.chunk))
    for passage in [*named, *others]:
        units = [unit for _, unit in ranked if unit.chunk.id == passage.chunk.id]
        if units and is_supported(text, passage.chunk, question) and rests_on(text, units):
            score, unit = supporting(text, passage.chunk, ranked)
            return unit if score >= ranked[0][0] - MAX_BEHIND else None
    return None


def _refused(draft: Answer, said: str | None, passages: Sequence[Passage], rules: Rules) -> Answer:
    language = detect(draft.question)
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
