"""What an answer is worth: pure functions on text, in English and Japanese.

F1 and exact match follow SQuAD (Rajpurkar et al., 2016) in English: words, without articles and
punctuation; Japanese is compared by characters, as JSQuAD (Kurihara et al., 2022) does.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from builder.records import Citation, Passage

_CJK = "぀-ヿㇰ-ㇿ㐀-䶿一-鿿豈-﫿々〆"
CITATION_MARK = re.compile(r"[\[【]\d{1,2}[\]】]")
_GROUPING = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
# A minus is a sign only where no word or number stands before it: not in `10-15` or `K-210`.
_PIECE = re.compile(rf"(?:(?<![\w.])-)?\d+(?:\.\d+)*|[{_CJK}]|[^\W\d_{_CJK}]+|[%$¥€£]")
_ARTICLES = frozenset(["a", "an", "the"])
_BY_CHARACTER = frozenset(["ja", "zh"])


def pieces(text: str) -> list[str]:
    """Numbers, words and single Japanese characters, in order: what counts in a comparison.

    NFKC, case-folded, without punctuation and citation marks such as `[1]`; `1,200` is `1200` and
    `4hours` is `4`, `hours`.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("−", "-")
    for pattern, by in ((CITATION_MARK, " "), (_GROUPING, ""), (_APOSTROPHE, "")):
        folded = pattern.sub(by, folded)
    return [_plain_number(match[0]) for match in _PIECE.finditer(folded)]


def normalise(text: str, language: str) -> list[str]:
    """The units that F1 counts: characters in Japanese and Chinese, words elsewhere; articles are
    left out in English."""
    found = pieces(text)
    if language in _BY_CHARACTER:
        return list("".join(found))
    return [piece for piece in found if piece not in _ARTICLES] if language == "en" else found


def token_f1(answer: str, gold: str, language: str) -> float:
    """Harmonic mean (0…1) of precision and recall of the answer's units; 1 where both are empty."""
    ours, theirs = normalise(answer, language), normalise(gold, language)
    if not ours or not theirs:
        return float(ours == theirs)
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * shared / (len(ours) + len(theirs))


def exact_match(answer: str, golds: Sequence[str], language: str) -> bool:
    """Whether the answer says exactly one of the gold answers, but for case and punctuation."""
    ours = normalise(answer, language)
    return any(ours == normalise(gold, language) for gold in golds)


def holds_answer(answer: str, accepted: Sequence[str]) -> bool:
    """Whether any accepted string stands in the answer, as whole words and whole numbers.

    `4 hours` is in `… 4 hours a day` and not in `24 hours`; a last word may differ by its plural.
    """
    ours = pieces(answer)
    return any(
        # Where the answer is a mark, such as `_`, only the text itself can be compared.
        _holds(ours, wanted) if (wanted := pieces(string)) else _marks_in(string, answer)
        for string in accepted
    )


def source_rank(passages: Sequence[Passage], sources: Sequence[str]) -> int:
    """1-based place of the first passage from one of the sources; 0 when there is none."""
    return _first(any(same_source(p.chunk.source, source) for source in sources) for p in passages)


def passage_rank(passages: Sequence[Passage], evidence: str) -> int:
    """1-based place of the first passage that holds the evidence, white space aside; 0: none."""
    return _first(_stands_in(evidence, passage) for passage in passages)


def cites(citations: Sequence[Citation], sources: Sequence[str]) -> bool:
    """Whether any citation names one of the sources."""
    return any(same_source(c.source, source) for c in citations for source in sources)


def quotes_verbatim(citations: Sequence[Citation], passages: Sequence[Passage]) -> bool:
    """Whether every quote stands word for word, white space aside, in a passage of its source."""
    return all(
        _squeeze(citation.quote) != ""
        and any(
            same_source(p.chunk.source, citation.source) and _stands_in(citation.quote, p)
            for p in passages
        )
        for citation in citations
    )


def same_source(left: str, right: str) -> bool:
    """Whether two sources are one: `prices.csv#12` is in `prices.csv`. File systems differ in how
    they compose Japanese names, so both are compared in NFC."""
    left, right = unicodedata.normalize("NFC", left), unicodedata.normalize("NFC", right)
    return left == right or left.startswith(right + "#") or right.startswith(left + "#")


def mean(values: Sequence[float | bool | None]) -> float | None:
    """The mean of the values that were measured; None when there are none."""
    measured = [float(value) for value in values if value is not None]
    return sum(measured) / len(measured) if measured else None


def _plain_number(piece: str) -> str:
    if piece.count(".") == 1 and piece[-1].isdigit():
        return piece.rstrip("0").rstrip(".")
    return piece


def _marks_in(string: str, answer: str) -> bool:
    mark = unicodedata.normalize("NFKC", string).strip()
    return mark != "" and mark in unicodedata.normalize("NFKC", answer)


def _holds(ours: list[str], wanted: list[str]) -> bool:
    size = len(wanted)
    return any(
        ours[at : at + size - 1] == wanted[:-1] and _same_word(ours[at + size - 1], wanted[-1])
        for at in range(len(ours) - size + 1)
    )


def _same_word(left: str, right: str) -> bool:
    if left == right:
        return True
    short, long = sorted((left, right), key=len)
    return len(short) >= 3 and short.isascii() and short.isalpha() and long == short + "s"


def _first(flags: Iterable[bool]) -> int:
    return next((place for place, flag in enumerate(flags, 1) if flag), 0)


def _stands_in(piece: str, passage: Passage) -> bool:
    # Evidence and quotes may come from the document or from what the model was shown.
    wanted = _squeeze(piece)
    shown = "".join(chunk.model_text for chunk in passage.chunks)
    return wanted in _squeeze(passage.text) or wanted in _squeeze(shown)


def _squeeze(text: str) -> str:
    return "".join(text.split())
