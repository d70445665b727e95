"""Products that web pages state in JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from connectors.records import Document

Read = Callable[[Path], Document]


def _page(tmp_path: Path, *blocks: Any) -> Path:
    scripts = "".join(
        f'<script type="application/ld+json">{b if isinstance(b, str) else json.dumps(b)}</script>'
        for b in blocks
    )
    path = tmp_path / "page.html"
    path.write_text(
        f"<html><head><title>Shop</title>{scripts}</head><body><p>Buy it.</p></body></html>",
        encoding="utf-8",
    )
    return path


KETTLE = {
    "@context": "https://schema.org/",
    "@type": "Product",
    "name": "雫ケトル",
    "sku": "KT-1",
    "description": "<p>一人暮らし用。</p>",
    "image": ["https://shop.example/1.jpg", "https://shop.example/2.jpg"],
    "brand": {"@type": "Brand", "name": "カヤノミ"},
    "weight": {"@type": "QuantitativeValue", "value": "0.78", "unitCode": "KGM"},
    "additionalProperty": [{"@type": "PropertyValue", "name": "容量", "value": "0.8L"}],
    "isRelatedTo": {"@type": "Product", "name": "Other", "sku": "NO"},
    "offers": {
        "@type": "Offer",
        "priceCurrency": "JPY",
        "price": 3980,
        "availability": "https://schema.org/InStock",
        "priceSpecification": {"@type": "UnitPriceSpecification", "valueAddedTaxIncluded": True},
    },
}


def test_a_product_with_its_offer(tmp_path: Path, read: Read) -> None:
    document = read(_page(tmp_path, KETTLE))
    (kettle,) = document.products
    assert (kettle.sku, kettle.name, kettle.brand) == ("KT-1", "雫ケトル", "カヤノミ")
    assert (kettle.price, kettle.currency, kettle.tax) == (Decimal("3980"), "JPY", "included")
    assert (kettle.availability, kettle.description) == ("InStock", "一人暮らし用。")
    assert kettle.image == "https://shop.example/1.jpg"
    assert [(a.name, a.number, a.unit) for a in kettle.attributes] == [
        ("weight", Decimal("780.00"), "g"),
        ("容量", Decimal("800.0"), "mL"),
    ]
    assert ("在庫", "在庫あり") in kettle.cells
    assert document.parts[0].text == "Buy it.\n"
    assert document.notes == ("1 products from the page's JSON-LD",)


def test_graphs_lists_and_references(tmp_path: Path, read: Read) -> None:
    graph = {
        "@graph": [
            {"@type": "WebPage", "name": "A page", "mainEntity": {"@id": "#p"}},
            {"@type": "Offer", "@id": "#o", "price": "19.99", "priceCurrency": "USD"},
            {"@type": ["Product", "Thing"], "@id": "#p", "name": "Mug", "offers": {"@id": "#o"}},
        ]
    }
    items = {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "item": {"@type": "http://schema.org/Product", "name": "Cup"}}
        ],
    }
    mug, cup = read(_page(tmp_path, graph, [items])).products
    assert (mug.name, mug.price, mug.currency) == ("Mug", Decimal("19.99"), "USD")
    assert (cup.name, cup.price, cup.locator) == ("Cup", None, "product 2")


def test_several_prices_are_a_range_and_no_number(tmp_path: Path, read: Read) -> None:
    aggregate = {
        "@type": "Product",
        "name": "Set",
        "offers": {
            "@type": "AggregateOffer",
            "lowPrice": "10.00",
            "highPrice": "25.00",
            "priceCurrency": "EUR",
        },
    }
    (product,) = read(_page(tmp_path, aggregate)).products
    assert (product.price, product.price_text) == (None, "10.00 EUR – 25.00 EUR")


def test_a_group_and_its_variants(tmp_path: Path, read: Read) -> None:
    group = {
        "@type": "ProductGroup",
        "name": "Apron",
        "productGroupID": "AP",
        "brand": "Kayanomi",
        "variesBy": ["https://schema.org/color"],
        "hasVariant": [
            {
                "@type": "Product",
                "sku": f"AP-{color}",
                "color": color,
                "offers": [{"price": price, "priceCurrency": "USD"}],
            }
            for color, price in (("red", "29.00"), ("navy", "31.00"))
        ],
    }
    red, navy = read(_page(tmp_path, group)).products
    assert (red.sku, red.name, red.brand, red.parent) == ("AP-red", "Apron (red)", "Kayanomi", "AP")
    assert (navy.price, navy.options) == (Decimal("31.00"), (("color", "navy"),))


def test_damaged_blocks_are_noted_and_hostile_ones_are_harmless(tmp_path: Path, read: Read) -> None:
    deep = '{"@graph":' * 3000 + "1" + "}" * 3000
    document = read(_page(tmp_path, '{"@type": "Product", "name": ', deep, KETTLE, KETTLE))
    assert [product.sku for product in document.products] == ["KT-1"]
    assert document.notes[-1].startswith("product data left out, no valid JSON-LD: ")


def test_a_page_without_products_is_as_before(tmp_path: Path, read: Read) -> None:
    article = {"@type": "Article", "headline": "News", "about": KETTLE}
    document = read(_page(tmp_path, article))
    assert (document.products, document.notes) == ((), ())
