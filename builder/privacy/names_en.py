"""Names of persons in Latin letters: behind an honorific or a label, before an address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.privacy.finding import Finding, plain
from builder.privacy.name_lists import given_names_en

_WORD = r"(?:[A-ZÀ-Þ][A-Za-zÀ-ÿ'’-]*[a-zß-ÿ])"
_FULL = rf"{_WORD}(?: (?:[A-Z]\.?|de|van|von|der|bin|{_WORD})){{0,2}} {_WORD}"
_HONORIFIC = re.compile(
    rf"(?<![\w-])(?:Mr|Mrs|Ms|Mx|Miss|Dr|Prof|Professor|Doctor|Madam|Messrs)\.?[ ]"
    rf"(?P<v>(?:[A-Z]\.[ ]?)?{_WORD}(?: (?:[A-Z]\.|{_WORD})){{0,2}})"
)
_STREET_BEFORE = re.compile(r"\d [A-Z]\w+ $")
_SAN = re.compile(r"\b(?P<v>[A-Z][a-z]{1,12}(?: [A-Z][a-z]{1,12})?)[- ](?:san|sama|sensei)\b")
_STRONG = re.compile(
    r"\b(?:full name|(?:employee|customer|patient|applicant|guest|cardholder|contact|member|client"
    r"|tenant|beneficiary|supervisor)(?:['’]s)? name"
    r"|name of (?:the )?(?:employee|applicant|patient)|account holder|cardholder|attn|attention"
    rf"|signed(?: by)?|emergency contact|next of kin|patient|applicant|beneficiary)\.?"
    rf"[ \t]*[:|][ \t|]*(?P<v>(?-i:{_FULL}))",
    re.I,
)
_LISTED = re.compile(
    r"(?:^|[\n|*\-•>(;,.]|\b)[ \t]*(?:name|contact(?: person)?|manager|owner|author|prepared by"
    r"|approved by|reviewed by|reported by|assigned to|written by|from|to|cc|attendees|present"
    r"|participants|absent|chair|minutes(?: by)?|speaker|responsible)[ \t*]*[:|][ \t|*]*"
    r"(?P<list>[^\n|]{3,120})",
    re.I,
)
_TOKEN = re.compile(rf"(?:^|(?<=[,;/&(])|(?<= and))[ ]*(?P<v>{_FULL})(?=$|[,;/&()<.]| and\b| -|\s)")
_BEFORE_MAIL = re.compile(rf"(?P<v>{_FULL})[\"']?[ ]<(?=[^<>\s]+@)")
_CLOSING = re.compile(
    r"(?:regards|sincerely|yours truly|yours faithfully|best wishes|many thanks|cheers),?[ \t]*\n+"
    rf"[ \t]*(?P<v>(?-i:{_FULL}))[ \t]*(?=\n|$|,)",
    re.I,
)
_NO_NAME = frozenset(
    "The This That These Team Desk Office Department Centre Center Support Service Sales Customer"
    " Quality Product Human Resources Section Group Manager Director Company Who Which When If"
    " Please And Or".split()
)


def find_latin_names(text: str) -> Iterator[Finding]:
    """Names with an honorific (left out of the finding), behind a label, or before an address."""
    for match in _HONORIFIC.finditer(text):
        street = _STREET_BEFORE.search(text[max(0, match.start() - 30) : match.start()])
        if not street and match["v"].split()[0] not in _NO_NAME:
            yield _finding(match)
    for pattern in (_SAN, _STRONG, _BEFORE_MAIL, _CLOSING):
        for match in pattern.finditer(text):
            if not _NO_NAME & set(match["v"].split()):
                yield _finding(match)
    for match in _LISTED.finditer(text):
        for name in _TOKEN.finditer(match["list"]):
            words = name["v"].split()
            if words[0] in given_names_en() and not _NO_NAME & set(words):
                yield _finding(name, match.start("list"))


def _finding(match: re.Match[str], offset: int = 0) -> Finding:
    start, end = match.span("v")
    return Finding("name", offset + start, offset + end, plain(match["v"]))
