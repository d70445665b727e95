"""The catalogue as questions need it: who is in it, and what its columns are called."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from builder.knowledge.products import VERSION
from builder.products.plain import hiragana, plain, words_of
from builder.products.records import Member, Topic
from builder.products.vocabulary import CONCEPTS, FIELD_LABELS, Concept
from connectors.catalog.columns import key_of

_JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
_FOR_ANOTHER = re.compile(r"\bfor\b.*|[^\s・(（]+用(?=\s|・)")
_TAG = re.compile(r"[<\[【〈《](.+?)[>\]】〉》]")
_MEASURES = frozenset(concept.key for concept in CONCEPTS if concept.part_of)
_NO_HEADING = re.compile(r"column \d+|id|no|番号|備考|remarks|notes")


@dataclass(frozen=True, slots=True)
class Word:
    """A value that is a word: of a colour, of a material."""

    plain: str
    stems: tuple[str, ...]
    written: str
    """As the product table has it."""
    topic: Topic
    chunks: frozenset[str]
    """The rows that state it."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A row's name and category, as words of questions are compared with them."""

    name: str
    main_name: str
    """Without what it is for: a `Lid for Yune kettles` is no kettle."""
    stems: frozenset[str]
    main_stems: frozenset[str]
    category: str
    category_stems: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """Everything but the values. The same for all who ask: `members_for` is what one may see."""

    members: tuple[Member, ...]
    names: tuple[tuple[str, str], ...]
    """(SKU, name or alias without spaces, hyphens and kinds of kana, chunk), longest first."""
    topics: tuple[Topic, ...]
    units: dict[str, frozenset[str]]
    """Topic's key → base units of its numbers."""
    words: tuple[Word, ...]
    concepts: dict[str, Topic] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """All names and categories: what does not stand here stands in no row."""
        rows = self.searched.values()
        return "\n".join({line for row in rows for line in (row.name, row.category)})

    @cached_property
    def categories(self) -> frozenset[str]:
        """All categories, as they are compared."""
        return frozenset(row.category for row in self.searched.values())

    @cached_property
    def searched(self) -> dict[str, Searched]:
        """Chunk → its row as it is searched."""
        return {member.chunk: _searched(member) for member in self.members}

    def members_for(self, allowed: Container[str]) -> tuple[Member, ...]:
        """The rows whose chunks are among `allowed`."""
        return tuple(member for member in self.members if member.chunk in allowed)


def load(path: Path) -> Catalogue | None:
    """The catalogue of a product table; None where another version of this program made it, and
    `status` calls the index stale."""
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        if db.execute("PRAGMA user_version").fetchone() != (VERSION,):
            return None
        members = tuple(
            Member(*row)
            for row in db.execute(
                "SELECT item, chunk, code, name, category, language FROM products ORDER BY rowid"
            )
        )
        named = db.execute(
            "SELECT DISTINCT n.key, n.chunk FROM names n ORDER BY length(n.key) DESC"
        ).fetchall()
        properties = db.execute("SELECT id, label, field FROM properties ORDER BY id").fetchall()
        units = db.execute(
            "SELECT DISTINCT f.property, n.unit FROM numbers n JOIN facts f ON f.id = n.fact"
        ).fetchall()
        words = db.execute("SELECT word, property, chunk FROM words").fetchall()
    topics = _topics(properties)
    of_property = {number: topic for topic in topics for number in topic.properties}
    return Catalogue(
        members,
        tuple((hiragana(key), chunk) for key, chunk in named),
        topics,
        _units(units, of_property),
        _words(words, of_property),
        {topic.key: topic for topic in topics if not topic.key.startswith("=")},
    )


def _units(rows: Iterable[tuple[int, str]], topics: dict[int, Topic]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for number, unit in rows:
        if number in topics:
            found[topics[number].key].add(unit)
    return {key: frozenset(units) for key, units in found.items()}


def _words(rows: Iterable[tuple[str, int, str]], topics: dict[int, Topic]) -> tuple[Word, ...]:
    stating: dict[tuple[str, int], set[str]] = defaultdict(set)
    for word, number, chunk in rows:
        stating[word, number].add(chunk)
    return tuple(
        Word(plain(word), tuple(words_of(plain(word))), word, topics[number], frozenset(chunks))
        for (word, number), chunks in sorted(stating.items())
        if number in topics and topics[number].key not in ("category", "availability")
    )


def _searched(member: Member) -> Searched:
    name, category = plain(member.name), plain(member.category)
    if not category and (tag := _TAG.match(name)):
        category = tag[1]
    main = _FOR_ANOTHER.sub(" ", name)
    return Searched(
        name,
        main,
        frozenset(words_of(name)),
        frozenset(words_of(main)),
        category,
        tuple(words_of(category)),
    )


def _topics(properties: Iterable[tuple[int, str, str]]) -> tuple[Topic, ...]:
    """The columns of one meaning together, whatever their catalogue calls them."""
    known = {key: c for c in CONCEPTS for key in map(key_of, c.labels.split())}
    concepts = {concept.key: concept for concept in CONCEPTS}
    columns: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, label, of_field in properties:
        if of_field:
            columns[of_field].append((number, label))
        elif concept := _concept(label, known):
            columns[concept.key].append((number, label))
        elif not _NO_HEADING.fullmatch(label.lower()):
            columns[f"={plain(label)}"].append((number, label))
    return tuple(_topic(key, found, concepts.get(key)) for key, found in columns.items())


def _concept(label: str, known: dict[str, Concept]) -> Concept | None:
    if "kj" in label.lower():  # beside kcal
        return None
    sides = [label, *re.split(r"\s*[/／]\s*", label)]
    return next((known[key_of(side)] for side in sides if key_of(side) in known), None)


def _topic(key: str, columns: list[tuple[int, str]], concept: Concept | None) -> Topic:
    sides = [side for _, label in columns for side in re.split(r"\s+[/／]\s+", label)]
    labels = [side.replace("_", " ") for side in sides]
    english = next((one.lower() for one in labels if not _JAPANESE.search(one)), "")
    japanese = next((one for one in labels if _JAPANESE.search(one)), "")
    is_ours = key in FIELD_LABELS or key in _MEASURES
    if concept and (is_ours or not english):
        english = concept.english
    if concept and (is_ours or not japanese):
        japanese = concept.japanese
    return Topic(
        key, tuple(number for number, _ in columns), english or japanese, japanese or english
    )
