"""Placeholders: the same value gets the same one, wherever in the bot's documents it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from builder.privacy.finding import Finding

LABELS = {
    "email": "EMAIL",
    "card": "CARD",
    "my-number": "MY-NUMBER",
    "ssn": "SSN",
    "bank-account": "ACCOUNT",
    "passport": "PASSPORT",
    "licence": "LICENCE",
    "birth-date": "BIRTH-DATE",
    "phone": "PHONE",
    "address": "ADDRESS",
    "name": "NAME",
}
"""In capitals and ASCII, which every tokenizer knows; the same in Japanese and English texts."""


class Placeholders:
    """Numbers values by the order in which they are first met. Held in memory only: a list of who
    is behind `[NAME-1]` would be the very thing that masking is to prevent."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], str] = {}
        self._counts: Counter[str] = Counter()

    def name(self, finding: Finding) -> str:
        """The placeholder for what was found."""
        key = (finding.kind, finding.value)
        if key not in self._names:
            self._counts[finding.kind] += 1
            self._names[key] = f"[{LABELS[finding.kind]}-{self._counts[finding.kind]}]"
        return self._names[key]


def mask(text: str, findings: Sequence[Finding], name: Callable[[Finding], str]) -> str:
    """The text with `name(finding)` in the place of each finding (in order, not overlapping)."""
    return "".join(_pieces(text, findings, name))


def _pieces(
    text: str, findings: Sequence[Finding], name: Callable[[Finding], str]
) -> Iterator[str]:
    at = 0
    for finding in findings:
        yield text[at : finding.start]
        yield name(finding)
        at = finding.end
    yield text[at:]
