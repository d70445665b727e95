"""Chunks and pairs without personal data, as bot.toml wants them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from builder.config import BotSection, PrivacySection
from builder.privacy.find import Finder, KnownNames
from builder.privacy.finding import SEVERE
from builder.privacy.mask import LABELS, Placeholders, mask
from builder.records import CatalogEntry, Chunk, QAPair
from connectors.records import Document, Product

WORDS = {
    "email": "e-mail addresses",
    "phone": "telephone numbers",
    "name": "names",
    "address": "postal addresses",
    "birth-date": "birth dates",
    "bank-account": "bank accounts",
    "card": "payment cards",
    "my-number": "My Numbers",
    "ssn": "social security numbers",
    "passport": "passports",
    "licence": "driving licences",
}
_PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(LABELS.values())})-\d+\]")


def finder_of(settings: PrivacySection, bot: BotSection) -> Finder:
    """Finds what is personal; the bot's own contact is not."""
    contact = [finding.value for finding in Finder().find(bot.contact)]
    return Finder((*settings.keep, *contact))


def counts_of(finder: Finder, chunk: Chunk) -> Counter[str]:
    """How many findings of each kind there are in a chunk's text."""
    return Counter(finding.kind for finding in finder.find(chunk.model_text))


def is_severe(counts: Mapping[str, int]) -> bool:
    """Whether there is a number among them with which somebody can be robbed."""
    return bool(SEVERE & counts.keys())


def summary(counts: Mapping[str, int], done: str) -> str:
    """`personal data: e-mail addresses 12, names 4 (masked in training data)`; empty for none."""
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    named = ", ".join(f"{WORDS[kind]} {count}" for kind, count in ordered if count)
    return f"personal data: {named} ({done})" if named else ""


class Shield:
    """Masks the chunks of one bot, all by the same placeholders; knows these while it lives."""

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self.counts: Counter[str] = Counter()
        self._known = KnownNames()
        self._placeholders = Placeholders()
        self._surfaces: dict[str, dict[str, str]] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Remember the full names in the texts, to find them again where they stand bare."""
        for text in texts:
            for finding in self.finder.find(text):
                self._known.add(finding, text)

    def chunk(self, chunk: Chunk) -> Chunk:
        """The chunk with placeholders, in title, headings and locator, too."""
        seen: dict[str, str] = {}
        model_text = self._mask(chunk.model_text, seen, self.counts)
        same = chunk.text == chunk.model_text
        masked = replace(
            chunk,
            title=self._mask(chunk.title, seen),
            headings=tuple(self._mask(heading, seen) for heading in chunk.headings),
            locator=self._mask(chunk.locator, seen),
            text=model_text if same else self._mask(chunk.text, seen),
            model_text=model_text,
        )
        if seen:
            self._surfaces[chunk.id] = seen
        return masked

    def product(self, product: Product, chunk_id: str) -> Product:
        """A product's values masked as its chunk is; its name and SKU stay."""

        def hidden(text: str) -> str:
            return self.hide(text, chunk_id)

        if chunk_id not in self._surfaces:
            return product
        return replace(
            product,
            description=hidden(product.description),
            availability=hidden(product.availability),
            cells=tuple((column, hidden(value)) for column, value in product.cells),
            attributes=tuple(replace(a, text=hidden(a.text)) for a in product.attributes),
        )

    def hide(self, text: str, chunk_id: str) -> str:
        """A text that was made from a chunk, masked by what was found in the chunk and in it."""
        for surface, placeholder in self._longest_first(chunk_id):
            text = text.replace(surface, placeholder)
        return self._mask(text, {})

    def reveal(self, text: str, chunk_id: str) -> str:
        """The other way: the words of the chunk in the place of its placeholders."""
        for surface, placeholder in self._longest_first(chunk_id):
            text = text.replace(placeholder, surface)
        return text

    def _longest_first(self, chunk_id: str) -> list[tuple[str, str]]:
        seen = self._surfaces.get(chunk_id, {})
        return sorted(seen.items(), key=lambda item: -len(item[0]))

    def _mask(self, text: str, seen: dict[str, str], counts: Counter[str] | None = None) -> str:
        findings = self.finder.find(text, self._known) if text else []
        for finding in findings:
            placeholder = self._placeholders.name(finding)
            seen.setdefault(text[finding.start : finding.end], placeholder)
            if counts is not None:
                counts[finding.kind] += 1
        return mask(text, findings, self._placeholders.name) if findings else text


@dataclass(frozen=True, slots=True)
class Protected:
    """The chunks that may be learned from, in the form in which they may be."""

    chunks: tuple[Chunk, ...]
    counts: Counter[str]
    dropped: int
    """Chunks left out for what is in them."""
    shield: Shield | None = None
    """Set where something is masked."""

    def entries(self, entries: Sequence[CatalogEntry]) -> list[CatalogEntry]:
        """The products of these chunks, masked as they are."""
        kept = {chunk.id: chunk for chunk in self.chunks}
        return [
            CatalogEntry(
                kept[entry.chunk.id],
                self.shield.product(entry.product, entry.chunk.id)
                if self.shield
                else entry.product,
            )
            for entry in entries
            if entry.chunk.id in kept
        ]

    def pair(self, pair: QAPair) -> QAPair:
        """A pair without what is personal in its chunk: also one that a person wrote, or that was
        made under other settings."""
        if self.shield is None:
            return pair
        return replace(
            pair,
            question=self.shield.hide(pair.question, pair.chunk_id),
            answer=self.shield.hide(pair.answer, pair.chunk_id),
            quote=self.shield.hide(pair.quote, pair.chunk_id),
        )

    def original(self, pair: QAPair) -> QAPair:
        """The pair in the document's words, to compare with what retrieval finds there."""
        if self.shield is None or not is_masked(pair):
            return pair
        return replace(
            pair,
            question=self.shield.reveal(pair.question, pair.chunk_id),
            answer=self.shield.reveal(pair.answer, pair.chunk_id),
            quote=self.shield.reveal(pair.quote, pair.chunk_id),
        )


def is_masked(pair: QAPair) -> bool:
    """Whether a placeholder stands in it."""
    return bool(_PLACEHOLDER.search(f"{pair.question}\n{pair.answer}\n{pair.quote}"))


def protect(chunks: Sequence[Chunk], settings: PrivacySection, bot: BotSection) -> Protected:
    """The chunks as training may see them. The same chunks give the same placeholders."""
    # What retrieval keeps masked is masked already, and finding it again would number it anew.
    if settings.training == "off" or settings.retrieval == "mask":
        return Protected(tuple(chunks), Counter(), 0)
    finder = finder_of(settings, bot)
    if settings.training == "mask":
        shield = Shield(finder)
        shield.learn(chunk.model_text for chunk in chunks)
        masked = tuple(shield.chunk(chunk) for chunk in chunks)
        return Protected(masked, shield.counts, 0, shield)
    found = [counts_of(finder, chunk) for chunk in chunks]
    counts = sum(found, Counter[str]())
    if settings.training == "report":
        return Protected(tuple(chunks), counts, 0)
    clean = tuple(c for c, kinds in zip(chunks, found, strict=True) if not kinds)
    return Protected(clean, counts, len(chunks) - len(clean))


def texts_of(document: Document) -> list[str]:
    """All text of a document, to learn names from."""
    rows = ["\n".join(f"{name}: {value}" for name, value in p.cells) for p in document.products]
    return [*(part.text for part in document.parts), *rows]
