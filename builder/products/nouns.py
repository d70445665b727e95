"""Products meant by a part of their name, their category or a value: `the black steel kettle`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from builder.products.catalogue import Catalogue, Searched, Word
from builder.products.fillers import is_filler_word, japanese_filler
from builder.products.plain import CJK, Remaining, plain, words_of
from builder.products.records import Condition, Member
from builder.products.vocabulary import SAME_VALUES

_TOKEN = re.compile(rf"[a-z0-9À-ɏ°%]+(?:[-./'][a-z0-9À-ɏ]+)*|[{CJK}〆ヶ]+|[,、&/+]")
_JOINING = frozenset(("and", "or", "vs", "versus", "&", ",", "、", "/", "+"))
_COMPOSITE = re.compile(r"[,、/・&]|\band\b")
_MOST = 24  # characters of a piece of a name
_LONGEST = 5  # words of a phrase that means one thing
_SAME = tuple(tuple(map(plain, group.split())) for group in SAME_VALUES)


@dataclass(frozen=True, slots=True)
class Group:
    """Products that one phrase means."""

    start: int
    items: frozenset[str]
    is_category: bool
    """Only a category was named: the products are a kind, not one that somebody has in mind."""
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    text: str
    is_japanese: bool = False
    joins: bool = False


class Nouns:
    """Reads noun phrases against the rows that the asker may see."""

    def __init__(self, catalogue: Catalogue, members: Sequence[Member]) -> None:
        self._catalogue = catalogue
        self._rows = [(member.item, catalogue.searched[member.chunk]) for member in members]
        seen = frozenset(member.chunk for member in members)
        rows = {row.category for _, row in self._rows}
        self._joined = {category for category in rows if _COMPOSITE.search(category)}
        self._words = [one for one in catalogue.words if not one.chunks.isdisjoint(seen)]

    def take(self, remaining: Remaining) -> list[Group] | None:
        """The phrases of what remains; None where a word in them means no product. Words that say
        nothing about products are taken too."""
        whole = self._whole_categories(remaining)
        tokens = [t for place, piece in remaining.pieces() for t in _tokens(place, piece)]
        content = [token for token in tokens if not token.joins]
        if not content:
            return whole
        if group := self._group(content):
            return self._within(group, whole)
        if whole:
            return None
        groups = [self._group(part) for part in _split(tokens)]
        return None if None in groups else [group for group in groups if group]

    def _whole_categories(self, remaining: Remaining) -> list[Group]:
        """Categories whose name joins several words (`Toasters and ovens`), named as a whole."""
        found = []
        for category in sorted(self._joined, key=len, reverse=True):
            for match in remaining.take(_whole(category)):
                items = frozenset(item for item, row in self._rows if row.category == category)
                found.append(Group(match.start(), items, is_category=True))
        return found

    @staticmethod
    def _within(group: Group, whole: Sequence[Group]) -> list[Group] | None:
        """The group as far as it lies within the category that is named beside it."""
        if not whole:
            return [group]
        items = group.items & whole[0].items
        return [replace(group, items=items)] if items and len(whole) == 1 else None

    def unknown_words(self, remaining: Remaining) -> list[str]:
        """English words that neither mean a product nor are fillers: perhaps typing errors."""
        tokens = [t for place, piece in remaining.pieces() for t in _tokens(place, piece)]
        return [
            token.text
            for token in tokens
            if not (token.joins or token.is_japanese) and self._group([token]) is None
        ]

    def _group(self, tokens: Sequence[_Token]) -> Group | None:
        phrase = _Phrase(self._catalogue, self._rows, self._words)
        at = 0
        while at < len(tokens):
            if tokens[at].is_japanese:
                if not phrase.read_japanese(tokens[at].text):
                    return None
                at += 1
                continue
            words = []
            while at < len(tokens) and not tokens[at].is_japanese:
                words += words_of(tokens[at].text)
                at += 1
            if not phrase.read_english(words):
                return None
        items = phrase.items
        if items is None and not phrase.conditions:
            return None
        if items is None:
            items = frozenset(item for item, _ in self._rows)
        only_kind = phrase.is_category and not phrase.is_named
        return Group(tokens[0].start, items, only_kind, tuple(phrase.conditions))


class _Phrase:
    """One phrase, narrowed word by word."""

    def __init__(
        self, catalogue: Catalogue, rows: Sequence[tuple[str, Searched]], words: Sequence[Word]
    ) -> None:
        self._catalogue, self._rows, self._words = catalogue, rows, words
        self.items: frozenset[str] | None = None
        self.conditions: list[Condition] = []
        self.is_category = self.is_named = False

    def read_english(self, words: Sequence[str]) -> bool:
        """Whether all words mean something, the longest phrases first."""
        at = 0
        while at < len(words):
            for length in range(min(_LONGEST, len(words) - at), 0, -1):
                part = tuple(words[at : at + length])
                if all(word.replace(".", "").isdigit() for word in part):
                    return False
                if self._english_piece(part) or self._valued(
                    lambda word, part=part: _holds(word.stems, part), " ".join(part)
                ):
                    at += length
                    break
            else:
                return False
        return True

    def _english_piece(self, part: tuple[str, ...]) -> bool:
        if self._narrow(lambda row: _is_kind(row, part), is_kind=True):
            return True
        return len(part) == 1 and (
            self._narrow(lambda row: part[0] in row.main_stems, is_kind=False)
            or self._narrow(lambda row: part[0] in row.stems, is_kind=False)
        )

    def read_japanese(self, run: str) -> bool:
        """The same for a run without spaces: pieces of names, the longest first."""
        at = 0
        while at < len(run):
            filler = japanese_filler(run, at)
            length = next(
                (
                    n
                    for n in range(min(len(run) - at, _MOST), filler, -1)
                    if self._piece(run[at : at + n])
                ),
                0,
            )
            if not length and not filler:
                return False
            at += length or filler
        return True

    def _piece(self, piece: str) -> bool:
        if len(piece) == 1 and not "一" <= piece <= "鿿":
            return False
        alternatives = next((group for group in _SAME if piece in group), (piece,))
        if not any(one in self._catalogue.text for one in alternatives):
            return self._japanese_value(piece, alternatives)

        kinds = {
            whole
            for whole in self._catalogue.categories
            if any(len(one) > 1 and whole.endswith(one) for one in alternatives)
            and not _COMPOSITE.search(whole)
        }

        def mainly(row: Searched) -> bool:
            return any(word in row.main_name for word in alternatives)

        def named(row: Searched) -> bool:
            return any(word in row.name for word in alternatives)

        if kinds and self._narrow(lambda row: row.category in kinds, is_kind=True):
            return True
        narrowed = self._narrow(mainly, is_kind=False) or self._narrow(named, is_kind=False)
        return narrowed or self._japanese_value(piece, alternatives)

    def _japanese_value(self, piece: str, alternatives: Sequence[str]) -> bool:
        written = [one for one in alternatives if len(one) > 1]
        return self._valued(lambda word: any(one in word.plain for one in written), piece)

    def _narrow(self, test: Callable[[Searched], bool], *, is_kind: bool) -> bool:
        """Keep the products that pass; False, and nothing changed, where none does."""
        found = frozenset(item for item, row in self._rows if test(row))
        found = found if self.items is None else found & self.items
        if found:
            self.items = found
            self.is_category |= is_kind
            self.is_named |= not is_kind
        return bool(found)

    def _valued(self, test: Callable, said: str) -> bool:  # type: ignore[type-arg]
        alternatives = next((group for group in _SAME if said in group), ())
        stems = [tuple(words_of(one)) for one in alternatives]
        found = [
            word
            for word in self._words
            if test(word)
            or any(one and _holds(word.stems, one) for one in stems)
            or any(not one.isascii() and one in word.plain for one in alternatives)
        ]
        if not found:
            return False
        topic = found[0].topic
        words = tuple(sorted({word.written for word in found if word.topic == topic}))
        self.conditions.append(Condition(topic, words=words))
        return True


@cache
def _whole(category: str) -> re.Pattern[str]:
    before = r"(?<![a-z])" if category[0].isascii() else ""
    after = r"(?![a-z])" if category[-1].isascii() else ""
    return re.compile(before + re.escape(category) + after)


def _holds(stems: Sequence[str], part: Sequence[str]) -> bool:
    return bool(part) and set(part) <= set(stems)


def _is_kind(row: Searched, part: tuple[str, ...]) -> bool:
    """Whether the words are the row's category or its end: `kettles` of `Electric kettles`."""
    if _COMPOSITE.search(row.category) and row.category_stems != part:
        return False
    return row.category_stems[-len(part) :] == part


