"""What flows between the stages: frozen, typed, and the same on disk (JSONL) as in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from connectors.records import Product

Arm = Literal["base", "few-shot", "rag", "tuned", "tuned+rag"]
ARMS: tuple[Arm, ...] = ("base", "few-shot", "rag", "tuned", "tuned+rag")
Split = Literal["train", "validation", "test", "phrasing"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")
PHRASING: Split = "phrasing"
"""New wordings of facts that were trained: a second test, kept apart from facts never seen."""
ChunkKind = Literal["prose", "table", "product"]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one document, small enough to embed and to put into a prompt."""

    id: str
    """16 hex digits of SHA-256 over the document's id and the chunk's text: the same text keeps
    its id, and its vector, when the document is imported again."""
    document_id: str
    source: str
    title: str
    locator: str
    """Where in the source: `page 3 › Refunds`, `row 12`."""
    headings: tuple[str, ...]
    language: str
    kind: ChunkKind
    text: str
    """Verbatim: exactly what stands in the document's part."""
    model_text: str
    """The same, cleaned for the embedder and the language model: markup, repeated headers and
    mid-paragraph line breaks taken out."""
    spans: tuple[tuple[int, int, int], ...]
    """(part, start, end) in characters: `text` is these stretches joined with a line break."""
    tokens: int
    """Length of `model_text` in the embedder's tokens."""
    sku: str = ""
    """For `product` chunks, the product's SKU."""
    groups: tuple[str, ...] = ()
    """Groups that may read it; empty means everybody."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, with the conversation before it and the groups that the asker is in."""

    id: str
    text: str
    history: tuple[Message, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk and how well it matches: `score` is comparable within one retrieval,
    `similarity` (cosine, −1…1) and `overlap` (share of the question's terms, 0…1) across them."""

    chunk: Chunk
    """The chunk that was found."""
    score: float
    similarity: float
    overlap: float
    context: tuple[Chunk, ...] = ()
    """The chunk among its neighbours in the document, in reading order; empty where alone."""

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        """All chunks of the passage in reading order."""
        return self.context or (self.chunk,)

    @property
    def text(self) -> str:
        """Verbatim text of all its chunks."""
        return "\n".join(chunk.text for chunk in self.chunks)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A second passage that an answer rests on."""

    chunk_id: str
    quote: str
    """Verbatim piece of the passage's `model_text`."""


@dataclass(frozen=True, slots=True)
class QAPair:
    """A question and its answer, with the passage that supports it.

    `answerable` False: the documents do not say; then `answer` is the refusal and `quote` is empty.
    """

    id: str
    question: str
    answer: str
    """Without citation marks; the prompt renderer adds them."""
    quote: str
    """Verbatim piece of the passage's `model_text` that holds the answer."""
    chunk_id: str
    document_id: str
    source: str
    locator: str
    language: str
    kind: str
    """`number`, `condition`, `definition`, `procedure`, `list`, `table`, `contact`, `faq`,
    `rule`, `responsible`, `value`, `product`, `comparison`, `multi`, `section`, `correction`,
    `no-answer`."""
    generator: str
    """Which generator wrote it, as named in `[dataset] weights`."""
    fact: str
    """Identifies the fact asked for: all wordings of one fact share it."""
    answerable: bool = True
    split: Split = "train"
    groups: tuple[str, ...] = ()
    """Groups that may read its passage; empty means everybody."""
    history: tuple[Message, ...] = ()
    """The conversation before a follow-up question."""
    further: tuple[Evidence, ...] = ()
    """More passages that the answer needs."""
    augmentation: str = ""
    """What was done to a copy of a training pair's question: `synonym`, `misspelt`, `casual`,
    `plain`; empty for a pair as it was written."""
    reviewed: bool = False
    """Edited or approved by a person: the filters leave it alone."""


@dataclass(frozen=True, slots=True)
class RejectedPair:
    """A generated pair that a filter turned down."""

    pair: QAPair
    reason: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer comes from. `quote` is verbatim text of the source."""

    source: str
    locator: str
    quote: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot says to one question."""

    id: str
    question: str
    answer: str
    refused: bool
    citations: tuple[Citation, ...]
    verified: bool
    """True when every number, name and sentence was found in the cited passages."""
    arm: Arm
    seconds: float
    prompt_tokens: int
    completion_tokens: int
    origin: Literal["model", "quote", "product", "refusal", "talk", "own"] = "model"
    """Who worded it: the model; a verbatim quote, when the model's words could not be verified;
    the product table; a refusal; small talk; or the model out of its own knowledge."""
    model_answer: str = ""
    """The model's own words before verification; empty when the model was not asked."""
    passages: tuple[Passage, ...] = ()
    """What was retrieved for it, best first."""


@dataclass(frozen=True, slots=True)
class StageReport:
    """What one stage did: `taken` in = `made` out + the sum of `rejected` (by reason)."""

    stage: str
    taken: int
    made: int
    rejected: tuple[tuple[str, int], ...] = ()
    seconds: float = 0.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """A product and the chunk that holds its row."""

    chunk: Chunk
    product: Product


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with the answer that it should get, for evaluation."""

    question: Question
    answer: str
    """The full answer; for an unanswerable question, free text that is not compared."""
    accepted: tuple[str, ...]
    """Short strings, any one of which makes an answer right; empty when unanswerable."""
    sources: tuple[str, ...]
    """Sources that hold the answer; empty when unanswerable."""
    evidence: str
    """Verbatim piece of the source; may be empty."""
    answerable: bool
    kind: str
    language: str
