"""From what the model said to what the bot says: cited and verified, quoted, or refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from builder.bot.modality import same_rule
from builder.bot.pairing import same_facts
from builder.bot.parts import parts_of
from builder.bot.properties import asks_unstated
from builder.bot.quotes import Quote, quoted, supporting
from builder.bot.ranking import Candidate, Similarities, names_product, ranked_units
from builder.bot.reader import Reader
from builder.bot.refusal import USUAL_SCALE, Scale, confidence, evidence, swayed
from builder.bot.sites import Site, about_sites
from builder.bot.support import (
    is_borne_out,
    is_supported,
    names_unknown,
    rests_on,
    says_something,
    term_support,
)
from builder.bot.units import Unit
from builder.bot.verbatim import citations_of
from builder.bot.wording import Wording, refused_in_words
from builder.prompt import split_marks
from builder.records import Answer, Passage
from builder.text.injections import is_instruction, visible
from builder.text.sentences import sentences
from connectors.language import detect

NAMED_SUPPORT = 0.1
"""Share of the threshold that is enough where the question names a product that was found."""
WHOLE = 0.5
"""Of the whole question's score beside that of one of its parts, which alone says too little of
what it is about (`And what is their number?`)."""
TIE = 0.01
"""Two units that lie no farther (in score) from each other are both quoted; the model's words have
to rest on one of those."""


@dataclass(frozen=True, slots=True)
class Found:
    """What retrieval gave for one question."""

    ranked: tuple[Passage, ...]
    """Single chunks, best first: the model is shown the first ones, numbered from 1."""
    passages: tuple[Passage, ...]
    """The same with their surroundings: what is quoted, cited and shown to people."""
    asked: str = ""
    """The question made whole where it is a follow-up; empty where it is whole."""
    sites: tuple[Site, ...] = ()
    """The sites that it names, whose passages alone may answer it."""

    def shown(self, count: int) -> list[Passage]:
        """The first passages, of which those about another site than the named one are left out."""
        return about_sites(self.passages[:count], self.sites)


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides between answer and refusal."""

    min_support: float
    passages: int
    wording: Wording = field(default_factory=Wording)
    judge: Callable[[str, str], bool] | None = None
    """(passage, sentence) → whether the one follows from the other, by a model for that."""
    scale: Scale = USUAL_SCALE
    reader: Reader | None = None
    """A model that says beforehand whether the passages answer."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the passages found for a question are worth: known before a model says anything."""

    question: str
    found: Found
    ranked: Sequence[Candidate]
    """The units that may answer, best first."""
    refused: bool
    """Whether they bear too little for any answer."""


def weigh(question: str, found: Found, similar: Similarities, rules: Rules) -> Weighed:
    """Rank what may answer, and decide whether to answer at all."""
    shown = found.shown(rules.passages)
    ranked, sure = _ranked(question, found, shown, similar, rules)
    least = NAMED_SUPPORT if names_product(shown) else 1.0
    whole = found.asked or question
    unknown = names_unknown(whole, [c for p in shown for c in p.chunks])
    unknown = unknown or asks_unstated(whole, shown)
    if rules.reader and ranked and not unknown:
        sure = swayed(sure, rules.reader(whole, shown))
    refused = unknown or not ranked or sure < least * rules.min_support
    return Weighed(question, found, ranked, refused)


def holds(said: str, weighed: Weighed, rules: Rules) -> bool:
    """Whether each sentence of what the model has said so far is borne out by the passages."""
    return not weighed.refused and bool(_verified(said, weighed, rules)[1])


def compose(
    draft: Answer, said: str | None, weighed: Weighed, similar: Similarities, rules: Rules
) -> Answer:
    """The final answer. `said` is the model's raw output, None where it was not asked."""
    shown = weighed.found.passages[: rules.passages]
    if weighed.refused:
        return _refused(draft, said, shown, rules)
    text, behind = _verified(said or "", weighed, rules)
    if behind:
        cited = [one for unit in behind for one in citations_of(unit.chunk, unit.start, unit.end)]
        return replace(
            draft,
            answer=text,
            citations=tuple(dict.fromkeys(cited)),
            verified=True,
            origin="model",
            model_answer=text,
        )
    of_sites = weighed.found.shown(rules.passages)
    quotes = _quotes(draft.question, of_sites, weighed.ranked, similar, rules)
    return replace(
        draft,
        answer="\n".join(dict.fromkeys(visible(quote.plain) for quote in quotes)),
        citations=tuple(dict.fromkeys(one for quote in quotes for one in quote.citations())),
        verified=True,
        origin="quote",
        model_answer=text,
    )


