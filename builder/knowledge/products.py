"""The product table: look-ups by SKU and name, and every value typed (SQLite)."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Container, Iterable
from pathlib import Path

from builder.jsonl import from_line, to_line
from builder.knowledge.facts import Fact, facts_of
from builder.records import CatalogEntry
from builder.text.terms import normalize
from connectors.scratch import Scratch

VERSION = 2
"""`user_version` of the file; one with another is not read."""
_SCHEMA = """
PRAGMA user_version = 2;
CREATE TABLE products (
  chunk TEXT PRIMARY KEY, item TEXT, sku TEXT, code TEXT, name TEXT, category TEXT, language TEXT,
  source TEXT, locator TEXT, tax TEXT, record TEXT);
CREATE INDEX by_sku ON products (sku);
CREATE INDEX by_item ON products (item);
CREATE TABLE names (key TEXT, chunk TEXT);
CREATE INDEX by_key ON names (key);
CREATE TABLE properties (id INTEGER PRIMARY KEY, label TEXT, field TEXT, UNIQUE (label, field));
CREATE TABLE facts (
  id INTEGER PRIMARY KEY, chunk TEXT, property INTEGER, text TEXT, quote TEXT);
CREATE INDEX facts_of_chunk ON facts (chunk, property);
CREATE INDEX facts_of_property ON facts (property);
CREATE TABLE numbers (fact INTEGER, place INTEGER, least REAL, most REAL, unit TEXT);
CREATE INDEX numbers_of_fact ON numbers (fact);
CREATE TABLE words (word TEXT, property INTEGER, chunk TEXT);
CREATE INDEX words_by_property ON words (property, word);
CREATE VIEW stated AS
  SELECT p.item, p.rowid AS place_of_row, p.chunk, p.source, p.locator, p.language, p.tax,
    f.property, f.text, f.quote, n.place, n.least, n.most, n.unit
  FROM products p JOIN facts f ON f.chunk = p.chunk LEFT JOIN numbers n ON n.fact = f.id;
"""
"""`item` is what a product is in every language's catalogue: its SKU, else its row. `words` are the
pieces of values that are words: `black` and `white` of `black, white`."""
_LONGEST_WORDS = 60  # characters of a value whose pieces can be asked for
_PIECES = re.compile(r"\s*(?:[,、/／・;|\n]|\band\b|および|及び)\s*")
_ALIASES = re.compile(
    r"別名|愛称|通称|略称|呼び名|呼称|ニックネーム"
    r"|alias(?:es)?|nickname|also known as|aka|short name",
    re.IGNORECASE,
)
_MIN_NAME = 3
_BETWEEN = r"\s\-_‐‑–—−ー－/・.,()（）"


def build(path: Path, entries: Iterable[CatalogEntry]) -> int:
    """Replace the table by the entries; returns how many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(Scratch("products", path.parent)) as scratch:
        fresh = scratch.path / "products.db"
        count = 0
        with contextlib.closing(sqlite3.connect(fresh)) as db, db:
            db.executescript(_SCHEMA)
            for entry in entries:
                _insert(db, entry)
                count += 1
        fresh.replace(path)
    return count


def _insert(db: sqlite3.Connection, entry: CatalogEntry) -> None:
    product, chunk = entry.product, entry.chunk
    sku = key_of(product.sku)
    db.execute(
        "INSERT OR REPLACE INTO products VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(chunk.id, sku or chunk.id, sku, product.sku, product.name, product.category),
            *(chunk.language, chunk.source, chunk.locator, product.tax, to_line(entry)),
        ),
    )
    aliases = [
        piece
        for attribute in product.attributes
        if _ALIASES.fullmatch(attribute.name.strip())
        for piece in _PIECES.split(attribute.text)
    ]
    for text in {product.sku, product.name, *aliases}:
        key = key_of(text)
        if len(key) >= _MIN_NAME:
            db.execute("INSERT INTO names VALUES (?, ?)", (key, chunk.id))
    for fact in facts_of(entry):
        _insert_fact(db, chunk.id, fact)


def _insert_fact(db: sqlite3.Connection, chunk_id: str, fact: Fact) -> None:
    kind = (fact.label, fact.field)
    db.execute("INSERT OR IGNORE INTO properties (label, field) VALUES (?, ?)", kind)
    (prop,) = db.execute("SELECT id FROM properties WHERE label = ? AND field = ?", kind).fetchone()
    fact_id = db.execute(
        "INSERT INTO facts (chunk, property, text, quote) VALUES (?, ?, ?, ?)",
        (chunk_id, prop, fact.text, fact.quote),
    ).lastrowid
    db.executemany(
        "INSERT INTO numbers VALUES (?, ?, ?, ?, ?)",
        [(fact_id, place, *number) for place, number in enumerate(fact.numbers)],
    )
    has_words = not fact.numbers and len(fact.text) <= _LONGEST_WORDS
    if has_words and fact.field not in ("sku", "name", "description", "url"):
        pieces = {normalize(piece).strip() for piece in _PIECES.split(fact.text)}
        db.executemany(
            "INSERT INTO words VALUES (?, ?, ?)",
            [(piece, prop, chunk_id) for piece in sorted(pieces) if piece],
        )


def key_of(text: str) -> str:
    """A name or SKU without case, width, spaces and hyphens: `Ｋ-210` and `k210` agree."""
    return re.sub(f"[{_BETWEEN}]", "", normalize(text))


def _stands_whole(key: str, text: str) -> bool:
    """Whether the normalized text holds the key as a code of its own: K-210 is not in K-210S, nor
    in K-210-B."""
    spelled = f"[{_BETWEEN}]*".join(re.escape(char) for char in key)
    joined = r"[a-z0-9]|[-_/‐‑–—−][a-z0-9]"
    before = r"(?<![a-z0-9])(?<![a-z0-9][-_/‐‑–—−])"
    return re.search(f"{before}{spelled}(?!{joined})", text) is not None


class ProductTable:
    """Looks products up; empty where the bot has no catalogue."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def named_in(
        self, question: str, allowed: Container[str], limit: int = 6
    ) -> list[CatalogEntry]:
        """Products whose SKU or whole name stands in the question, longest name first, of those
        whose chunk is among `allowed`; the others count as if they were not there."""
        if not self.path.exists():
            return []
        spoken, text = normalize(question), key_of(question)
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as db:
            rows = db.execute(
                "SELECT DISTINCT n.key, p.record, p.sku, p.chunk FROM names n JOIN products p"
                " ON p.chunk = n.chunk WHERE instr(?, n.key) > 0 ORDER BY length(n.key) DESC",
                (text,),
            ).fetchall()
        hits: list[CatalogEntry] = []
        covered: list[str] = []
        for key, record, sku, chunk_id in rows:
            if chunk_id not in allowed:
                continue
            # A SKU counts as a whole word only (K-210 is not in K-210S); a shorter name inside a
            # longer one that was found is the same mention.
            if key == sku:
                is_other = not _stands_whole(key, spoken)
            else:
                is_other = any(key in longer and key != longer for longer in covered)
            if is_other:
                continue
            covered.append(key)
            hits.append(from_line(CatalogEntry, record))
        unique = {entry.chunk.id: entry for entry in hits}
        return list(unique.values())[:limit]
