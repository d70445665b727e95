"""What a source turns into: documents, products, and the items that were rejected."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a document that one locator names: a page, a slide, a sheet, or the whole file.

    `text` is Markdown-like, whatever the format: headings as `# …`, list items as `- …` or `1. …`,
    table rows as `| a | b |`. For text formats it is the decoded file, character for character.
    """

    locator: str
    """`page 3`, `slide 2`, `sheet Prices`; empty where the whole file is one part."""
    text: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """One property of a product, as written and as understood."""

    name: str
    text: str
    """The value as the source writes it: `1.5L`, `約1.1kg`."""
    number: Decimal | None = None
    """In `unit`; None for words and ranges."""
    unit: str = ""
    """The base unit: `mL`, `g`, `mm`, `W`, `V`, `s`, …; see `connectors.catalog.units`."""
    least: Decimal | None = None
    most: Decimal | None = None
    """The ends of a range, in `unit`."""
    is_approximate: bool = False
    """The source says about (`約`)."""
    split_from: str = ""
    """The attribute whose text this is one measure of: `寸法` of `寸法 幅`."""


@dataclass(frozen=True, slots=True)
class Product:
    """One row of a catalogue. Missing values are None or empty, never guessed."""

    sku: str
    name: str
    locator: str
    """Where the row stands in its source: `row 12`."""
    brand: str = ""
    category: str = ""
    price: Decimal | None = None
    currency: str = ""
    """ISO 4217."""
    tax: str = ""
    """`included` or `excluded` in the price; empty where the source doesn't say."""
    price_text: str = ""
    """The price as written: `12,800円(税込)`, `オープン価格`."""
    description: str = ""
    availability: str = ""
    url: str = ""
    image: str = ""
    """URL or path of the first image."""
    parent: str = ""
    """What the variants of one product share: a handle, a group's id."""
    options: tuple[tuple[str, str], ...] = ()
    """What tells a variant from its siblings: (`色`, `赤`)."""
    cells: tuple[tuple[str, str], ...] = ()
    """(column, value) of every filled cell, as written (HTML as text) and in the source's order;
    without columns that are ignored."""
    attributes: tuple[Attribute, ...] = ()
    missing: tuple[str, ...] = ()
    """Attribute names that the catalogue has a column for, but this row leaves empty."""


@dataclass(frozen=True, slots=True)
class Document:
    """One imported file, page or table. `id` and `source` stay the same at the next import."""

    id: str
    """16 hex digits of the SHA-256 of `source`."""
    source: str
    """Path relative to the imported folder with `/`, or a URL, or a table's name."""
    title: str
    language: str
    """ISO 639-1: `ja`, `en`, …; `und` where there is too little text to tell."""
    format: str
    """`md`, `pdf`, `csv`, …"""
    content_hash: str
    """SHA-256 (hex) of the source's bytes."""
    parts: tuple[Part, ...]
    products: tuple[Product, ...] = ()
    notes: tuple[str, ...] = ()
    """Things the owner should know: `encoding cp932`, `duplicate SKU K-210 in row 9; …`."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """An item that was not imported, and why."""

    source: str
    reason: str
    """A short stable word for counting: `empty`, `encrypted`, `no-text`, `unsupported`, `broken`,
    `too-large`, `unreadable`, `timeout`, `link-outside`, `ignored`, `binary`,
    `too-deep`."""
    message: str
    """What happened and what to do, in one sentence."""
