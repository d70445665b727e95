"""Train, validation and test, by document: what is asked in the test was never trained on."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from builder.records import PHRASING, QAPair, Split

_SHARE = 0.1
_LEAST = 0.05
_MOST = 0.15
_MANY_PRODUCTS = 10
_ENOUGH_WORDINGS = 3
_HELD: tuple[Split, ...] = ("test", "validation")


def split_pairs(pairs: Sequence[QAPair], seed: int) -> list[QAPair]:
    """The pairs in their order, each with its side; about 80/10/10 by pairs.

    A document lands on a side by the hash of its id, whatever else is there. Only where a held
    side would hold too little or too much are whole documents moved.
    """
    by_product = _catalogues(pairs)
    units = [
        pair.chunk_id if pair.document_id in by_product else pair.document_id for pair in pairs
    ]
    sizes = Counter(units)
    # What users corrected is there to be learned.
    taught = {u for pair, u in zip(pairs, units, strict=True) if pair.generator == "corrections"}
    sides = {u: "train" if u in taught else hashed_side(u, seed) for u in sizes}
    if len(sizes) >= len(_HELD) + 1:
        _balance(sides, sizes, seed)
    sides.update(dict.fromkeys(taught, "train"))
    return [replace(pair, split=sides[unit]) for pair, unit in zip(pairs, units, strict=True)]


def hashed_side(unit: str, seed: int) -> Split:
    """The side that a document is on by itself."""
    place = _place(unit, seed)
    if place < _SHARE:
        return "test"
    return "validation" if place < 2 * _SHARE else "train"


def hold_phrasings(pairs: Sequence[QAPair], seed: int) -> list[QAPair]:
    """One wording of a tenth of the trained facts is held back for the `phrasing` test. Which one
    hangs on its id alone."""
    wordings: dict[str, list[QAPair]] = defaultdict(list)
    for pair in pairs:
        if pair.split == "train" and pair.answerable and not pair.history and not pair.further:
            wordings[pair.fact].append(pair)
    held = {
        min(group, key=lambda pair: _place(pair.id, seed)).id
        for fact, group in wordings.items()
        if len(group) >= _ENOUGH_WORDINGS and _place(fact, seed) < _SHARE
    }
    return [replace(pair, split=PHRASING) if pair.id in held else pair for pair in pairs]


def _catalogues(pairs: Sequence[QAPair]) -> set[str]:
    """Documents that are one table of many products: split by product."""
    products: dict[str, set[str]] = defaultdict(set)
    total: Counter[str] = Counter()
    catalog: Counter[str] = Counter()
    for pair in pairs:
        total[pair.document_id] += 1
        if pair.kind in ("product", "comparison"):
            products[pair.document_id].add(pair.chunk_id)
            catalog[pair.document_id] += 1
    return {
        document
        for document, chunks in products.items()
        if len(chunks) >= _MANY_PRODUCTS and catalog[document] * 2 > total[document]
    }


def _balance(sides: dict[str, Split], sizes: Mapping[str, int], seed: int) -> None:
    """Move whole units until each held side has a fair size; never empties the training side."""
    total = sum(sizes.values())
    target = total * _SHARE
    for side in _HELD:
        _shrink(sides, sizes, side, total * _MOST)
    for side in _HELD:
        held = sum(size for unit, size in sizes.items() if sides[unit] == side)
        while held < total * _LEAST:
            unit = _to_move(sides, sizes, seed, target - held)
            if unit is None or sides[unit] == side:
                break
            sides[unit] = side
            held += sizes[unit]


def _shrink(sides: dict[str, Split], sizes: Mapping[str, int], side: Split, most: float) -> None:
    """Give the largest units of a side that holds too much back to training, but for one."""
    units = sorted((u for u in sizes if sides[u] == side), key=lambda u: (sizes[u], u))
    held = sum(sizes[unit] for unit in units)
    while held > most and len(units) > 1:
        unit = units.pop()
        sides[unit] = "train"
        held -= sizes[unit]
    if held > most and units and any(sides[u] == "train" and sizes[u] < held for u in sizes):
        sides[units[0]] = "train"  # a smaller one takes its place


def _to_move(
    sides: Mapping[str, Split], sizes: Mapping[str, int], seed: int, wanted: float
) -> str | None:
    """The unit whose size comes nearest to what is wanted, of a side that keeps another one;
    training units first. None where every side has but one."""
    for side in ("train", *_HELD):
        units = [unit for unit in sizes if sides[unit] == side]
        if len(units) > 1:
            return min(units, key=lambda u: (abs(sizes[u] - wanted), _place(u, seed), u))
    return None


def _place(unit: str, seed: int) -> float:
    digest = hashlib.sha256(f"{seed}\x1f{unit}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
