"""The terms of a keyword index and their numbers, on disk: a question looks up its own few."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_TERMS, _ENDS, _NUMBERS = "terms.npy", "term_ends.npy", "term_numbers.npy"


def write(folder: Path, numbers: Mapping[str, int]) -> None:
    """The terms in the order of their bytes, so that one can be found by bisection."""
    import numpy as np

    ordered = sorted((term.encode("utf-8", "replace"), number) for term, number in numbers.items())
    spelled = np.frombuffer(b"".join(term for term, _ in ordered), dtype=np.uint8)
    np.save(folder / _TERMS, spelled)
    np.save(folder / _ENDS, np.cumsum([0, *(len(term) for term, _ in ordered)], dtype=np.int64))
    np.save(folder / _NUMBERS, np.array([number for _, number in ordered], dtype=np.int32))


class Vocabulary:
    """Term → its number; the files are mapped, not read."""

    def __init__(self, folder: Path) -> None:
        import numpy as np

        self._terms = np.load(folder / _TERMS, mmap_mode="r")
        self._ends = np.load(folder / _ENDS, mmap_mode="r")
        self._numbers = np.load(folder / _NUMBERS, mmap_mode="r")

    def number(self, term: str) -> int | None:
        """The term's number; None where no chunk has it."""
        wanted = term.encode("utf-8", "replace")
        low, high = 0, len(self._numbers)
        while low < high:
            middle = (low + high) // 2
            if self._at(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        found = low < len(self._numbers) and self._at(low) == wanted
        return int(self._numbers[low]) if found else None

    def _at(self, place: int) -> bytes:
        spelled: bytes = self._terms[self._ends[place] : self._ends[place + 1]].tobytes()
        return spelled
