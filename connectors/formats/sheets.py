"""A workbook's sheets → what its reader returns: the same for every form of workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connectors.catalog.header import Row
from connectors.catalog.merges import Merge
from connectors.catalog.table import Table, read_table
from connectors.reading import Reading
from connectors.records import Part, Product
from connectors.settings import ReadingSettings


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows that aren't blank, each with its number from 1; none are needed of a hidden sheet."""

    name: str
    rows: Sequence[Row] = ()
    merges: Sequence[Merge] = ()
    is_hidden: bool = False


def reading_of(title: str, sheets: Iterable[Sheet], settings: ReadingSettings) -> Reading:
    """Parts `sheet NAME`, products where one is a catalogue; hidden ones left out with a note.

    Takes the sheets one after the other: not all their rows are held at once.
    """
    parts: list[Part] = []
    products: list[Product] = []
    notes: list[str] = []
    hidden: list[str] = []
    for sheet in sheets:
        if sheet.is_hidden:
            hidden.append(sheet.name)
            continue
        place = f"sheet {sheet.name}"
        table = Table(
            sheet.rows, merges=tuple(sheet.merges), place=place, corrections=settings.columns
        )
        content = read_table(table)
        if content.lines:
            parts.append(Part(place, "\n".join(content.lines) + "\n"))
        products += content.products
        notes += content.notes
    if hidden:
        notes.insert(0, f"hidden sheets left out: {', '.join(hidden)}")
    return Reading(title, tuple(parts), tuple(products), tuple(notes))
