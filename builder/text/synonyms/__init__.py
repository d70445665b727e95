"""Groups of words that mean the same: built in (`ja.txt`, `en.txt`) and a bot's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from builder.text.terms import normalize

Group = tuple[str, ...]
LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True)
class Meant:
    """A word of a question and the other words for the same thing."""

    word: str
    others: Group


class Synonyms:
    """Finds the words of a text that stand in a group."""

    def __init__(self, own: Iterable[Sequence[str]] = ()) -> None:
        """`own`: a bot's groups; a word in one of them is not looked for in the built-in ones."""
        mine = [_group(words) for words in own]
        named = {word for group in mine for word in group}
        self._groups = [*mine, *(g for g in _built_in() if not named & set(g))]
        words = {word: group for group in reversed(self._groups) for word in group}
        self._of = words
        longest = sorted(words, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_spelled, longest))) if words else None

    def found(self, text: str) -> list[Meant]:
        """The words of the text that have others, in order; the longest where several begin."""
        if self._pattern is None:
            return []
        out: dict[str, Meant] = {}
        for match in self._pattern.finditer(normalize(text)):
            word = self._word(match[0])
            group = self._of[word]
            out.setdefault(word, Meant(word, tuple(other for other in group if other != word)))
        return list(out.values())

    def _word(self, spelled: str) -> str:
        """The group's word that was matched, without an English ending."""
        while spelled not in self._of:
            spelled = spelled[:-1]
        return spelled


def _group(words: Sequence[str]) -> Group:
    return tuple(dict.fromkeys(word for word in (normalize(w).strip() for w in words) if word))


@cache
def _built_in() -> tuple[Group, ...]:
    lines = [
        line
        for language in LANGUAGES
        for line in files(__package__).joinpath(f"{language}.txt").read_text("utf-8").splitlines()
    ]
    return tuple(_group(line.split(",")) for line in lines if line and not line.startswith("#"))


def _spelled(word: str) -> str:
    """English words stand alone and may have an ending; Japanese ones are not set apart."""
    if word.isascii():
        # Not \b: in `pcが壊れた` no word boundary follows the c.
        return rf"(?<![a-z0-9]){re.escape(word)}(?:s|es|d|ed|ing)?(?![a-z0-9])"
    return re.escape(word)
