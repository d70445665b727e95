"""The product table: exact look-ups by SKU and name (SQLite)."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import tempfile
from collections.abc import Iterable
from pathlib import Path

from builder.jsonl import from_line, to_line
from builder.records import CatalogEntry
from builder.text.terms import normalize

_SCHEMA = """
CREATE TABLE products (chunk TEXT PRIMARY KEY, sku TEXT, name TEXT, language TEXT, record TEXT);
CREATE INDEX by_sku ON products (sku);
CREATE TABLE names (key TEXT, chunk TEXT);
CREATE INDEX by_key ON names (key);
"""
_MIN_NAME = 3
_BETWEEN = r"\s\-_‐‑–—−ー－/・.,()（）"


def build(path: Path, entries: Iterable[CatalogEntry]) -> int:
    """Replace the table by the entries; returns how many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".products-") as scratch:
        fresh = Path(scratch) / "products.db"
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
    db.execute(
        "INSERT OR REPLACE INTO products VALUES (?, ?, ?, ?, ?)",
        (chunk.id, key_of(product.sku), product.name, chunk.language, to_line(entry)),
    )
    for text in {product.sku, product.name}:
        key = key_of(text)
        if len(key) >= _MIN_NAME:
            db.execute("INSERT INTO names VALUES (?, ?)", (key, chunk.id))


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

    def named_in(self, question: str, limit: int = 6) -> list[CatalogEntry]:
        """Products whose SKU or whole name stands in the question, longest name first."""
        if not self.path.exists():
            return []
        spoken, text = normalize(question), key_of(question)
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as db:
            rows = db.execute(
                "SELECT DISTINCT n.key, p.record, p.sku FROM names n JOIN products p"
                " ON p.chunk = n.chunk WHERE instr(?, n.key) > 0 ORDER BY length(n.key) DESC",
                (text,),
            ).fetchall()
        hits: list[CatalogEntry] = []
        covered: list[str] = []
        for key, record, sku in rows:
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