def _tokens(place: int, piece: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(piece):
        text = match[0]
        start = place + match.start()
        if text in _JOINING:
            yield _Token(start, text, joins=True)
        elif re.match(f"[{CJK}]", text):
            yield from _japanese_tokens(start, text)
        elif not is_filler_word(text):
            yield _Token(start, text)


def _japanese_tokens(start: int, text: str) -> Iterator[_Token]:
    """A run without the fillers at its ends."""
    at = 0
    while at < len(text) and (length := japanese_filler(text, at)):
        if text[at : at + length] == "と":
            yield _Token(start + at, "と", joins=True)
        at += length
    if at < len(text):
        yield _Token(start + at, text[at:], is_japanese=True)


def _split(tokens: Sequence[_Token]) -> list[list[_Token]]:
    """The phrases between joining words; a `と` inside a Japanese run joins too."""
    parts: list[list[_Token]] = [[]]
    for token in tokens:
        if token.joins:
            parts.append([])
        elif token.is_japanese and "と" in token.text[1:-1]:
            for number, piece in enumerate(token.text.split("と")):
                if number:
                    parts.append([])
                if piece:
                    parts[-1].append(_Token(token.start, piece, is_japanese=True))
        else:
            parts[-1].append(token)
    return [part for part in parts if part]
