"""One row of a catalogue as a Product."""

from __future__ import annotations

import re
from collections.abc import Sequence

from connectors.catalog.header import Column
from connectors.catalog.units import currency_of, is_missing, parse_price, parse_quantity
from connectors.records import Attribute, Product

_MIN_CELLS = 2  # a row with one filled cell is a heading or a remark


def product_from(
    cells: Sequence[str], columns: Sequence[Column], fields: dict[str, int], locator: str
) -> Product | None:
    """The product, or None where the row has neither code nor name, or but one filled cell."""
    values = {
        index: cells[index]
        for index in range(min(len(cells), len(columns)))
        if not is_missing(cells[index])
    }
    stated = {field: values.get(index, "") for field, index in fields.items()}
    if len(values) < _MIN_CELLS or not (stated.get("sku") or stated.get("name")):
        return None
    price, currency = parse_price(stated.get("price", ""))
    if price is not None and not currency:
        heading = columns[fields["price"]].label
        currency = currency_of(stated.get("currency", "")) or currency_of(heading)
    rest = [index for index in range(len(columns)) if index not in fields.values()]
    return Product(
        sku=stated.get("sku", ""),
        name=_one_line(stated.get("name", "")),
        locator=locator,
        brand=stated.get("brand", ""),
        category=stated.get("category", ""),
        price=price,
        currency=currency,
        description=stated.get("description", ""),
        availability=stated.get("availability", ""),
        url=stated.get("url", ""),
        cells=tuple((columns[index].label, value) for index, value in values.items()),
        attributes=tuple(_attribute(columns[i], values[i]) for i in rest if i in values),
        missing=tuple(c.name for i, c in enumerate(columns) if i not in values and c.is_named),
    )


def _attribute(column: Column, text: str) -> Attribute:
    number, unit = parse_quantity(text, column.unit)
    return Attribute(column.name, text, number, unit)


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text).strip()
