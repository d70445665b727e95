"""Questions that the documents do not answer: near misses, with the refusal as their answer."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path

from builder.dataset.generators.catalog import in_its_language
from builder.dataset.templates import fill_template, load_wordings, template_fields
from builder.dataset.topics import topic
from builder.errors import ConfigError
from builder.records import CatalogEntry, Chunk, QAPair
from builder.text.refusals import refusal
from builder.text.terms import normalize

_FILE = Path(__file__).parents[1] / "wordings" / "no_answer.toml"


@dataclass(frozen=True, slots=True)
class _Template:
    language: str
    question: str
    absent: tuple[str, ...]


def no_answer_pairs(
    chunks: Sequence[Chunk], catalog: Sequence[CatalogEntry], count: int, seed: int
) -> Iterator[QAPair]:
    """Up to `count` unanswerable questions, a mix of missing attributes, products and topics."""
    groups = [list(_missing(catalog)), *_from_bank(chunks, catalog)]
    for group in groups:
        group.sort(key=lambda pair: hashlib.sha256(f"{seed}{pair.question}".encode()).digest())
    # In turns, so that no single template makes up most of them.
    turns = (pair for turn in zip_longest(*groups) for pair in turn if pair is not None)
    asked: set[str] = set()
    for pair in turns:
        if len(asked) >= count:
            return
        if pair.question not in asked:
            asked.add(pair.question)
            yield pair


def _missing(catalog: Sequence[CatalogEntry]) -> Iterator[QAPair]:
    """An attribute that the catalogue has a column for, of a product whose cell is empty."""
    for listed in catalog:
        entry = in_its_language(listed)
        chunk = entry.chunk
        if chunk.language not in ("en", "ja"):
            continue
        for name in entry.product.missing:
            label = name.replace("_", " ").lower() if chunk.language == "en" else name
            slots = {"name": entry.product.name, "attribute": label}
            wordings = load_wordings(chunk.language)
            questions = wordings.questions("product.attribute", slots, chunk.id + name, 1)
            yield _pair(chunk, questions[0])


def _from_bank(chunks: Sequence[Chunk], catalog: Sequence[CatalogEntry]) -> Iterator[list[QAPair]]:
    """The questions of each template that nothing in the documents speaks of."""
    everything = "\n".join(normalize(chunk.model_text) for chunk in chunks)
    for template in _bank():
        if any(normalize(word) in everything for word in template.absent):
            continue
        fields = template_fields(template.question)
        if "name" in fields:
            entries = [in_its_language(entry) for entry in catalog]
            yield [
                _filled(template, entry.chunk, {"name": entry.product.name})
                for entry in entries
                if entry.chunk.language == template.language
            ]
        else:
            yield list(_about_chunks(template, chunks, with_topic="topic" in fields))


def _about_chunks(
    template: _Template, chunks: Sequence[Chunk], *, with_topic: bool
) -> Iterator[QAPair]:
    fitting = [c for c in chunks if c.language == template.language and c.kind != "product"]
    if with_topic:
        for chunk in fitting:
            if about := topic(chunk):
                yield _filled(template, chunk, {"topic": about})
    elif fitting:
        at = int.from_bytes(hashlib.sha256(template.question.encode()).digest()[:4], "big")
        yield _filled(template, fitting[at % len(fitting)], {})


def _filled(template: _Template, chunk: Chunk, slots: dict[str, str]) -> QAPair:
    return _pair(chunk, fill_template(template.question, slots, str(_FILE)))


def _pair(chunk: Chunk, question: str) -> QAPair:
    fact = hashlib.sha256(f"{chunk.id}\x1fno-answer\x1f{question}".encode()).hexdigest()[:16]
    return QAPair(
        id=hashlib.sha256(f"{fact}{question}".encode()).hexdigest()[:16],
        question=question,
        answer=refusal(chunk.language),
        quote="",
        chunk_id=chunk.id,
        document_id=chunk.document_id,
        source=chunk.source,
        locator=chunk.locator,
        language=chunk.language,
        kind="no-answer",
        generator="no_answer",
        fact=fact,
        answerable=False,
    )


@cache
def _bank() -> tuple[_Template, ...]:
    found = []
    for language, entries in tomllib.loads(_FILE.read_text(encoding="utf-8")).items():
        for entry in entries:
            unknown = template_fields(entry.get("question", "")) - {"topic", "name"}
            if set(entry) != {"question", "absent"} or unknown or not entry["absent"]:
                raise ConfigError(
                    f"the entry `{entry.get('question', entry)}` is not a `question` (variables: "
                    "topic, name) with the words that must be `absent`.",
                    str(_FILE),
                    "Correct the entry.",
                )
            found.append(_Template(language, entry["question"], tuple(entry["absent"])))
    return tuple(found)
