"""Check digits: what tells a number of one kind from any other number of its length."""

from __future__ import annotations


def luhn(digits: str) -> bool:
    """Payment cards (ISO/IEC 7812)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def my_number(digits: str) -> bool:
    """Japan's Individual Number: 12 digits, the last checks the others (MIC ordinance 85 of 2014,
    article 5)."""
    if len(digits) != 12:
        return False
    weighted = sum(
        int(digit) * (place + 1 if place <= 6 else place - 5)
        for place, digit in enumerate(reversed(digits[:11]), 1)
    )
    rest = weighted % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)


def iban(code: str) -> bool:
    """International bank account numbers (ISO 13616): the remainder by 97 is 1."""
    if not 15 <= len(code) <= 34 or not code.isalnum():
        return False
    moved = code[4:] + code[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1
