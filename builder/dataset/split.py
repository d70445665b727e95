"""Train, validation and test, by document: what is asked in the test was never trained on."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from builder.dataset.questions import same_question
from builder.records import QAPair, Split

_SHARE = 0.1
_LEAST = 0.05
_MOST = 0.15
_MANY_PRODUCTS = 10
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
    sides = {unit: hashed_side(unit, seed) for unit in sizes}
    if len(sizes) >= len(_HELD) + 1:
        _balance(sides, sizes, seed)
    return [replace(pair, split=sides[unit]) for pair, unit in zip(pairs, units, strict=True)]


def hashed_side(unit: str, seed: int) -> Split:
    """The side that a document is on by itself."""
    place = _place(unit, seed)
    if place < _SHARE:
        return "test"
    return "validation" if place < 2 * _SHARE else "train"


def contamination(pairs: Sequence[QAPair]) -> list[str]:
    """What stands on two sides: chunks, and questions that are the same but for marks and case."""
    found: list[str] = []
    for what, key in (("chunk", _chunk_of), ("question", _question_of)):
        sides: dict[str, set[str]] = defaultdict(set)
        for pair in pairs:
            sides[key(pair)].add(pair.split)
        found.extend(
            f"{what} {name} is in {', '.join(sorted(on))}"
            for name, on in sorted(sides.items())
            if len(on) > 1
        )
    return found


def _chunk_of(pair: QAPair) -> str:
    return pair.chunk_id


def _question_of(pair: QAPair) -> str:
    return same_question(pair.question)


def _catalogues(pairs: Sequence[QAPair]) -> set[str]:
    """Documents that are one table of many products: split by product."""
    products: dict[str, set[str]] = defaultdict(set)
    total: Counter[str] = Counter()
    catalog: Counter[str] = Counter()
    for pair in pairs:
        total[pair.document_id] += 1
        if pair.generator == "catalog":
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
