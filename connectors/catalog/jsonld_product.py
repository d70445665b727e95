"""One schema.org Product as a Product."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from connectors.catalog.markup import plain_text
from connectors.catalog.prices import EXCLUDED, INCLUDED, Price, parse_price
from connectors.catalog.product import attribute_from
from connectors.records import Attribute, Product

Node = dict[str, Any]

_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龯]")
_LABELS = {
    "sku": "商品コード",
    "name": "商品名",
    "brand": "ブランド",
    "category": "カテゴリー",
    "price": "価格",
    "availability": "在庫",
    "description": "説明",
    "url": "URL",
}
_STOCK = {
    "InStock": ("in stock", "在庫あり"),
    "OutOfStock": ("out of stock", "在庫なし"),
    "SoldOut": ("sold out", "売り切れ"),
    "PreOrder": ("available for pre-order", "予約受付中"),
    "BackOrder": ("on back order", "取り寄せ"),
    "Discontinued": ("discontinued", "販売終了"),
    "LimitedAvailability": ("few left", "在庫わずか"),
    "InStoreOnly": ("in the shops only", "店頭販売のみ"),
    "OnlineOnly": ("online only", "オンライン販売のみ"),
}
_CODES = ("sku", "mpn", "gtin13", "gtin", "gtin14", "gtin12", "gtin8", "productID", "isbn")
_ATTRIBUTES = (
    "color size material pattern model mpn gtin13 gtin weight width height depth itemCondition"
).split()
_AXES = ("color", "size", "material", "pattern")
_OF_THE_GROUP = ("@type", "@id", "hasVariant", "offers")
_UNIT_CODES = {
    "KGM": "kg", "GRM": "g", "MGM": "mg", "LBR": "lb", "ONZ": "oz", "MTR": "m", "CMT": "cm",
    "MMT": "mm", "INH": "in", "LTR": "L", "MLT": "mL", "WTT": "W", "KWT": "kW", "VLT": "V",
    "AMP": "A", "HUR": "h", "MIN": "min", "SEC": "s", "CEL": "°C",
}  # fmt: skip


def product_of(node: Node, group: Node, by_id: dict[str, Node], locator: str) -> Product | None:
    """The product with what only its group states; None where it has neither code nor name."""
    shared = {key: value for key, value in group.items() if key not in _OF_THE_GROUP}
    both = {**shared, **node}
    name, sku = _text(both.get("name")), _code(node) or ("" if group else _code(both))
    if not (name or sku):
        return None
    options = _options(node, group)
    told = ", ".join(value for _, value in options if value not in name)
    name = f"{name} ({told})" if name and told else name
    price, price_text, stock = _offered(node, by_id)
    text = {
        "sku": sku,
        "name": name,
        "brand": _named(both.get("brand") or both.get("manufacturer"), by_id),
        "category": _named(both.get("category"), by_id),
        "price": price_text,
        "availability": stock,
        "description": plain_text(_text(both.get("description"))),
        "url": _text(node.get("url")) or _text(group.get("url")),
    }
    attributes = tuple(_attributes(both))
    is_japanese = bool(_JAPANESE.search(name + text["description"]))
    shown = {**text, "availability": _in_words(stock, japanese=is_japanese)}
    cells = [(_LABELS[key] if is_japanese else key, value) for key, value in shown.items() if value]
    return Product(
        **text_fields(text),
        locator=locator,
        price=price.amount,
        currency=price.currency,
        tax=price.tax,
        price_text=price_text,
        image=_image(both.get("image")),
        parent=_text(group.get("productGroupID") or group.get("name")),
        options=options,
        cells=(*cells, *((a.name, a.text) for a in attributes)),
        attributes=attributes,
    )


def text_fields(text: dict[str, str]) -> dict[str, Any]:
    """All but the price, which is typed."""
    return {key: value for key, value in text.items() if key != "price"}


def _code(node: Node) -> str:
    return next(filter(None, (_text(node.get(key)) for key in _CODES)), "")


def _options(node: Node, group: Node) -> tuple[tuple[str, str], ...]:
    """What the group says that its variants differ in; else the usual, where it is a group's."""
    if not group:
        return ()
    varies = group.get("variesBy", ())
    axes = [str(axis).rpartition("/")[2] for axis in _listed(varies)] or list(_AXES)
    found = ((axis, _text(node.get(axis))) for axis in axes)
    return tuple((axis, value) for axis, value in found if value)


