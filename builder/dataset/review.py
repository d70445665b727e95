"""A person's review of the pairs: what was edited or rejected stays so when they are made anew.

A verdict belongs to a fact and its question, not to a place in a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from builder.dataset.drafts import digest
from builder.records import QAPair, RejectedPair

REJECTED = "rejected-in-review"
Status = Literal["", "ok", "rejected"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person decided about one pair, which is kept whole: it can be put back."""

    pair: QAPair
    """As it was generated."""
    question: str
    answer: str
    status: Literal["edited", "ok", "rejected"]

    @property
    def key(self) -> str:
        return key_of(self.pair)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One row of the sheet that a person fills in."""

    key: str
    status: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a filled-in sheet says: new verdicts, and what could not be used, with the reason."""

    verdicts: tuple[Verdict, ...]
    faults: tuple[str, ...]


def key_of(pair: QAPair) -> str:
    """Which question about which fact it is; a copy with another spelling has its own."""
    before = "\x1f".join(turn.content for turn in pair.history)
    return digest("\x1f".join((pair.fact, before, pair.question, pair.augmentation)))


def verdicts_of(
    rows: Iterable[ReviewRow], pairs: Sequence[QAPair], earlier: Iterable[Verdict]
) -> Outcome:
    """What the rows change of the pairs as they are now."""
    before = {shown_key(v): v for v in earlier}
    known = {key_of(pair): pair for pair in pairs}
    made: list[Verdict] = []
    faults: list[str] = []
    for number, row in enumerate(rows, 2):
        old = before.get(row.key)
        shown = known.get(row.key)
        if old is None and shown is None:
            faults.append(f"row {number}: no pair has the key `{row.key}`")
        elif row.status not in ("", "ok", "rejected"):
            faults.append(f"row {number}: `{row.status}` is not ok, rejected or empty")
        elif not row.question.strip() or not row.answer.strip():
            faults.append(f"row {number}: question or answer is empty")
        elif verdict := _verdict(row, old, shown):
            made.append(verdict)
    return Outcome(tuple(made), tuple(faults))


def shown_key(verdict: Verdict) -> str:
    """The key under which a pair stands in a sheet written after the verdict."""
    return key_of(replace(verdict.pair, question=verdict.question))


def _verdict(row: ReviewRow, old: Verdict | None, shown: QAPair | None) -> Verdict | None:
    question, answer = row.question.strip(), row.answer.strip()
    pair = old.pair if old else shown
    if pair is None:
        return None
    if row.status == "rejected":
        return Verdict(pair, question, answer, "rejected")
    same = shown is not None and (question, answer) == (shown.question, shown.answer)
    if not same:
        return Verdict(pair, question, answer, "edited")
    return Verdict(pair, question, answer, "ok") if row.status == "ok" and old is None else None


def merged(earlier: Iterable[Verdict], newer: Iterable[Verdict]) -> list[Verdict]:
    """All verdicts, the newer ones in the place of older ones about the same pair."""
    by_key = {verdict.key: verdict for verdict in earlier}
    by_key.update({verdict.key: verdict for verdict in newer})
    return [by_key[key] for key in sorted(by_key)]


def apply_verdicts(
    pairs: Sequence[QAPair], verdicts: Iterable[Verdict], chunks: Mapping[str, object]
) -> tuple[list[QAPair], list[RejectedPair]]:
    """The pairs as the person wants them. An edited pair that is no longer generated is put back
    while its passage is there; with the passage it goes."""
    by_key = {verdict.key: verdict for verdict in verdicts}
    kept: list[QAPair] = []
    rejected: list[RejectedPair] = []
    met: set[str] = set()
    for pair in pairs:
        key = key_of(pair)
        verdict = by_key.get(key)
        if verdict is None:
            kept.append(pair)
            continue
        met.add(key)
        if verdict.status == "rejected":
            rejected.append(RejectedPair(pair, REJECTED))
        else:
            kept.append(_as_reviewed(pair, verdict))
    for key, verdict in sorted(by_key.items()):
        if key not in met and verdict.status != "rejected" and verdict.pair.chunk_id in chunks:
            kept.append(_as_reviewed(verdict.pair, verdict))
    return kept, rejected


def _as_reviewed(pair: QAPair, verdict: Verdict) -> QAPair:
    return replace(pair, question=verdict.question, answer=verdict.answer, reviewed=True)
