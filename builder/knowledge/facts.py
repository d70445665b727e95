"""What a catalogue row states, value by value: as written, and as numbers that SQL can compare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from builder.records import CatalogEntry
from connectors.catalog.columns import key_of, strong_field
from connectors.catalog.prices import parse_price
from connectors.catalog.quantities import NOTHING, NUMBER, Quantity, parse_quantity
from connectors.catalog.units import normalize_width, symbol_of
from connectors.records import Attribute, Product

STOCK = "stock"
"""The unit of a number that says whether there is any: 1, 0, or a half where it can be ordered."""

_FIELDS = ("sku", "name", "category", "brand", "description", "availability", "url")
_BARE = re.compile(rf"\(?{NUMBER}\)?")
_BESIDE = re.compile(r"^(?P<before>[^()]*)\((?P<inside>[^()]*)\)\s*$")
_NONE_LEFT = re.compile(
    r"out.?of.?stock|sold out|unavailable|discontinued|not in stock|在庫切れ|在庫なし"
    r"|在庫無し|品切れ|売り?切れ|完売|欠品|販売終了|廃番|^[×✕]$|^0\D*$|^no$|^false$",
    re.IGNORECASE,
)
_TO_ORDER = re.compile(
    r"back.?order|pre.?order|on order|取り?寄せ|受注|入荷待ち|予約", re.IGNORECASE
)
_SOME_LEFT = re.compile(
    r"in.?stock|available|在庫(?:あり|有)|^[○◯◎]|[1-9]|^yes$|^true$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of one product."""

    label: str
    """The column's heading, without its unit."""
    field: str
    """The product's field that it is (`price`, `sku`, …); empty for attributes."""
    text: str
    """As written; a bare number has its column's unit."""
    quote: str
    """The line of the chunk that states it, verbatim."""
    numbers: tuple[tuple[float, float, str], ...] = ()
    """(least, most, base unit); the first is the value, others what stands in parentheses."""


def facts_of(entry: CatalogEntry) -> Iterator[Fact]:
    """Everything that the product's row states."""
    product = entry.product
    lines = _Lines(entry)
    if product.price_text or product.price is not None:
        yield _price(product, lines)
    for field in _FIELDS:
        text: str = getattr(product, field)
        if text:
            label, quote = lines.of_field(field, text)
            yield Fact(label or field, field, text, quote, _field_numbers(field, text))
    for attribute in product.attributes:
        quote = lines.of_attribute(attribute)
        text = _with_unit(attribute)
        yield Fact(attribute.name, "", text, quote, tuple(_numbers(attribute)))


_key_of = lru_cache(maxsize=4096)(key_of)  # a catalogue's headings come again in every row
_field_of = lru_cache(maxsize=4096)(strong_field)


class _Lines:
    """The lines of a product's chunk, found by their columns."""

    def __init__(self, entry: CatalogEntry) -> None:
        self._cells = entry.product.cells
        self._text = entry.chunk.text
        self._by_heading: dict[str, list[tuple[str, str]]] = {}
        for label, cell in self._cells:
            self._by_heading.setdefault(_key_of(label), []).append((label, cell))

    def of_field(self, field: str, value: str) -> tuple[str, str]:
        """(heading, line) of the cell that gave a field its value."""
        same = [(label, cell) for label, cell in self._cells if cell == value]
        if len(same) > 1:
            same.sort(key=lambda cell: _field_of(cell[0]) != field)
        return (same[0][0], self._line(*same[0])) if same else ("", self._first())

    def of_attribute(self, attribute: Attribute) -> str:
        """The line that states it."""
        name = _key_of(attribute.split_from or attribute.name)
        for label, cell in self._by_heading.get(name, ()):
            if attribute.split_from or cell == attribute.text:
                return self._line(label, cell)
        return self.of_field("", attribute.text)[1]

    def _line(self, label: str, value: str) -> str:
        line = f"{label}: {value}"
        return line if line in self._text else self._first()

    def _first(self) -> str:
        return self._text.split("\n", 1)[0]


def _price(product: Product, lines: _Lines) -> Fact:
    text = product.price_text or f"{product.price}"
    label, quote = lines.of_field("price", text)
    numbers: tuple[tuple[float, float, str], ...] = ()
    if product.price is not None:
        amount = float(product.price)
        numbers = ((amount, amount, product.currency),)
    return Fact(label or "price", "price", text, quote, numbers)


def _field_numbers(field: str, text: str) -> tuple[tuple[float, float, str], ...]:
    if field != "availability":
        return ()
    written = normalize_width(text)
    if _NONE_LEFT.search(written):
        return ((0.0, 0.0, STOCK),)
    if _TO_ORDER.search(written):
        return ((0.5, 0.5, STOCK),)
    return ((1.0, 1.0, STOCK),) if _SOME_LEFT.search(written) else ()


def _with_unit(attribute: Attribute) -> str:
    """`0.78` in a column of kg as `0.78 kg`; what has its unit stays as it is written."""
    if attribute.number is None or not attribute.unit or not _BARE.fullmatch(attribute.text):
        return attribute.text
    written = Decimal(re.sub("[(),]", "", attribute.text))
    if not written:  # nothing of any unit
        return attribute.text
    symbol = symbol_of(attribute.unit, attribute.number / written)
    return f"{attribute.text} {symbol}" if symbol else attribute.text


def _numbers(attribute: Attribute) -> Iterator[tuple[float, float, str]]:
    own = Quantity(attribute.number, attribute.unit, attribute.least, attribute.most)
    quantities = [own] if own != NOTHING else list(_beside(attribute.text))
    for quantity in quantities:
        least = quantity.number if quantity.number is not None else quantity.least
        most = quantity.number if quantity.number is not None else quantity.most
        if least is not None and most is not None:
            yield float(least), float(most), quantity.unit


def _beside(text: str) -> Iterator[Quantity]:
    """`5.5合（1.0L）` is two quantities; `12,800円` is an amount."""
    written = normalize_width(text)
    price = parse_price(written)
    if price.amount is not None and price.currency:
        yield Quantity(price.amount, price.currency)
    elif match := _BESIDE.match(written):
        for part in (match["before"], match["inside"]):
            if (found := parse_quantity(part.strip())) != NOTHING and found.unit:
                yield found
