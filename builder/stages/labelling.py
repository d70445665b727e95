"""What every chunk gets when it is cut: the groups that may read it, and a look for personal data.

(A part of prepare.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from builder.config import Config
from builder.jsonl import read_jsonl
from builder.prepare.access import AccessRules
from builder.privacy.protect import Shield, counts_of, finder_of, is_severe, summary, texts_of
from builder.records import CatalogEntry, Chunk
from builder.stages.context import Context
from builder.stages.cuttings import Cutting
from connectors.records import Document, Product

NO_TEXT = "no text"
NOBODY = "nobody may read it"
WITHHELD = "personal data"
_SHOWN = 5


class Labeller:
    """Labels the chunks of one document after the other."""

    def __init__(self, context: Context) -> None:
        config = context.config
        self._mode = config.privacy
        self._access = AccessRules(config.access, config.sources.paths)
        self._finder = finder_of(config.privacy, config.bot)
        self._shield = Shield(self._finder) if self._mode.retrieval == "mask" else None
        if self._shield is not None:
            for document in read_jsonl(Document, context.workspace.documents):
                self._shield.learn(texts_of(document))

    def label(self, source: str, chunks: Sequence[Chunk]) -> tuple[list[Chunk], Cutting]:
        """The chunks as retrieval may have them, and what is known of them."""
        rules = self._access.matching(source)
        groups = self._access.groups(rules)
        if not chunks or groups is None:
            return [], Cutting("", 0, 0, rules, NOBODY if chunks else NO_TEXT)
        counts: Counter[str] = Counter()
        kept = []
        for chunk in chunks:
            found = self._counts(chunk)
            counts += found
            if self._mode.retrieval == "drop" and is_severe(found):
                continue
            shown = self._shield.chunk(chunk) if self._shield else chunk
            kept.append(replace(shown, groups=groups))
        personal, withheld = tuple(counts.items()), len(chunks) - len(kept)
        return kept, Cutting("", 0, len(kept), rules, "" if kept else WITHHELD, personal, withheld)

    def _counts(self, chunk: Chunk) -> Counter[str]:
        if self._mode.training == "off" and self._mode.retrieval == "keep":
            return Counter()
        return counts_of(self._finder, chunk)


def labelling_notes(config: Config, cuttings: Sequence[Cutting]) -> list[str]:
    """For the summary: personal data by kind, and rules that close nothing."""
    counts: Counter[str] = Counter()
    for cutting in cuttings:
        counts.update(dict(cutting.personal))
    notes = [summary(counts, _DONE[config.privacy.retrieval])]
    if withheld := sum(cutting.withheld for cutting in cuttings):
        notes.append(f"chunks with numbers of persons left out: {withheld}")
    used = {place for cutting in cuttings for place in cutting.rules}
    idle = [rule.path for place, rule in enumerate(config.access) if place not in used]
    if idle:
        named = ", ".join(f"`{path}`" for path in idle[:_SHOWN])
        notes.append(
            f"WARNING: no document falls under the access rule {named}; check its spelling"
        )
    return [note for note in notes if note]


_DONE = {
    "keep": "kept in what the bot finds",
    "mask": "masked in what the bot finds",
    "drop": "passages with numbers of persons left out",
}


def hidden_products(config: Config, entries: list[CatalogEntry]) -> list[CatalogEntry]:
    """The products as their chunks show them: what is masked there is masked in the table, too."""
    if config.privacy.retrieval != "mask":
        return entries
    return [CatalogEntry(entry.chunk, _as_shown(entry)) for entry in entries]


def _as_shown(entry: CatalogEntry) -> Product:
    """The product with the values that stand in its chunk's lines, `column: value`."""
    product, lines = entry.product, entry.chunk.text
    shown: dict[str, str] = {}
    at = 0
    places = [f"{column}: " for column, _ in product.cells]
    for number, (_, value) in enumerate(product.cells):
        start = lines.find(places[number], at) + len(places[number])
        later = lines.find("\n" + places[number + 1], start) if number + 1 < len(places) else -1
        end = len(lines) if later < 0 else later
        shown[value], at = lines[start:end], end

    def masked(text: str) -> str:
        return shown.get(text, text)

    return replace(
        product,
        description=masked(product.description),
        availability=masked(product.availability),
        cells=tuple((column, masked(value)) for column, value in product.cells),
        attributes=tuple(replace(a, text=masked(a.text)) for a in product.attributes),
    )
