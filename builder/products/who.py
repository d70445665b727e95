"""Products that a question names by code or whole name, and codes that no product has."""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache

from builder.knowledge.products import key_of
from builder.products.catalogue import Catalogue
from builder.products.plain import Remaining, hiragana
from builder.products.records import Member

_CODE = re.compile(
    r"(?<![a-z0-9.,])(?=[a-z0-9-]*\d)(?=[a-z0-9-]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*(?![a-z0-9])"
)
_QUANTITY = re.compile(r"\d+[a-z]{1,4}")
_LOOK_ALIKE = str.maketrans("oil", "011")
_DIGITS = 4  # a number of fewer digits is hardly a code
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """Where in the question, and which product."""

    start: int
    item: str
    by_code: bool = False


def take_named(
    remaining: Remaining, catalogue: Catalogue, allowed: Container[str]
) -> list[Mention]:
    """Products whose code, name or alias stands in the question, the longest first."""
    items = {member.chunk: member.item for member in catalogue.members}
    found: dict[str, int] = {}
    asked = remaining.text
    squeezed, places = _squeezed(asked)
    for spelled, chunk in catalogue.names:
        at = squeezed.find(spelled)
        if at < 0 or chunk not in allowed:
            continue
        start, end = places[at], places[at + len(spelled) - 1] + 1
        end += len(remaining.text[end:]) - len(remaining.text[end:].lstrip("ー"))
        same = found.get(items[chunk])
        if same is not None and same == start:
            continue
        if not _stands_alone(remaining.text, start, end, spelled):
            continue
        twins = {items[c] for k, c in catalogue.names if k == spelled and c in allowed}
        for item in sorted(twins):
            found.setdefault(item, start)
        remaining.cut(start, end)
        squeezed, places = _squeezed(remaining.text)
    codes = {m.item: hiragana(key_of(m.code)) for m in catalogue.members if m.item in found}
    mentions = [
        Mention(start, item, _squeezed(asked[start:])[0].startswith(codes[item] or "│"))
        for item, start in found.items()
    ]
    mentions += _misread(remaining, catalogue, allowed)
    return sorted(mentions, key=lambda mention: mention.start)


def _squeezed(text: str) -> tuple[str, list[int]]:
    """The text without what stands between letters, and where each character was."""
    places = [place for place, char in enumerate(text) if _counts(char)]
    return "".join(text[place] for place in places), places


@lru_cache(maxsize=4096)
def _counts(char: str) -> bool:
    return bool(key_of(char))


def _stands_alone(text: str, start: int, end: int, key: str) -> bool:
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if key.isdigit() and (len(key) < _DIGITS or re.match(r"[.,]?\d|\s?[a-z円%]", after)):
        return False
    if key[0].isascii() and re.search(r"[a-z0-9]$|[a-z0-9]-$|[¥$.,]$", before):
        return False
    is_code = any(char.isdigit() for char in key) and " " not in text[start:end]
    joined = r"[a-z0-9]|-[a-z0-9]" if is_code else r"(?!s(?![a-z]))[a-z0-9]|-[a-z0-9]"
    return not (key[-1].isascii() and re.match(joined, after))


def _misread(remaining: Remaining, catalogue: Catalogue, allowed: Container[str]) -> list[Mention]:
    """Codes with a letter for the digit that looks like it: `K-21O`."""
    if not _CODE.search(remaining.text):
        return []
    codes: dict[str, set[str]] = {}
    for member in catalogue.members_for(allowed):
        codes.setdefault(key_of(member.code).translate(_LOOK_ALIKE), set()).add(member.item)
    found = []

    def is_one(match: re.Match[str]) -> bool:
        items = codes.get(key_of(match[0]).translate(_LOOK_ALIKE), set())
        if len(items) == 1:
            found.append(Mention(match.start(), next(iter(items))))
        return len(items) == 1

    remaining.take(_CODE, is_one)
    return found


def take_unknown(remaining: Remaining, members: Sequence[Member]) -> list[str]:
    """Part numbers of the same shape as the catalogue's, which none of its products has."""
    if not _CODE.search(remaining.text):
        return []
    shapes = {_shape(member.code) for member in members if member.code}
    found = remaining.take(
        _CODE, lambda m: _shape(m[0]) in shapes and not _QUANTITY.fullmatch(m[0])
    )
    return [match[0].upper() for match in found]


def _shape(code: str) -> tuple[int, str]:
    """(letters at its start, its runs of letters and digits): of `K-210S`, (1, `a9a`)."""
    key = key_of(code)
    runs = re.sub(r"\d+", "9", re.sub(r"[a-z]+", "a", key))
    return len(re.match("[a-z]*", key)[0]), runs  # type: ignore[index]


def near(code: str, members: Sequence[Member]) -> list[str]:
    """Codes of the catalogue that are spelled most like this one."""
    codes = {key_of(member.code): member.code for member in members if member.code}
    same_start = [key for key in codes if key[0] == key_of(code)[:1]]
    closest = difflib.get_close_matches(key_of(code), same_start, _NEAR, cutoff=0.5)
    return [codes[key] for key in closest]
