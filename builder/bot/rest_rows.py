"""The row of a table that stands for all that the others don't name: `All other main units`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from builder.bot.units import Unit, cells_of
from builder.text.terms import content_terms, terms

_REST = re.compile(
    r"\s*(?:(?:all|any|every|the)\s+)*(?:others?|remaining|rest|else|everything\s+else|anyone\s+else)\b"
    r"|\s*(?:その他|そのほか|それ以外|(?:上|左|右)記以外|ほかの|他の)",
    re.IGNORECASE,
)


def rest_rows(question: str, units: Sequence[Unit]) -> set[Unit]:
    """The rows for the rest of those tables of which no row names what the question is about."""
    tables: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for unit in units:
        if cells_of(unit):
            tables[unit.chunk.id, unit.heading].append(unit)
    return {row for rows in tables.values() for row in _rest_of(question, rows)}


def _rest_of(question: str, rows: Sequence[Unit]) -> list[Unit]:
    rest = [row for row in rows if _REST.match(cells_of(row)[0][1])]
    if not rest or len(rest) == len(rows):
        return []
    about = " ".join([rows[0].heading, *(label for label, _ in cells_of(rows[0]))])
    subject = content_terms(question) - set(terms(about))
    named = any(
        subject & set(terms(" ".join(value for _, value in cells_of(row))))
        for row in rows
        if row not in rest
    )
    return [] if named or not subject else rest
