"""Questions with their answers, as the text of a document.

Each question is a heading `## Q. …` with its answer below, so that it stays with the answer when
the document is cut, and the generator of `faq` pairs finds both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.catalog.markup import plain_text

WITH_ANSWERS = "with answers"
"""Stands in the note of every list of questions and answers."""
_LONGEST_HEADING = 300  # characters: what is longer is a letter, not a question
_SECRETS = (
    re.compile(r"\b(?:sk|pk|rk|ghp|gho|xox[abp]|glpat)[-_][A-Za-z0-9_-]{16,}"),
    re.compile(r"\bAKIA[A-Z0-9]{16}\b"),
    re.compile(r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}"),
    re.compile(r"(?<!\d)(?:\d{4}[ -]){3}\d{4}(?!\d)"),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|\Z)", re.DOTALL),
)
_NAMED_SECRET = re.compile(
    r"(?P<name>\b(?:password|passwd|api[ _-]?key|secret|access[ _-]?token)|パスワード|暗証番号)"
    r"(?P<is>\s*(?:[:：=]|は|is)\s*)(?P<value>[!-~]{6,})",
    re.IGNORECASE,
)
_REMOVED = "[removed]"
_HEADING_MARK = re.compile(r"^( {0,3})(#{1,6}\s)", re.MULTILINE)
_LABEL = re.compile(
    r"^(?:[QＱ]\s*\d*\s*[.．:：、)]|Question\s*\d*\s*:|質問\s*\d*[.．:：]|問\s*\d+[.．:：、\s])\s*",
    re.IGNORECASE,
)
_ANSWER_LABEL = re.compile(
    r"^(?:[AＡ]\s*\d*\s*[.．:：、)]|Answer\s*\d*\s*:|回答\s*\d*[.．:：]|答え?\s*\d*[.．:：])\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and its answer, and what else its source says."""

    question: str
    answer: str
    more: tuple[tuple[str, str], ...] = ()
    """(label, text) of other columns or turns."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """A list of questions and answers, as lines of a document's text."""

    lines: tuple[str, ...]
    notes: tuple[str, ...]


def as_text(pairs: Sequence[Pair], what: str, left_out: Sequence[str] = ()) -> Pairs:
    """The pairs as sections. `what` names the kind of source, `left_out` what was not taken."""
    removed = 0
    lines: list[str] = []
    for pair in pairs:
        cleaned = [cleaned_text(text) for text in (pair.question, pair.answer)]
        more = [(label, *cleaned_text(text)) for label, text in pair.more]
        removed += sum(count for _, count in cleaned) + sum(count for *_, count in more)
        lines += _section(cleaned[0][0], cleaned[1][0], [(label, text) for label, text, _ in more])
    while lines and not lines[-1]:
        lines.pop()
    count = f"{len(pairs)} question{'' if len(pairs) == 1 else 's'} {WITH_ANSWERS}"
    notes = [f"{what}: {count}"]
    notes += [f"left out: {text}" for text in left_out]
    notes += [f"left out: {removed} passwords, keys or card numbers"] if removed else []
    return Pairs(tuple(lines), tuple(notes))


def _section(question: str, answer: str, more: Sequence[tuple[str, str]]) -> Iterator[str]:
    asked = " ".join(_LABEL.sub("", question).split())
    answer = _no_headings(_ANSWER_LABEL.sub("", answer))
    heading = asked if len(asked) <= _LONGEST_HEADING else asked[:_LONGEST_HEADING] + "…"
    yield from (f"## Q. {heading}", "", answer, "")
    if heading != asked:
        more = [("Q", question), *more]
    for label, text in more:
        yield from (f"{label}: {_no_headings(text)}", "")


def _no_headings(text: str) -> str:
    """Headings inside an answer would cut it off from its question."""
    return _HEADING_MARK.sub(r"\1\\\2", text)


def cleaned_text(text: str) -> tuple[str, int]:
    """The text without HTML and secrets, and how many secrets were taken out."""
    plain = re.sub(r"\n{3,}", "\n\n", plain_text(text).replace("\r\n", "\n")).strip()
    removed = 0
    for pattern in _SECRETS:
        plain, count = pattern.subn(_REMOVED, plain)
        removed += count
    plain, count = _NAMED_SECRET.subn(rf"\g<name>\g<is>{_REMOVED}", plain)
    return plain, removed + count
