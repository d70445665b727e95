"""Definitions: glossary entries, `X is a …`, `Xとは、…をいう`, `X（以下「Y」という。）`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.dataset.drafts import Draft
from builder.dataset.english import (
    is_noun_phrase,
    is_plural,
    lower_noun,
    self_contained,
    without_lead,
)
from builder.dataset.japanese import polite, stands_alone
from builder.dataset.sizes import fits
from builder.dataset.statements import Statement, clean, entries, statements
from builder.records import Chunk
from builder.text.sentences import sentences

_GLOSSARY = re.compile(r"glossar|definition|\bterms\b|abbreviation|acronym|用語|定義|略語", re.I)
_ENTRY = re.compile(
    r"^(?P<term>[^:：。]{1,48}?)(?:\s*[:：]\s*|\s+[-–—]\s+|\s*・・・\s*|\s*…+\s*|\s+means\s+)"
    r"(?P<meaning>\S.+)$"
)
_IS_A = re.compile(
    r"^(?![^,;:()]* [-–—] )(?P<term>[^,;:()]+?(?: \([^()]+\))?)"
    r" (?:is|are|means|refers to|stands for) "
    r"(?P<meaning>(?:an?|the|our|any|when|how|one of) (?!important|good|great|best|easiest|only"
    r"|right|big|key|way|perfect|main).+)$"
)
_NO_MEANING = re.compile(r"\b(?:previously|formerly|called)\b|^(?:a lot|the (?:most|\w+est))\b")
_TOWA = re.compile(
    r"^(?P<term>[^、。]{2,30}?)とは、?(?P<meaning>.+?(?:をいう|のこと(?:である|です|をいう)"
    r"|である|です)。?)$"
)
_NOT_TERMS = re.compile(
    r"^(?:note|notes|decision|example|question|answer|important|update|date|place|e\.g|for|if|when|"
    r"the (?:goal|purpose|reason|best|easiest|following|only|first|last|next|process|answer|rest|"
    r"most|idea|default|result|main|same|number|following)|there|what|how|all|a good|an? \w+ way|"
    r"warning|tip|tips|step \d|agenda|sometimes|often|another|here|one|each|every|"
    r"注|例|※|備考|決定)\b",
    re.IGNORECASE,
)


def find_definitions(chunk: Chunk) -> Iterator[Draft]:
    """What a term means."""
    yield from _entries(chunk)
    for statement in statements(chunk):
        made = _is_a(statement) if chunk.language == "en" else _towa(statement)
        if made:
            yield made


def in_glossary(chunk: Chunk) -> bool:
    """Whether the chunk's list entries are terms with their meanings."""
    return bool(_GLOSSARY.search(" ".join((chunk.title, *chunk.headings))))


def _entries(chunk: Chunk) -> Iterator[Draft]:
    if not in_glossary(chunk):
        return
    for item in entries(chunk):
        match = _ENTRY.match(clean(item.text))
        if match and not _NOT_TERMS.match(match["term"]) and len(match["meaning"]) > 3:
            yield _entry(chunk, match["term"].strip(), match["meaning"], item.text)


def _entry(chunk: Chunk, term: str, meaning: str, quote: str) -> Draft:
    answer = _shortened(meaning, chunk.language)
    bare = re.sub(r"\s*[(（][^()（）]*[)）]$", "", term)
    if chunk.language == "en":
        answer = f"{bare}: {answer[0].lower() + answer[1:] if _lowers(answer) else answer}"
        return Draft("definition", "definition", answer, quote, {"term": bare})
    return Draft("definition", "definition", polite(answer), quote, {"term": bare})


def _lowers(text: str) -> bool:
    return text.split(" ", 1)[0] in ("A", "An", "The", "Any", "Our", "When")


def _shortened(meaning: str, language: str) -> str:
    """The first sentences of a meaning that fit into an answer."""
    taken = ""
    for sentence in sentences(meaning):
        joined = f"{taken} {sentence}".strip() if language == "en" else taken + sentence
        if taken and not fits(joined, language):
            break
        taken = joined
    return taken or meaning


def _is_a(statement: Statement) -> Draft | None:
    sentence = without_lead(statement.text)
    match = _IS_A.match(sentence)
    if not match or not fits(sentence, "en") or _NOT_TERMS.match(sentence) or sentence[-1] == ":":
        return None
    term = match["term"]
    bare = re.sub(r"\s*\([^()]*\)", "", term)
    if not is_noun_phrase(bare, 5) or not self_contained(term) or len(match["meaning"].split()) < 4:
        return None
    if _NO_MEANING.search(match["meaning"]) or re.match(r"\w+ing\b", term):
        return None
    plural = is_plural(term) and " are " in sentence
    if term.split()[0].lower() in ("the", "your", "our", "my", "all", "every", "any", "you"):
        return None
    family = "definition.plural" if plural else "definition"
    return Draft(
        "definition", family, sentence, statement.quote, {"term": lower_noun(term, statement.body)}
    )


def _towa(statement: Statement) -> Draft | None:
    match = _TOWA.match(statement.text)
    if not match or not fits(statement.text, "ja") or not stands_alone(match["term"]):
        return None
    return Draft(
        "definition", "definition", polite(statement.text), statement.quote, {"term": match["term"]}
    )
