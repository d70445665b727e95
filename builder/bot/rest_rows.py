"""The row of a table that stands for all that the others don't name: `All other main units`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from builder.bot.units import Unit, cells_of
from builder.text.terms import content_terms, terms

_REST = re.compile(
    r"\s*(?:(?:(?:all|any|every|the)\s+)*others?\b|(?:every(?:thing|one)|any(?:thing|one))\s+else\b"
    r"|the\s+rest\b|(?:all|any|the)\s+remaining\b|(?:rest|remaining|else)\s*$"
    r"|その他|そのほか|それ以外|(?:上|左|右)記以外|ほかの|他の)",
    re.IGNORECASE,
)
# A word, or two letters of one Japanese script: `ルの` and `間は` are parts of no name.
_NAMES = re.compile(r"[^\W\d_ぁ-ヿ一-鿿]+|[ァ-ヿ]+|[一-鿿々]+")
# As `terms` has them.
_MEASURES = frozenset("long much mani many often far soon high larg big".split())


def rest_rows(question: str, units: Sequence[Unit]) -> set[Unit]:
    """The rows for the rest of those tables of which no row names what the question is about."""
    tables: dict[tuple[object, ...], list[Unit]] = defaultdict(list)
    for unit in units:
        columns = tuple(label for label, _ in cells_of(unit))
        if columns:  # a long table lies in several chunks
            chunk = unit.chunk
            tables[chunk.document_id, chunk.headings, columns[0]].append(unit)
    return {row for rows in tables.values() for row in _rest_of(question, rows)}


def _rest_of(question: str, rows: Sequence[Unit]) -> list[Unit]:
    rest = [row for row in rows if _REST.match(cells_of(row)[0][1])]
    if not rest or len(rest) == len(rows):
        return []
    labels = [label for row in rows for label, _ in cells_of(row)]
    about = " ".join([*rows[0].chunk.headings, rows[0].heading, *labels])
    subject = _subject(question) - set(terms(about))
    named = any(subject & set(terms(_naming(row))) for row in rows if row not in rest)
    return [] if named or not subject else rest


def _subject(question: str) -> set[str]:
    return {t for t in content_terms(question) - _MEASURES if _NAMES.fullmatch(t)}


def _naming(row: Unit) -> str:
    """The row's cells that may name a thing: its first, and those that state no number."""
    first, *others = (cell for _, cell in cells_of(row))
    return " ".join([first, *(cell for cell in others if not re.search(r"\d", cell))])
