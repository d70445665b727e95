"""A table's rows in stretches of keys that stay the same when rows come and go elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from connectors.database.relation import Key
from connectors.database.values import key_text

USUAL_ROWS = 256
"""A slice has so many rows on average."""
LEAST_ROWS = 64
MOST_ROWS = 1024


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows with keys from `start` on and below `end`; None: no limit on that side."""

    start: Key | None
    end: Key | None
    digest: str
    """SHA-256 (hex) over what its rows held."""


def slices(rows: Iterable[tuple[Key, bytes]]) -> Iterator[Slice]:
    """Slices of (key, content) pairs in the order of the keys.

    Whether a slice begins at a row is told by a hash of the row's key, not by counting: a new row
    changes its own slice, and all others keep their limits. The first and the last are open, so
    that every row that may come belongs to one.
    """
    start: Key | None = None
    digest, count = hashlib.sha256(), 0
    for key, content in rows:
        if count == MOST_ROWS or (count >= LEAST_ROWS and _begins_slice(key)):
            yield Slice(start, key, digest.hexdigest())
            start, digest, count = key, hashlib.sha256(), 0
        digest.update(hashlib.sha256(content).digest())
        count += 1
    if count:
        yield Slice(start, None, digest.hexdigest())


def _begins_slice(key: Key) -> bool:
    number = int.from_bytes(hashlib.sha256(key_text(key).encode()).digest()[:8])
    return number % USUAL_ROWS == 0
