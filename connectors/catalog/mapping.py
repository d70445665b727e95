"""What each column of one catalogue holds, and how that is told to its owner."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from connectors.catalog.columns import (
    Corrections,
    fields_of,
    hidden_values,
    is_ignored,
    is_variant_axis,
    key_of,
    option_number,
    others_of,
)
from connectors.catalog.header import Column
from connectors.records import Product

_IDENTIFIED = re.compile(r"^(.+?)\s*[\(（]ID[\)）]$", re.IGNORECASE)
_STATED_TWICE = ("category", "description", "image")
_SHOWN_IGNORED = 6  # more are only counted


@dataclass(frozen=True, slots=True)
class Option:
    """A pair of columns that tells variants apart; `name` None: the heading is the name."""

    value: int
    name: int | None = None


@dataclass(frozen=True)
class Columns:
    """The columns of a catalogue by what they hold."""

    all: tuple[Column, ...]
    fields: dict[str, int]
    options: tuple[Option, ...] = ()
    ignored: frozenset[int] = frozenset()
    instead: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """(field, further columns that hold it where its own is blank)."""
    states: tuple[tuple[int, frozenset[str]], ...] = ()
    """(column, what it says of a product that the shop does not show)."""

    @cached_property
    def attributes(self) -> tuple[int, ...]:
        """Indexes of the columns that are attributes of the product."""
        taken = {*self.fields.values(), *self.without_cell}
        return tuple(i for i in range(len(self.all)) if i not in taken)

    @cached_property
    def without_cell(self) -> frozenset[int]:
        """Indexes of the columns that say nothing to somebody who asks."""
        names = {option.name for option in self.options if option.name is not None}
        return self.ignored | names | {index for index, _ in self.states}


def map_columns(columns: Sequence[Column], corrections: Corrections) -> Columns:
    """Every column's meaning, as bot.toml corrects it."""
    labels = [column.label for column in columns]
    said = [corrections.get(key_of(label), "") for label in labels]
    fields = fields_of(_without_ids(labels), corrections)
    options = _numbered_options(labels)
    if "parent" not in fields and options:
        _share_product_id(fields, labels)
    states = [(i, hidden_values(label, "parent" in fields)) for i, label in enumerate(labels)]
    if "parent" in fields and not options:
        axes = (i for i, label in enumerate(labels) if is_variant_axis(label))
        options = [Option(i) for i in axes if i not in fields.values()]
    options += [Option(i) for i, field in enumerate(said) if field == "option"]
    ignored = {
        i
        for i, label in enumerate(labels)
        if said[i] == "ignore"
        or (not said[i] and i not in fields.values() and (is_ignored(label) or _is_id(i, labels)))
    }
    shown = tuple((i, values) for i, values in states if values and not said[i])
    named = _without_ids(labels)
    instead = tuple(
        (field, tuple(i for i in others_of(named, fields, field) if not said[i]))
        for field in _STATED_TWICE
        if field in fields
    )
    return Columns(tuple(columns), fields, tuple(options), frozenset(ignored), instead, shown)


def _is_id(index: int, labels: Sequence[str]) -> bool:
    """Whether a column holds the number of what its sibling names: `規格分類1(ID)`, `…(名称)`."""
    match = _IDENTIFIED.match(labels[index])
    return match is not None and any(
        re.fullmatch(rf"{re.escape(match[1])}\s*[\(（]名称?[\)）]", label) for label in labels
    )


def _without_ids(labels: Sequence[str]) -> list[str]:
    return ["" if _is_id(i, labels) else label for i, label in enumerate(labels)]


def _numbered_options(labels: Sequence[str]) -> list[Option]:
    names = {key_of(label): i for i, label in enumerate(labels)}
    found = []
    for index, label in enumerate(labels):
        number = option_number(label)
        if number and not _is_id(index, labels):
            found.append(Option(index, names.get(f"option{number}name")))
    return found


def _share_product_id(fields: dict[str, int], labels: Sequence[str]) -> None:
    """In tables with a line a variant, the product's own id is what its variants share."""
    shared = [i for i, label in enumerate(labels) if key_of(label) in ("商品id", "productid")]
    if shared and fields.get("sku") not in (None, shared[0]):
        fields["parent"] = shared[0]


def told(columns: Columns, products: Sequence[Product]) -> str:
    """`型番→sku, 税込価格→price (JPY, tax included), 12 attributes`."""
    labels = [column.label for column in columns.all]
    parts = []
    for field, index in sorted(columns.fields.items(), key=lambda entry: entry[1]):
        detail = _money(products) if field == "price" else ""
        parts.append(f"{labels[index]}→{field}{detail}")
    parts += [f"{labels[option.value]}→option" for option in columns.options]
    if attributes := len(set(columns.attributes) - {o.value for o in columns.options}):
        parts.append(f"{attributes} attribute{'s' if attributes > 1 else ''}")
    if columns.ignored:
        names = [labels[i] for i in sorted(columns.ignored)]
        more = f" and {len(names) - _SHOWN_IGNORED} more" if len(names) > _SHOWN_IGNORED else ""
        parts.append(f"ignored: {', '.join(names[:_SHOWN_IGNORED])}{more}")
    return ", ".join(parts)


def _money(products: Sequence[Product]) -> str:
    """Currency and tax, as far as the prices say them."""
    priced = [product for product in products if product.price is not None]
    unpriced = len(products) - len(priced)
    currencies = sorted({product.currency or "no currency" for product in priced})
    taxes = {product.tax for product in priced}
    said = ["/".join(currencies)] if currencies else []
    if len(taxes) == 1 and (tax := taxes.pop()):
        said.append(f"tax {tax}")
    said += [f"{unpriced} without a number"] if unpriced else []
    return f" ({', '.join(said)})" if said else ""
