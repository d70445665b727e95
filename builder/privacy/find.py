"""Everything personal in a text: the recognizers of one table, and what is kept out of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from builder.privacy.addresses import find_addresses
from builder.privacy.contacts import find_mails, find_phones
from builder.privacy.finding import Finding, Recognizer, digits_of, fold, plain
from builder.privacy.names_en import find_latin_names
from builder.privacy.names_ja import find_japanese_names, surname_of
from builder.privacy.numbers import (
    find_cards,
    find_ibans,
    find_labelled,
    find_my_numbers,
    find_ssns,
)

RECOGNIZERS: tuple[Recognizer, ...] = (
    find_mails,
    find_cards,
    find_my_numbers,
    find_ssns,
    find_ibans,
    find_labelled,
    find_phones,
    find_addresses,
    find_japanese_names,
    find_latin_names,
)
"""The surest first: where two findings overlap, the earlier recognizer's holds."""


class KnownNames:
    """Full names that were found somewhere: they are names without honorific or label, too."""

    def __init__(self) -> None:
        self._by_start: dict[str, set[str]] = defaultdict(set)

    def add(self, finding: Finding, text: str) -> None:
        """Remember a name as it stands in the text, if it is a full one."""
        name = fold(text[finding.start : finding.end])
        if finding.kind == "name" and _is_full(name):
            for spelling in (name, name.replace(" ", "")) if not name.isascii() else (name,):
                self._by_start[spelling[:2]].add(spelling)

    def find(self, text: str) -> Iterator[Finding]:
        """Every such name in the folded text."""
        if not self._by_start:
            return
        for at in range(len(text) - 1):
            for name in self._by_start.get(text[at : at + 2], ()):
                if text.startswith(name, at) and _stands_alone(text, at, at + len(name)):
                    yield Finding("name", at, at + len(name), plain(name))


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds by the recognizers, without what the owner wants to keep."""

    keep: tuple[str, ...] = ()
    """Texts or patterns with `*` that aren't personal: `*@example.com`, `03-1234-*`."""

    def find(self, text: str, known: KnownNames | None = None) -> list[Finding]:
        """What is personal in the text, in its order, without overlaps."""
        folded = fold(text)
        found: list[Finding] = []
        taken = bytearray(len(text))
        sources: list[Iterable[Finding]] = [recognizer(folded) for recognizer in RECOGNIZERS]
        if known is not None:
            sources.insert(len(sources) - 2, known.find(folded))
        for source in sources:
            for finding in source:
                if any(taken[finding.start : finding.end]):
                    continue
                taken[finding.start : finding.end] = b"\1" * (finding.end - finding.start)
                if finding.value and not self._keeps(finding, folded):
                    found.append(finding)
        return sorted(found, key=lambda finding: finding.start)

    def _keeps(self, finding: Finding, folded: str) -> bool:
        """As it is written or in canonical form: `03-…` and `+81 3 …` are one number."""
        surface = folded[finding.start : finding.end]
        return kept(surface, self.keep) or kept(finding.value, self.keep)


def kept(surface: str, patterns: Sequence[str]) -> bool:
    """Whether one of the owner's patterns names this text; case, width and spaces don't count, nor
    for telephone numbers what stands between the digits."""
    return any(_fits(surface, pattern) for pattern in patterns)


def _fits(surface: str, pattern: str) -> bool:
    wanted = fold(pattern)
    if fnmatchcase(plain(surface), plain(wanted)):
        return True
    if re.fullmatch(r"[\d\s()+.*-]*\d[\d\s()+.*-]*", wanted) and digits_of(surface):
        return fnmatchcase(digits_of(surface), re.sub(r"[^\d*]", "", wanted))
    return False


def _is_full(name: str) -> bool:
    if name.isascii():
        return " " in name.strip()
    bare = name.replace(" ", "")
    return len(bare) >= 3 and len(bare) > len(surname_of(bare)) + (0 if " " in name else 1) - 1


def _stands_alone(text: str, start: int, end: int) -> bool:
    if not text[start].isascii():
        return True
    around = text[max(0, start - 1) : start] + text[end : end + 1]
    return not any(char.isascii() and char.isalnum() for char in around)
