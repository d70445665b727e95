"""What a format's reader returns."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.records import Part, Product


@dataclass(frozen=True, slots=True)
class Reading:
    """The content of one file, before it becomes a `Document` with an id and a language."""

    title: str
    """The title that the file itself states; empty where it states none."""
    parts: tuple[Part, ...]
    products: tuple[Product, ...] = ()
    notes: tuple[str, ...] = ()
    """Things the owner should know, as in `Document.notes`."""
