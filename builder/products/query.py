"""Queries over the product table. Every value goes into SQL as a parameter; the asker's rights are
part of each query."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Container, Iterator, Sequence
from pathlib import Path

from builder.products.records import Condition, Extreme, Topic, Value

_VALUES = """
SELECT item, text, quote, source, locator, language, tax, least, unit, chunk FROM stated
WHERE item IN (SELECT value FROM json_each(?)) AND property IN (SELECT value FROM json_each(?))
  AND (place IS NULL OR place = 0) AND readable(chunk)
ORDER BY language <> ?, place_of_row, property
"""
_UNITS = """
SELECT unit FROM stated
WHERE item IN (SELECT value FROM json_each(?)) AND property IN (SELECT value FROM json_each(?))
  AND unit IS NOT NULL AND readable(chunk)
GROUP BY unit ORDER BY count(DISTINCT item) DESC, min(place), unit LIMIT 1
"""
_EXTREME = """
WITH one AS (
  SELECT *, ROW_NUMBER() OVER (
    PARTITION BY item ORDER BY language <> ?, place_of_row, property, place) AS turn
  FROM stated WHERE item IN (SELECT value FROM json_each(?))
    AND property IN (SELECT value FROM json_each(?)) AND unit = ? AND readable(chunk)),
ranked AS (
  SELECT *, RANK() OVER (ORDER BY least * ?) AS better,
    DENSE_RANK() OVER (ORDER BY least * ?) AS step
  FROM (SELECT * FROM one WHERE turn = 1))
SELECT item, text, quote, source, locator, language, tax, least, unit, chunk FROM ranked
WHERE iif(? = 1, better <= ?, step = ?)
ORDER BY better, place_of_row
"""
_CLOSED = """
SELECT DISTINCT item FROM stated
WHERE item IN (SELECT value FROM json_each(?)) AND property IN (SELECT value FROM json_each(?))
  AND unit IN (?, '') AND readable(chunk)
  AND least >= coalesce(?, least) AND most <= coalesce(?, most)
"""
_OPEN = """
SELECT DISTINCT item FROM stated
WHERE item IN (SELECT value FROM json_each(?)) AND property IN (SELECT value FROM json_each(?))
  AND unit IN (?, '') AND readable(chunk)
  AND (? IS NULL OR least > ?) AND (? IS NULL OR most < ?)
"""
_WORDED = """
SELECT DISTINCT p.item FROM products p JOIN words w ON w.chunk = p.chunk
WHERE p.item IN (SELECT value FROM json_each(?))
  AND w.property IN (SELECT value FROM json_each(?))
  AND w.word IN (SELECT value FROM json_each(?)) AND readable(p.chunk)
"""


class ProductRows:
    """The rows that somebody may read."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def values(self, items: Sequence[str], topic: Topic, language: str) -> dict[str, Value]:
        """What each item states of the topic, in the language's catalogue where that does."""
        found: dict[str, Value] = {}
        for row in self._db.execute(_VALUES, (*_of(items, topic), language)):
            found.setdefault(row[0], Value(*row))
        return {item: found[item] for item in items if item in found}

    def unit(self, items: Sequence[str], topic: Topic) -> str | None:
        """The base unit in which most of the items state the topic; None without numbers."""
        row = self._db.execute(_UNITS, _of(items, topic)).fetchone()
        return str(row[0]) if row else None

    def extreme(
        self, items: Sequence[str], extreme: Extreme, unit: str, language: str
    ) -> list[Value]:
        """Who states the most, or the least, in that unit, best first: several where they tie."""
        sign = -1 if extreme.is_most else 1
        ranks = (extreme.first, extreme.last, extreme.last)
        of = _of(items, extreme.topic)
        rows = self._db.execute(_EXTREME, (language, *of, unit, sign, sign, *ranks))
        return [Value(*row) for row in rows]

    def stating(self, items: Sequence[str], condition: Condition) -> set[str]:
        """Items that state the condition's topic in its unit, or in words where it has words."""
        if condition.words:
            return set(self.values(items, condition.topic, ""))
        return set(self._matching(items, Condition(condition.topic, condition.unit)))

    def matching(self, items: Sequence[str], conditions: Sequence[Condition]) -> list[str]:
        """Items that fulfil every condition, in their order."""
        left = list(items)
        for condition in conditions:
            fulfilled = set(self._matching(left, condition))
            if condition.is_denied:
                fulfilled = self.stating(left, condition) - fulfilled
            left = [item for item in left if item in fulfilled]
        return left

    def _matching(self, items: Sequence[str], condition: Condition) -> Iterator[str]:
        of = _of(items, condition.topic)
        if condition.words:
            rows = self._db.execute(_WORDED, (*of, json.dumps(condition.words)))
        elif condition.is_open:
            least, most = condition.least, condition.most
            rows = self._db.execute(_OPEN, (*of, condition.unit, least, least, most, most))
        else:
            bounds = (condition.least, condition.most)
            rows = self._db.execute(_CLOSED, (*of, condition.unit, *bounds))
        return (str(item) for (item,) in rows)


@contextlib.contextmanager
def open_rows(path: Path, allowed: Container[str]) -> Iterator[ProductRows]:
    """The table, where rows whose chunk is not among `allowed` are as if they were not there."""
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        db.create_function("readable", 1, lambda chunk: chunk in allowed)
        yield ProductRows(db)


def _of(items: Sequence[str], topic: Topic) -> tuple[str, str]:
    return json.dumps(list(items)), json.dumps(topic.properties)
