"""One row of a catalogue as a Product."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from connectors.catalog.dimensions import split_dimensions
from connectors.catalog.mapping import Columns
from connectors.catalog.markup import plain_text
from connectors.catalog.prices import Price, currency_of, parse_price, tax_flag, tax_of
from connectors.catalog.quantities import parse_quantity
from connectors.catalog.units import is_missing
from connectors.catalog.variants import options_of
from connectors.records import Attribute, Product

_MIN_CELLS = 2  # a row with one filled cell is a heading or a remark


def product_from(cells: Sequence[str], columns: Columns, locator: str) -> Product | None:
    """The product, or None where the row has neither code nor name, or but one filled cell."""
    values = {
        index: plain_text(cells[index])
        for index in range(min(len(cells), len(columns.all)))
        if not is_missing(cells[index]) and index not in columns.ignored
    }
    stated, used = _stated(values, columns)
    if len(values) < _MIN_CELLS or not (stated.get("sku") or stated.get("name")):
        return None
    price = _price(stated, columns)
    options = options_of(cells, columns)
    shown = {i: value for i, value in values.items() if i not in columns.without_cell}
    return Product(
        sku=stated.get("sku", ""),
        name=_named(_one_line(stated.get("name", "")), options),
        locator=locator,
        brand=stated.get("brand", ""),
        category=stated.get("category", ""),
        price=price.amount,
        currency=price.currency,
        tax=price.tax,
        price_text=stated.get("price", ""),
        description=stated.get("description", ""),
        availability=stated.get("availability", ""),
        url=stated.get("url", ""),
        image=_first_image(stated.get("image", "")),
        parent=stated.get("parent", ""),
        options=options,
        cells=tuple((columns.all[index].label, value) for index, value in shown.items()),
        attributes=tuple(_attributes({i: shown[i] for i in shown.keys() - used}, columns)),
        missing=_missing(values, columns),
    )


def _stated(values: dict[int, str], columns: Columns) -> tuple[dict[str, str], set[int]]:
    """What the row says of each field, and the columns that say it."""
    found = {field: index for field, index in columns.fields.items() if index in values}
    for field, others in columns.instead:
        other = next((index for index in others if index in values), None)
        if field not in found and other is not None:
            found[field] = other
    return {field: values[index] for field, index in found.items()}, set(found.values())


def _price(stated: dict[str, str], columns: Columns) -> Price:
    """The price with what its heading and its neighbours say of currency and tax."""
    price = parse_price(stated.get("price", ""))
    if price.amount is None:
        return price
    heading = columns.all[columns.fields["price"]].label
    currency = price.currency or currency_of(stated.get("currency", "")) or currency_of(heading)
    tax = price.tax or tax_flag(stated.get("tax", "")) or tax_of(heading)
    return Price(price.amount, currency, tax)


def _attributes(values: dict[int, str], columns: Columns) -> Iterator[Attribute]:
    for index in columns.attributes:
        if index in values:
            column, text = columns.all[index], values[index]
            yield attribute_from(column.name, text, column.unit)
            yield from split_dimensions(column.name, text, column.unit, column.label)


def attribute_from(name: str, text: str, unit: str = "") -> Attribute:
    """The property as written and as understood; a bare number has the unit."""
    found = parse_quantity(text, unit)
    return Attribute(
        name,
        text,
        found.number,
        found.unit,
        least=found.least,
        most=found.most,
        is_approximate=found.is_approximate,
    )


def _missing(values: dict[int, str], columns: Columns) -> tuple[str, ...]:
    """Columns that the row leaves empty; options and states are no facts that could be missing."""
    optional = {option.value for option in columns.options} | columns.without_cell
    return tuple(
        column.name
        for i, column in enumerate(columns.all)
        if i not in values and column.is_named and i not in optional
    )


def _named(name: str, options: Sequence[tuple[str, str]]) -> str:
    """A variant's name says which it is: `Tシャツ (赤, M)`."""
    told = ", ".join(value for _, value in options if value not in name)
    return f"{name} ({told})" if name and told else name


def _first_image(text: str) -> str:
    return re.split(r"[\s,;|]+(?=https?://)|[,;|\n]\s*(?!.*://)", text, maxsplit=1)[0]


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text).strip()
