"""Texts that are nearly the same: by MinHash over their letters, and by their vectors.

MinHash with banding (Broder 1997; Leskovec, Rajaraman, Ullman, chapter 3) puts up candidates; each
is then compared for real, so nothing is called similar by chance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

from builder.dataset.questions import same_question

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HASHES = 64
BANDS = 16
SHINGLE = 4
_PRIME = (1 << 31) - 1


def shingles(text: str) -> frozenset[str]:
    """Runs of four letters of the text without case, width, spaces and marks."""
    bare = same_question(text)
    return frozenset(bare[i : i + SHINGLE] for i in range(max(1, len(bare) - SHINGLE + 1)))


def jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    """Share of what two sets have in common, 0…1."""
    return len(left & right) / len(left | right) if left or right else 1.0


def near_pairs(texts: Sequence[str], least: float) -> Iterator[tuple[int, int]]:
    """Places (lower first) of the texts that share at least `least` of their shingles."""
    sets = [shingles(text) for text in texts]
    signatures = _signatures(sets)
    compared: set[tuple[int, int]] = set()
    rows = HASHES // BANDS
    for band in range(BANDS):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for place, row in enumerate(signatures[:, band * rows : (band + 1) * rows]):
            buckets[row.tobytes()].append(place)
        for bucket in buckets.values():
            for at, left in enumerate(bucket):
                for right in bucket[at + 1 :]:
                    if (left, right) in compared:
                        continue
                    compared.add((left, right))
                    if jaccard(sets[left], sets[right]) >= least:
                        yield left, right


def _signatures(sets: Sequence[frozenset[str]]) -> NDArray[np.int64]:
    import numpy as np

    rng = np.random.default_rng(1)
    factors = rng.integers(1, _PRIME, HASHES)
    added = rng.integers(0, _PRIME, HASHES)
    out = np.empty((len(sets), HASHES), dtype=np.int64)
    for place, pieces in enumerate(sets):
        codes = np.array([crc32(piece.encode()) % _PRIME for piece in pieces], dtype=np.int64)
        out[place] = ((codes[:, None] * factors + added) % _PRIME).min(axis=0)
    return out


def same_meaning(
    vectors: NDArray[np.float32], others: NDArray[np.float32], least: float
) -> Iterator[tuple[int, int]]:
    """(place in `vectors`, place in `others`) of unit vectors at least so close."""
    import numpy as np

    if not len(vectors) or not len(others):
        return
    for start in range(0, len(vectors), 512):  # 512 rows at once: the whole product may not fit
        close = vectors[start : start + 512] @ others.T >= least
        for left, right in zip(*np.nonzero(close), strict=True):
            yield start + int(left), int(right)
