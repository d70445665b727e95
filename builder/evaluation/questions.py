"""Gold questions: from the test split, or from a file that people wrote; and a balanced sample."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from builder.errors import UsageError
from builder.evaluation.metrics import pieces
from builder.records import GoldQuestion, Message, QAPair, Question, Split
from builder.text.values import values

if TYPE_CHECKING:
    from pydantic import ValidationError

_SHOWN_FAULTS = 10
_JAPANESE = re.compile("[぀-ヿ一-鿿]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SHORT_NUMBER = re.compile(r"\d{1,2}(?:\.\d+)?")
_UNIT = r"(?:\s?[A-Za-z%°]+|[かヵヶ箇][月年所国]|つ|[ァ-ヿ一-鿿々]{1,2})?"  # no です


def from_pairs(pairs: Iterable[QAPair], split: Split = "test") -> list[GoldQuestion]:
    """The pairs of a split as gold questions, one wording of each fact.

    Which wording is taken hangs on the pairs' ids alone. Pairs of other splits are left out: the
    model has seen them.
    """
    chosen: dict[str, QAPair] = {}
    for pair in pairs:
        if pair.split == split:
            kept = chosen.setdefault(pair.fact or pair.id, pair)
            chosen[pair.fact or pair.id] = min(kept, pair, key=lambda p: _draw(0, p.id))
    return [_from_pair(pair) for pair in chosen.values()]


def sample(golds: Sequence[GoldQuestion], n: int, seed: int) -> list[GoldQuestion]:
    """At most `n` of the questions, spread over languages, kinds and documents as evenly as they
    allow, one wording a fact. Input order does not change the choice; the result keeps it."""
    left: dict[tuple[object, ...], GoldQuestion] = {}
    for gold in sorted(golds, key=lambda gold: _draw(seed, gold.question.id)):
        left.setdefault(_fact(gold), gold)
    taken: set[str] = set()
    count: Counter[tuple[str, str]] = Counter()
    while left and len(taken) < n:
        # min keeps the first of equals: the order drawn above breaks ties.
        key = min(left, key=lambda key: tuple(count[group] for group in _groups(left[key])))
        gold = left.pop(key)
        taken.add(gold.question.id)
        count.update(_groups(gold))
    return [gold for gold in golds if gold.question.id in taken]


def from_file(path: Path) -> list[GoldQuestion]:
    """Gold questions from a questions.jsonl; UsageError names every faulty line.

    A line needs `id` and `question`; `history`, `groups`, `answer`, `answers` (accepted short
    strings), `source` or `sources`, `alt_sources`, `evidence` or `evidences`, `answerable` (true
    where it is not said), `kind` and `language` may be there; other fields are ignored.
    """
    golds: list[GoldQuestion] = []
    faults: list[str] = []
    first_line: dict[str, int] = {}
    for number, line in _lines(path):
        try:
            gold = _read(line)
        except ValueError as exc:  # pydantic.ValidationError is one
            faults.append(f"line {number}: {_explain(exc)}")
            continue
        if gold.question.id in first_line:
            earlier = first_line[gold.question.id]
            faults.append(f"line {number}: id `{gold.question.id}` stands in line {earlier} too")
            continue
        first_line[gold.question.id] = number
        golds.append(gold)
    if faults:
        shown = "; ".join(faults[:_SHOWN_FAULTS])
        more = len(faults) - _SHOWN_FAULTS
        raise UsageError(
            f"{shown}{f'; and {more} more' if more > 0 else ''}.", str(path), "Correct these lines."
        )
    if not golds:
        raise UsageError("there are no questions in it.", str(path), "Write one object a line.")
    return golds


class _Turn(BaseModel):
    model_config = ConfigDict(frozen=True)

    role: Literal["system", "user", "assistant"]
    content: str


class _Line(BaseModel):
    """A line of questions.jsonl."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    id: str = Field(min_length=1)
    question: str = Field(min_length=1, pattern=r"\S")
    history: list[_Turn] | None = None
    groups: list[str] | None = None
    answer: str | None = None
    answers: list[str] | None = None
    source: str | None = None
    sources: list[str] | None = None
    alt_sources: list[str] | None = None
    evidence: str | None = None
    evidences: list[str] | None = None
    answerable: bool = True
    kind: str | None = None
    language: str | None = None


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")  # Windows editors put a BOM in front
    except FileNotFoundError as exc:
        raise UsageError("there is no such file.", str(path), "Check the path.") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(f"it can't be read as UTF-8 ({exc}).", str(path)) from exc
    # Not splitlines(): U+2028 and its kind may stand inside a JSON string.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line