def _offered(node: Node, by_id: dict[str, Node]) -> tuple[Price, str, str]:
    """(price, as written, availability) of the offers; several prices are a range, no number."""
    offers = [o for o in _listed(node.get("offers")) if isinstance(o, dict)]
    offers = [by_id.get(str(o.get("@id")), o) if len(o) == 1 else o for o in offers]
    texts, prices = [], []
    for offer in offers:
        for ends in _asked(offer):
            texts.append(ends[1])
            prices.append(ends[0])
    stocks = {_last(offer.get("availability")) for offer in offers} - {""}
    distinct = list(dict.fromkeys(filter(None, texts)))
    single = len({price.amount for price in prices}) == 1
    price = prices[0] if prices and single else Price()
    if len(distinct) > 1 and not single:
        known = [(p.amount, t) for p, t in zip(prices, texts, strict=True) if p.amount is not None]
        if known:
            distinct = [f"{min(known, key=_amount)[1]} – {max(known, key=_amount)[1]}"]
    return price, distinct[0] if distinct else "", stocks.pop() if len(stocks) == 1 else ""


def _amount(known: tuple[Decimal | None, str]) -> Decimal:
    return known[0] or Decimal(0)


def _asked(offer: Node) -> Iterator[tuple[Price, str]]:
    """Each price of an offer: both ends of an AggregateOffer."""
    stated = [s for s in _listed(offer.get("priceSpecification")) if isinstance(s, dict)]
    current = [s for s in stated if not _last(s.get("priceType")) or "price" not in offer][:1]
    values = [offer.get(key) for key in ("price", "lowPrice", "highPrice")]
    values = [v for v in values if _text(v)] or [s.get("price") for s in current]
    currency = _text(offer.get("priceCurrency")) or next(
        (_text(s.get("priceCurrency")) for s in current), ""
    )
    taxed = next((s["valueAddedTaxIncluded"] for s in stated if "valueAddedTaxIncluded" in s), None)
    tax = {"true": INCLUDED, "false": EXCLUDED}.get(str(taxed).lower(), "")
    for value in filter(_text, values):
        text = f"{_text(value)} {currency}".strip()
        found = parse_price(_text(value))
        amount = found.amount
        yield Price(amount, found.currency or currency if amount is not None else "", tax), text


def _attributes(node: Node) -> Iterator[Attribute]:
    for key in _ATTRIBUTES:
        if text := _value(node.get(key)):
            yield attribute_from(key, _last(text) if key == "itemCondition" else text)
    for stated in _listed(node.get("additionalProperty")):
        if isinstance(stated, dict):
            name, text = _text(stated.get("name")), _value(stated)
            if name and text:
                yield attribute_from(name, text)


def _value(value: Any) -> str:
    """Text, or a QuantitativeValue with its unit."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_value, value)))
    if not isinstance(value, dict):
        return _text(value)
    number = _text(value.get("value"))
    unit = _text(value.get("unitText")) or _UNIT_CODES.get(_text(value.get("unitCode")), "")
    return f"{number} {unit}".strip() if number else _text(value.get("name"))


def _named(value: Any, by_id: dict[str, Node]) -> str:
    """The name of a brand or a category, however it is stated."""
    if isinstance(value, list):
        return ", ".join(filter(None, (_named(inner, by_id) for inner in value)))
    if isinstance(value, dict):
        node = by_id.get(str(value.get("@id")), value) if len(value) == 1 else value
        return _text(node.get("name"))
    return _text(value)


def _image(value: Any) -> str:
    first = _listed(value)[0] if _listed(value) else ""
    if isinstance(first, dict):
        first = first.get("url") or first.get("contentUrl") or ""
    return _text(first)


def _in_words(stock: str, *, japanese: bool) -> str:
    return _STOCK[stock][japanese] if stock in _STOCK else stock


def _last(value: Any) -> str:
    """`https://schema.org/InStock` is `InStock`."""
    return _text(value).rpartition("/")[2]


def _listed(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("@value", "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return re.sub(r"[ \t]+", " ", str(value)).strip()