def _verified(said: str, weighed: Weighed, rules: Rules) -> tuple[str, list[Unit]]:
    """The model's words, and the units they rest on; no units where they can't be given out."""
    text, numbers = split_marks(visible(said)) if said else ("", ())
    seen = weighed.found.ranked[: rules.passages]
    behind = _support_of(text, numbers, seen, weighed.ranked, weighed.question)
    return text, behind if behind and _is_judged_true(text, behind, rules) else []


def _ranked(
    question: str, found: Found, shown: Sequence[Passage], similar: Similarities, rules: Rules
) -> tuple[list[Candidate], float]:
    """The passages' units, best first, and how sure (0…1) they answer. A follow-up counts as it was
    asked, where that is answered, else made whole: with the words carried over, the answer to the
    earlier question would come again."""
    best: tuple[list[Candidate], float] = ([], 0.0)
    for asked in dict.fromkeys((question, found.asked or question)):
        ranked = ranked_units(asked, shown, similar, found.asked)
        sure = confidence(evidence(shown, ranked), rules.scale) if ranked else 0.0
        if not best[0] or sure > best[1]:
            best = ranked, sure
        if sure >= rules.min_support:
            break
    return best


def _quotes(
    question: str,
    shown: Sequence[Passage],
    ranked: Sequence[Candidate],
    similar: Similarities,
    rules: Rules,
) -> list[Quote]:
    """The best unit's words, with the next one's where they are as good; for a question of several
    parts the best unit's of each."""
    whole = rules.wording.length == "full"
    parts = parts_of(question)
    if len(parts) == 1:
        near = [one for one in ranked[: 2 if whole else 1] if one.score >= ranked[0].score - TIE]
        return [quoted(question, one.unit, whole=whole) for one in near]
    scores = {one.unit: one.score for one in ranked}
    quotes = []
    for part in parts:
        found = ranked_units(part, shown, similar)
        if found:
            best = max(found, key=lambda one: one.score + WHOLE * scores.get(one.unit, 0.0))
            quotes.append(quoted(part, best.unit, whole=whole))
    return quotes or [quoted(question, ranked[0].unit, whole=whole)]


def _support_of(
    text: str,
    numbers: tuple[int, ...],
    shown: Sequence[Passage],
    ranked: Sequence[Candidate],
    question: str,
) -> list[Unit]:
    """The units that the text's sentences rest on; none where the text can't be given out: it is in
    another language, tells nothing, speaks to a model, holds what no passage holds, or rests on a
    unit that answers the question clearly worse than another does."""
    if not text or detect(text) not in (detect(question), "und") or is_instruction(text):
        return []
    if not says_something(text, question):
        return []
    named = [shown[n - 1] for n in numbers if 0 < n <= len(shown)]
    others = sorted(shown, key=lambda p: -term_support(text, p.chunk))
    for passage in [*named, *others]:
        units = [one.unit for one in ranked if one.unit.chunk.id == passage.chunk.id]
        if units and is_supported(text, passage.chunk, question) and rests_on(text, units):
            score = supporting(text, passage.chunk, ranked).score
            found = {
                sentence: supporting(sentence, passage.chunk, ranked).unit
                for sentence in sentences(text)
            }
            agree = all(
                same_rule(said, unit.plain) and same_facts(said, unit.plain, question)
                for said, unit in found.items()
            )
            near = score >= ranked[0].score - TIE
            rests = list(dict.fromkeys(found.values()))
            borne = is_borne_out(text, rests, [p.chunk for p in shown], question)
            return rests if agree and near and borne else []
    return []


def _is_judged_true(text: str, units: Sequence[Unit], rules: Rules) -> bool:
    if rules.judge is None:
        return True
    premise = "\n".join(unit.in_context for unit in units)
    return all(rules.judge(premise, sentence) for sentence in sentences(text))


def _refused(draft: Answer, said: str | None, passages: Sequence[Passage], rules: Rules) -> Answer:
    titles = [passage.chunk.title for passage in passages]
    return replace(
        draft,
        answer=refused_in_words(detect(draft.question), titles, rules.wording),
        refused=True,
        verified=True,
        origin="refusal",
        model_answer=split_marks(said)[0] if said else "",
    )