def _read(line: str) -> GoldQuestion:
    row = _Line.model_validate_json(line)
    sources = [*(row.sources or ([row.source] if row.source else [])), *(row.alt_sources or [])]
    accepted = tuple(string for string in row.answers or () if string.strip())
    evidence = row.evidence or next(iter(row.evidences or ()), "")
    return GoldQuestion(
        question=Question(
            id=row.id,
            text=row.question,
            history=tuple(Message(turn.role, turn.content) for turn in row.history or ()),
            groups=tuple(row.groups or ()),
        ),
        answer=row.answer or next(iter(accepted), ""),
        accepted=accepted if row.answerable else (),
        sources=tuple(dict.fromkeys(sources)) if row.answerable else (),
        evidence=evidence if row.answerable else "",
        answerable=row.answerable,
        kind=row.kind or "other",
        language=row.language or ("ja" if _JAPANESE.search(row.question) else "en"),
    )


def _explain(fault: ValueError) -> str:
    from pydantic import ValidationError

    if not isinstance(fault, ValidationError):
        return str(fault)
    return ", ".join(_explain_one(fault))


def _explain_one(fault: ValidationError) -> Iterator[str]:
    for error in fault.errors():
        key = ".".join(str(part) for part in error["loc"])
        if error["type"] == "string_pattern_mismatch":
            yield f"`{key}`: it is blank"
        else:
            yield f"`{key}`: {error['msg']}" if key else error["msg"]


def _from_pair(pair: QAPair) -> GoldQuestion:
    return GoldQuestion(
        question=Question(pair.id, pair.question, pair.history, pair.groups),
        answer=pair.answer,
        accepted=_accepted(pair) if pair.answerable else (),
        sources=(pair.source,) if pair.answerable else (),
        evidence=pair.quote if pair.answerable else "",
        answerable=pair.answerable,
        kind=pair.kind,
        language=pair.language,
    )


def _accepted(pair: QAPair) -> tuple[str, ...]:
    """The one value that the answer adds to the question; else the answer or its quote in full."""
    new = values(pair.answer) - values(pair.question)
    # `K-210` is one value, though its digits are a number too.
    named = {value for value in new if not _NUMBER.fullmatch(value)}
    new -= {value for value in new - named if any(value in name for name in named)}
    if len(new) == 1:
        return (_with_unit(new.pop(), pair.answer),)
    return tuple(dict.fromkeys(s for s in (pair.answer, pair.quote) if pieces(s)))


def _with_unit(value: str, answer: str) -> str:
    """A short number with what it counts, as the answer writes it: a bare `4` would be found in
    `4 pages`; a number with zeros in front (`06216`) with these; a long number, code or address
    stands for itself."""
    if _NUMBER.fullmatch(value):
        padded = re.search(rf"(?<![\d.,])0+{re.escape(value)}(?![\d.,]?\d)", answer)
        if padded:
            return padded[0]
    if _SHORT_NUMBER.fullmatch(value):
        found = re.search(rf"(?<![\d.,]){re.escape(value)}(?![\d.,]\d){_UNIT}", answer)
        return found[0] if found else value
    return value


def _fact(gold: GoldQuestion) -> tuple[object, ...]:
    if not gold.answerable or not (gold.evidence or gold.answer):
        return (gold.question.id,)
    return (gold.sources, gold.evidence, gold.answer, gold.accepted)


def _groups(gold: GoldQuestion) -> tuple[tuple[str, str], ...]:
    kind = gold.kind if gold.answerable else f"{gold.kind}, unanswerable"
    return (
        ("language", gold.language),
        ("kind", kind),
        ("document", gold.sources[0] if gold.sources else ""),
    )


def _draw(seed: int, item: str) -> str:
    return hashlib.sha256(f"{seed}:{item}".encode()).hexdigest()
