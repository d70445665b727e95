"""Numbers that name a person: cards, My Number, accounts, passports, licences, birth dates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.privacy import check_digits
from builder.privacy.finding import Finding, Kind, digits_of

_CARD = re.compile(r"(?<![\dA-Za-z.-])\d(?:[ -]?\d){13,18}(?![\d-]|\.\d)")
_GROUPS = re.compile(r"\d+|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ -])\d{6}\2\d{4,5}")
_ISSUERS = re.compile(
    r"4\d{15}(?:\d{3})?|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"
    r"|3[47]\d{13}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}|62\d{14,17}"
)
_MY_NUMBER = re.compile(r"(?<![\dA-Za-z-])\d{4}([ -]?)\d{4}\1\d{4}(?![\d-])")
_MY_NUMBER_NAMED = re.compile(r"マイナンバー|個人番号|my ?number|individual number", re.I)
_SSN = re.compile(r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])")
_SSN_NAMED = re.compile(r"\bSSN\b|social security", re.I)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_LINK = r"(?:は|が|の)?[ \t]*(?:番号|No\.?|number)?[ \t]*[:：|#]?[ \t|]*"
_DATE = (
    r"(?:(?:明治|大正|昭和|平成|令和|[MTSHR])?\d{1,4}[年/.-]\d{1,2}[月/.-]\d{1,2}日?"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}"
    r"|\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8}\.?,? \d{4}"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})"
)
_LABELLED: tuple[tuple[Kind, str], ...] = (
    (
        "bank-account",
        rf"口座番号{_LINK}(?:(?:普通|当座|貯蓄)(?:預金)?[ :]*)?(?P<v>\d[\d-]{{4,9}}\d)",
    ),
    (
        "bank-account",
        r"(?:普通|当座|貯蓄)(?:預金|口座)? *(?:No\.?|番号)?[ :]*(?P<v>\d{6,8})(?![\d年円%])",
    ),
    ("bank-account", r"記号[ :]*(?P<v>\d{5}(?:-\d)?[ 、,・]*番号[ :]*\d{2,8})"),
    (
        "bank-account",
        r"(?:bank )?(?:account|acct\.?|a/c) ?(?:number|no\.?|num\.?|#)(?: is)?[ :|#]*"
        r"(?P<v>\d[\d -]{4,16}\d)",
    ),
    ("passport", rf"(?:旅券|パスポート){_LINK}(?P<v>[A-Z]{{1,2}}\d{{6,8}}|\d{{9}})"),
    ("passport", r"passport ?(?:number|no\.?|#)(?: is)?[ :|#]*(?P<v>[A-Z]{0,2}\d{6,9})"),
    ("licence", rf"(?:運転)?免許証?(?:の)?番号{_LINK}(?P<v>(?:第 ?)?\d{{12}})"),
    (
        "licence",
        r"driv(?:er['’]?s?|ing) licen[cs]e ?(?:number|no\.?|#)(?: is)?[ :|#]*"
        r"(?P<v>(?=[A-Z-]*\d)[A-Z0-9-]{6,18})",
    ),
    ("birth-date", rf"(?:生年月日|誕生日|出生日){_LINK}(?:西暦)?(?P<v>{_DATE})"),
    ("birth-date", rf"(?P<v>{_DATE})[ (]?生(?:まれ|れ|[ )、。]|$)"),
    (
        "birth-date",
        rf"(?:date of birth|birth ?date|\bd\.?o\.?b\b\.?|born on)(?: is)?[ :|]*(?P<v>{_DATE})",
    ),
)
_PATTERNS = tuple((kind, re.compile(pattern, re.I | re.M)) for kind, pattern in _LABELLED)


def find_cards(text: str) -> Iterator[Finding]:
    """Payment cards: an issuer's prefix and length, groups as on a card, and the check digit."""
    for match in _CARD.finditer(text):
        digits = digits_of(match[0])
        if _GROUPS.fullmatch(match[0]) and _ISSUERS.fullmatch(digits) and check_digits.luhn(digits):
            yield Finding("card", match.start(), match.end(), digits)


def find_my_numbers(text: str) -> Iterator[Finding]:
    """My Numbers, in a text that names them: 12 digits alone are too often something else."""
    if not _MY_NUMBER_NAMED.search(text):
        return
    for match in _MY_NUMBER.finditer(text):
        digits = digits_of(match[0])
        if check_digits.my_number(digits):
            yield Finding("my-number", match.start(), match.end(), digits)


def find_ssns(text: str) -> Iterator[Finding]:
    """US social security numbers, in a text that names them."""
    if _SSN_NAMED.search(text):
        for match in _SSN.finditer(text):
            yield Finding("ssn", match.start(), match.end(), digits_of(match[0]))


def find_ibans(text: str) -> Iterator[Finding]:
    """International bank account numbers, by their check digits."""
    for match in _IBAN.finditer(text):
        code = match[0].replace(" ", "")
        end = match.end()
        # A word in capitals behind it is taken along by the pattern.
        while code and not check_digits.iban(code) and " " in text[match.start() : end]:
            end = text.rindex(" ", match.start(), end)
            code = text[match.start() : end].replace(" ", "")
        if check_digits.iban(code):
            yield Finding("bank-account", match.start(), end, code)


def find_labelled(text: str) -> Iterator[Finding]:
    """Accounts, passports, licences and birth dates, which only their label tells."""
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            value = "".join(match["v"].split()).upper().strip("-")
            yield Finding(
                kind, *match.span("v"), value if kind == "birth-date" else value.replace("-", "")
            )
