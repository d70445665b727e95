"""Large catalogues: which products, and which of their attributes, questions are written about.

A national food table has 5,000 rows of 58 values: a million questions, of which the budget keeps a
thousand. So a seeded share of products is taken, and of each a seeded share of attributes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from builder.config import DatasetSection
from builder.records import CatalogEntry

OVERSUPPLY = 10  # pairs written, by the number that the budget keeps
MIN_ATTRIBUTES = 4


def thinned(entries: Sequence[CatalogEntry], settings: DatasetSection) -> list[CatalogEntry]:
    """The entries to ask about: all of a small catalogue, a seeded sample of a large one."""
    room = OVERSUPPLY * settings.max_pairs // settings.wordings
    if sum(_facts(entry) for entry in entries) <= room:
        return list(entries)
    most = max(1, min(len(entries), room // MIN_ATTRIBUTES, settings.max_pairs))
    chosen = sorted(entries, key=lambda e: _draw(settings.seed, e.chunk.id))[:most]
    each = max(MIN_ATTRIBUTES, room // most)
    return [_with_fewer_attributes(entry, each, settings.seed) for entry in chosen]


def _facts(entry: CatalogEntry) -> int:
    return len(entry.product.attributes) + len(entry.product.missing)


def _with_fewer_attributes(entry: CatalogEntry, most: int, seed: int) -> CatalogEntry:
    product = entry.product
    by_draw = sorted(product.attributes, key=lambda a: _draw(seed, entry.chunk.id + a.name))
    kept = {attribute.name for attribute in by_draw[:most]}
    attributes = tuple(a for a in product.attributes if a.name in kept)
    return replace(entry, product=replace(product, attributes=attributes, missing=()))


def _draw(seed: int, key: str) -> bytes:
    return hashlib.sha256(f"{seed}{key}".encode()).digest()
