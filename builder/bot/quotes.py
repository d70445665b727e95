"""Verbatim pieces of passages: to show under an answer, and to answer with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.records import Chunk, Citation, Passage
from builder.text.clean import clean_block
from builder.text.sentences import sentence_spans
from builder.text.terms import content_terms, terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Similarities = Callable[[str, Sequence[str]], "NDArray[np.float32]"]
"""(question, texts) → cosine of each text to the question."""

LEADS_IN = (":", "：", "次のとおりとする。", "次のとおり。", "以下のとおりとする。", "次の各号")
MAX_LINES = 6
MAX_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim stretch of one passage, and the same as plain words."""

    chunk: Chunk
    verbatim: str
    plain: str

    def citation(self) -> Citation:
        """The citation that shows it."""
        return Citation(self.chunk.source, self.chunk.locator, self.verbatim)


def supporting(answer: str, chunk: Chunk) -> Quote:
    """The sentence of the passage that shares most of the answer's terms."""
    said = content_terms(answer) or set(terms(answer))
    spans = _units(chunk)
    best = max(spans, key=lambda span: _shared(said, chunk.text[span[0] : span[1]]))
    return _quote(chunk, [best])


def best_quote(
    question: str, passages: Sequence[Passage], similarities: Similarities
) -> Quote | None:
    """The stretch of the passages that most likely answers the question; None without passages.

    The embedder reads each sentence under its passage's last heading, so that `4 hours` under
    `Annual leave` is found by what it is about.
    """
    units = [(p.chunk, span) for p in passages for span in _units(p.chunk)]
    if not units:
        return None
    asked = content_terms(question)
    texts = [_in_context(chunk, span) for chunk, span in units]
    cosines = similarities(question, texts)
    scores = [
        float(cosine) + 0.15 * _share(asked, text)
        for cosine, text in zip(cosines, texts, strict=True)
    ]
    chunk, span = units[max(range(len(units)), key=scores.__getitem__)]
    return _quote(chunk, _with_list(chunk, span))


def _units(chunk: Chunk) -> list[tuple[int, int]]:
    """Spans of the passage's sentences; headings alone don't answer anything."""
    if chunk.kind == "product":
        return [(0, len(chunk.text))]
    spans = sentence_spans(chunk.text)
    body = [span for span in spans if _says_something(chunk, chunk.text[span[0] : span[1]])]
    return body or spans or [(0, len(chunk.text))]


def _says_something(chunk: Chunk, text: str) -> bool:
    plain = clean_block(text)
    return bool(plain) and plain not in chunk.headings and set(plain) - set("|-: ") != set()


def _with_list(chunk: Chunk, span: tuple[int, int]) -> list[tuple[int, int]]:
    """A sentence that leads in a list brings the list."""
    lead = clean_block(chunk.text[span[0] : span[1]])
    if not lead.endswith(LEADS_IN):
        return [span]
    later = [other for other in _units(chunk) if other[0] >= span[1]]
    out = [span]
    for other in later[:MAX_LINES]:
        if other[1] - span[0] > MAX_CHARACTERS:
            break
        out.append(other)
    return out


def _quote(chunk: Chunk, spans: list[tuple[int, int]]) -> Quote:
    verbatim = chunk.text[spans[0][0] : spans[-1][1]]
    if chunk.kind == "product":
        return Quote(chunk, verbatim, chunk.model_text)
    plain = [clean_block(chunk.text[start:end]) for start, end in spans]
    return Quote(chunk, verbatim, "\n".join(line for line in plain if line))


def _in_context(chunk: Chunk, span: tuple[int, int]) -> str:
    text = clean_block(chunk.text[span[0] : span[1]])
    return f"{chunk.headings[-1]}: {text}" if chunk.headings else text


def _shared(said: set[str], text: str) -> float:
    found = set(terms(clean_block(text)))
    return len(said & found) - 0.01 * len(found)


def _share(asked: set[str], text: str) -> float:
    return len(asked & set(terms(text))) / len(asked) if asked else 0.0
