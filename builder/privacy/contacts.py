"""E-mail addresses and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.privacy.finding import Finding, digits_of

_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9](?:[A-Za-z0-9._%+'-]{0,62}[A-Za-z0-9_+-])?"
    r"@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.(?P<top>[A-Za-z]{2,24})(?![A-Za-z0-9-])"
)
_FILES = frozenset("png jpg jpeg gif svg webp pdf js css py html".split())
_JAPANESE = re.compile(
    r"(?<![\dA-Za-z+.-])(?P<n>\(0\d{1,4}\) ?\d{1,4}-?\d{3,4}"
    r"|0\d{1,4}\(\d{1,4}\)\d{3,4}|0\d{1,4}([- .])\d{1,4}\2\d{3,4})(?![\d-]|[A-Za-z]|\.\d)"
)
_BARE = re.compile(r"(?<![\dA-Za-z+.-])0\d{9,10}(?![\d-]|[A-Za-z]|\.\d)")
_NAMED = re.compile(r"(?:電話|携帯|TEL|FAX|ファックス|phone|mobile|cell|call)[^\d\n]{0,12}$", re.I)
_ABROAD = re.compile(r"(?<![\d+])\+\d{1,3}[ ()./-]{0,2}(?:\d[ ()./-]{0,2}){5,13}\d(?![\dA-Za-z-])")
_AMERICAN = re.compile(
    r"(?<![\dA-Za-z.+-])(?:1[-. ])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-.])[2-9]\d{2}[-.]\d{4}"
    r"(?![\dA-Za-z-])"
)
_NOBODYS = re.compile(r"(?:0120|0800|0570|0990|0180)\d+|(?:\+?1)?8(?:00|33|44|55|66|77|88)\d{7}")
"""Numbers that are free or of shared cost belong to companies only."""


def find_mails(text: str) -> Iterator[Finding]:
    """E-mail addresses."""
    for match in _MAIL.finditer(text):
        if match["top"].lower() not in _FILES and not match[0].startswith("git@"):
            yield Finding("email", match.start(), match.end(), match[0].casefold())


def find_phones(text: str) -> Iterator[Finding]:
    """Telephone numbers, also fictitious ones; extensions (`内線7300`) aren't personal."""
    for match in _ABROAD.finditer(text):
        if number := _international(match[0]):
            yield _phone(match, number)
    for match in _JAPANESE.finditer(text):
        digits = digits_of(match[0])
        if len(digits) == 10 or (len(digits) == 11 and re.match("0[25-9]0", digits)):
            yield _phone(match, digits)
    for match in _BARE.finditer(text):
        mobile = re.fullmatch(r"0[789]0\d{8}", match[0])
        if mobile or _NAMED.search(text[max(0, match.start() - 20) : match.start()]):
            yield _phone(match, match[0])
    for match in _AMERICAN.finditer(text):
        yield _phone(match, "+1" + digits_of(match[0])[-10:])


def _phone(match: re.Match[str], number: str) -> Finding:
    value = "" if _NOBODYS.fullmatch(number) else number
    japanese = value.startswith("0")
    return Finding("phone", match.start(), match.end(), "+81" + value[1:] if japanese else value)


def _international(text: str) -> str:
    """`+81…` as one word, or empty where no country has such numbers."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    written: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    # Of a Japanese number the zero inside brackets, `+81 (0)3`, is dropped by the library.
    return "0" + written[3:] if written.startswith("+81") else written
