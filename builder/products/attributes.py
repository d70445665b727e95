"""Which properties a question names: in the words of people, or by the catalogue's headings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from builder.products.catalogue import Catalogue
from builder.products.fillers import only_fillers
from builder.products.plain import CJK, Remaining, compiled, plain, words_of
from builder.products.records import Topic
from builder.products.vocabulary import CONCEPTS, Concept
from connectors.language import detect

Found = tuple[int, Topic]
"""Where in the question, and what."""

_SHORTEST = 2  # characters of a heading that can be asked for
_CONCEPT = {concept.key: concept for concept in CONCEPTS}
_WHOLE = frozenset(("name", "description"))  # who asks for them means the product as a whole


def take_topics(remaining: Remaining, catalogue: Catalogue) -> list[Found]:
    """The topics that the words name, headings first: they are the more exact."""
    found = list(_by_heading(remaining, catalogue))
    for concept in CONCEPTS:
        topic = catalogue.concepts.get(concept.key)
        if topic:
            found += [(match.start(), topic) for match in remaining.take(_asked(concept))]
    return sorted(found, key=lambda one: one[0])


def take_vague(remaining: Remaining, catalogue: Catalogue) -> list[Found]:
    """The topic of words such as `how much`, which mean one only where no other is named."""
    for concept in CONCEPTS:
        topic = catalogue.concepts.get(concept.key)
        if topic and concept.vague:
            taken = remaining.take(compiled(concept.vague))
            if taken:
                return [(taken[0].start(), topic)]
    return []


def asked_concepts(question: str, products: str) -> list[Concept]:
    """The properties that the question asks for, whether or not a catalogue states them. Words of
    the products' names ask for nothing."""
    remaining = Remaining(question)
    named, names = [c for c in CONCEPTS if c.key not in _WHOLE], plain(products)
    found = [c for c in named if any(m[0] not in names for m in remaining.take(_asked(c)))]
    return found or [c for c in named if c.vague and remaining.take(compiled(c.vague))][:1]


def column_names(question: str, products: str) -> list[str]:
    """What catalogues call the properties that the question asks for, in its language: `how heavy`
    is about the `weight`."""
    found = asked_concepts(question, products)
    keys = dict.fromkeys(key for c in found for key in (c.key, c.part_of) if key)
    is_japanese = detect(question) == "ja"
    return [_CONCEPT[key].japanese if is_japanese else _CONCEPT[key].english for key in keys]


@cache
def _asked(concept: Concept) -> re.Pattern[str]:
    return compiled(concept.asked)


def _by_heading(remaining: Remaining, catalogue: Catalogue) -> Iterable[Found]:
    for label, topic in _headings(catalogue):
        for match in remaining.take(_heading_pattern(label)):
            yield match.start(), topic


def _headings(catalogue: Catalogue) -> list[tuple[str, Topic]]:
    """Every spelling of a heading that means one topic, the longest first."""
    found: dict[str, list[Topic]] = {}
    for topic in catalogue.topics:
        if topic.key.startswith("="):
            for label in _spellings(topic):
                found.setdefault(label, []).append(topic)
    single = [(label, topics[0]) for label, topics in found.items() if len(topics) == 1]
    long = [(label, topic) for label, topic in single if len(label) >= _SHORTEST or label > "一"]
    return sorted(long, key=lambda one: -len(one[0]))


def _spellings(topic: Topic) -> set[str]:
    texts = {topic.english, topic.japanese}
    spelled = {plain(text) for text in texts} | {_bare(text) for text in texts}
    return {label for label in spelled if not only_fillers(label)}


def _bare(label: str) -> str:
    """A heading without its parentheses, as it is compared."""
    return plain(re.sub(r"[\(（\[].*?[\)）\]]", "", label))


@cache
def _heading_pattern(label: str) -> re.Pattern[str]:
    """Spaces and hyphens between its letters don't count; Latin words stand whole."""
    spelled = r"[\s\-_|・]*".join(re.escape(char) for char in label if char not in " -_|・")
    if len(label) == 1:
        return re.compile(f"(?<![一-鿿]){label}(?![一-鿿])")
    before = r"(?<![a-z0-9])" if label[0].isascii() else ""
    after = r"(?:e?s)?(?![a-z0-9])" if label[-1].isascii() else ""
    return re.compile(before + spelled + after)


def by_part(piece: str, catalogue: Catalogue) -> Topic | None:
    """The topic of a piece that is the beginning of one heading only, or of the shortest of them
    (`食物繊維` of `食物繊維総量`)."""
    wanted = piece.strip()
    if len(wanted) < _SHORTEST + 1 or not re.fullmatch(f"[{CJK}]+", wanted):
        return None
    starting = [t for t in catalogue.topics if _bare(t.japanese).startswith(wanted)]
    return starting[0] if len(starting) == 1 else None


def vocabulary(catalogue: Catalogue) -> set[str]:
    """Words of the headings and of the concepts, for mending typing errors."""
    texts = [topic.english for topic in catalogue.topics]
    texts += [concept.english for concept in CONCEPTS if concept.key in catalogue.concepts]
    texts += ["how much", "weigh", "heavy", "available", "stock", "capacity", "colour", "color"]
    return {word for text in texts for word in plain(text).split() if words_of(word)}
