"""Whether a question asks for a measure of a product of which nothing found says any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from builder.bot.ranking import NAMED_PRODUCT, names_product
from builder.products.attributes import asked_concepts
from builder.products.plain import plain
from builder.products.vocabulary import Concept
from builder.records import Chunk, Passage
from builder.text.ranges import quantities


def asks_unstated(question: str, passages: Sequence[Passage]) -> bool:
    """Whether the question names a product and asks for measures (its noise, its voltage) that
    neither its row nor a passage that names it states: those of another product are no answer."""
    if not names_product(passages):
        return False
    chunks = [chunk for passage in passages for chunk in passage.chunks]
    named = [p.chunk for p in passages if p.chunk.kind == "product" and p.score >= NAMED_PRODUCT]
    names = {name for chunk in named for name in _names(chunk)}
    about = [chunk.text for chunk in chunks if any(name in plain(chunk.text) for name in names)]
    texts = [chunk.text for chunk in named] + about
    asked = asked_concepts(question, " ".join(chunk.title for chunk in named))
    return bool(asked) and not any(
        not concept.unit or _states(text, concept) for concept in asked for text in texts
    )


def _names(chunk: Chunk) -> Iterator[str]:
    for name in (chunk.sku, *chunk.headings[-1:]):
        if name:
            yield plain(name)


def _states(text: str, concept: Concept) -> bool:
    """Whether the text names the measure or has a number in its unit."""
    words = plain(text.replace("\n", " "))
    labels = [plain(label.replace("_", " ")) for label in concept.labels.split()]
    return any(label in words for label in labels) or any(
        quantity.unit == concept.unit for quantity in quantities(text)
    )
