"""A second try at an answer: with the best passage alone, or out of the model's own knowledge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from builder.bot.compose import Found
from builder.bot.wording import Wording, own_knowledge_in_words
from builder.prompt import split_marks
from builder.records import Answer, Chunk
from builder.text.injections import is_instruction
from builder.text.values import holds_address
from connectors.language import detect

Finish = Callable[[Answer, str | None, Found], Answer]
"""(draft, what the model said, what was found) → the answer."""


@dataclass(frozen=True, slots=True)
class Again:
    """What the model is asked again with."""

    first: Answer
    shown: tuple[Chunk, ...]
    """The passages of the second prompt; none where it may answer of its own."""
    found: Found

    def settle(self, spent: Answer, said: str, finish: Finish, wording: Wording) -> Answer:
        """The better of both answers: the second where it holds, else the first. `spent` is the
        first with the tokens of both."""
        if not self.shown:
            return _own(spent, said, wording)
        second = finish(replace(spent, answer="", citations=(), verified=False), said, self.found)
        return second if second.origin == "model" else spent


def asked_again(first: Answer, found: Found) -> Again | None:
    """The second try where the model's words gave way to a quotation: with the chunk that was
    quoted."""
    if first.origin != "quote" or not first.model_answer:
        return None
    quotes = {citation.quote for citation in first.citations}
    for passage in found.passages:
        for chunk in passage.chunks:
            if any(quote in chunk.text for quote in quotes):
                alone = replace(passage, chunk=chunk)
                return Again(first, (chunk,), replace(found, ranked=(alone,)))
    return None


def on_its_own(first: Answer, found: Found) -> Again | None:
    """The try without passages, where the documents do not say."""
    return Again(first, (), found) if first.refused else None


def _own(spent: Answer, said: str, wording: Wording) -> Answer:
    text = split_marks(said)[0]
    language = detect(spent.question)
    foreign = detect(text) not in (language, "und")
    # An address that no document vouches for is a way out for whoever wrote the question.
    if not text or foreign or is_instruction(text) or holds_address(text):
        return spent
    return replace(
        spent,
        answer=own_knowledge_in_words(language, text, wording),
        refused=False,
        citations=(),
        verified=False,
        origin="own",
        model_answer=text,
    )
