"""Products that a web page states for search engines: schema.org in JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from connectors.catalog.jsonld_product import product_of
from connectors.records import Product

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

Node = dict[str, Any]

_PRODUCTS = frozenset(("Product", "ProductGroup", "IndividualProduct", "ProductModel"))
_LEADS_TO_PRODUCTS = (
    "@graph",
    "mainEntity",
    "itemListElement",
    "item",
    "itemOffered",
    "hasOfferCatalog",
    "makesOffer",
)
"""Not `isRelatedTo` and the like: those name the products of other pages."""
_MAX_DEPTH = 12
_MAX_PRODUCTS = 2_000


def read_jsonld(soup: BeautifulSoup) -> tuple[tuple[Product, ...], tuple[str, ...]]:
    """The page's products with locators `product N`, and notes on what could not be read."""
    nodes: list[Any] = []
    damaged = 0
    for script in soup.find_all("script", type=lambda kind: bool(kind) and "ld+json" in kind):
        try:
            nodes.append(json.loads(_without_wrapping(script.get_text()), strict=False))
        except (ValueError, RecursionError):
            damaged += 1
    notes = [f"product data left out, no valid JSON-LD: {damaged} blocks"] if damaged else []
    by_id = {node["@id"]: node for node in _all_nodes(nodes) if _is_named(node)}
    products: list[Product] = []
    for node in _products(nodes):
        for variant, group in _variants(node, by_id):
            product = product_of(variant, group, by_id, f"product {len(products) + 1}")
            if product is not None and not _is_repeated(product, products):
                products.append(product)
        if len(products) >= _MAX_PRODUCTS:
            notes.append(f"products after the first {_MAX_PRODUCTS} left out")
            break
    if products:
        notes.insert(0, f"{len(products)} products from the page's JSON-LD")
    return tuple(products), tuple(notes)


def _without_wrapping(text: str) -> str:
    """Without the comment or CDATA marks that some shops put around it."""
    for mark in ("<!--", "-->", "//<![CDATA[", "//]]>", "<![CDATA[", "]]>"):
        text = text.replace(mark, "")
    return text.strip().rstrip(";")


def types_of(node: Node) -> set[str]:
    """The node's types without their address: `https://schema.org/Product` is `Product`."""
    kinds = node.get("@type", ())
    listed = kinds if isinstance(kinds, list) else [kinds]
    return {str(kind).rpartition("/")[2].rpartition(":")[2] for kind in listed}


def _products(value: Any, depth: int = 0) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for inner in value:
            yield from _products(inner, depth + 1)
    elif isinstance(value, dict):
        if types_of(value) & _PRODUCTS:
            yield value
            return
        for key in _LEADS_TO_PRODUCTS:
            if key in value:
                yield from _products(value[key], depth + 1)


def _all_nodes(value: Any, depth: int = 0) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _all_nodes(inner, depth + 1)


def _is_named(node: Node) -> bool:
    """Whether it is the node of its id, not a mere reference to it."""
    return isinstance(node.get("@id"), str) and len(node) > 1


def _variants(node: Node, by_id: dict[str, Node]) -> Iterator[tuple[Node, Node]]:
    """(product, group that it is a variant of or {})."""
    listed = node.get("hasVariant")
    found = listed if isinstance(listed, list) else [listed]
    variants = [_resolved(v, by_id) for v in found if isinstance(v, dict)]
    if variants:
        yield from ((variant, node) for variant in variants)
        return
    group = node.get("isVariantOf")
    yield node, _resolved(group, by_id) if isinstance(group, dict) else {}


def _resolved(node: Node, by_id: dict[str, Node]) -> Node:
    return by_id.get(str(node.get("@id")), node) if len(node) == 1 else node


def _is_repeated(product: Product, products: Sequence[Product]) -> bool:
    """A shop's theme and its plugins may both state the product."""
    return any(
        product.name == other.name
        and (product.sku == other.sku or not product.sku)
        and (product.price == other.price or product.price is None)
        and product.options == other.options
        for other in products
    )
