"""Catalogue rows: price, attributes, category, description, stock and product code."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from builder.dataset.bilingual import has_japanese, one_language
from builder.dataset.drafts import Draft
from builder.dataset.english import is_plural
from builder.dataset.sizes import fits
from builder.records import CatalogEntry
from builder.text.sentences import sentences
from builder.text.terms import normalize

_SIGNS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
_MOST_NAME = 60


def find_product_facts(entry: CatalogEntry) -> Iterator[Draft]:
    """Every fact of one product, each from its own line of the row's passage."""
    product, language = entry.product, entry.chunk.language
    if language not in ("en", "ja") or not 0 < len(product.name) <= _MOST_NAME:
        return
    yield from _priced(entry)
    for attribute in product.attributes:
        if attribute.split_from:
            continue  # asked for as the whole that the row states
        label = _label(attribute.name, language)
        if has_japanese(label) != (language == "ja") and len(label) > 3:
            continue
        if quote := _line(entry, attribute.text, attribute.name):
            yield _attribute(entry, label, attribute.text, quote)
    yield from _described(entry)
    for family, value in (("category", product.category), ("availability", product.availability)):
        if value and (quote := _line(entry, value)):
            yield _plain(entry, f"product.{family}", value, quote)
    if product.sku and product.sku != product.name and (quote := _line(entry, product.sku)):
        answer = _sentence(entry, "product code", "商品コード", product.sku)
        slots = {"name": product.name}
        yield Draft("product", "product.sku", answer, quote, slots, key="sku")
    if product.sku and (quote := _line(entry, product.name)):
        answer = _is(f"{product.name}", language)
        yield Draft("product", "product.name", answer, quote, {"sku": product.sku}, key="name")


def in_its_language(entry: CatalogEntry) -> CatalogEntry:
    """The entry with the language of its product's name: rows may mix two."""
    if entry.chunk.language == "en" and has_japanese(entry.product.name):
        return replace(entry, chunk=replace(entry.chunk, language="ja"))
    return entry


def price_text(price: Decimal, currency: str, language: str) -> str:
    """A price as people write it: `6,980円`, `¥6,980`."""
    amount = f"{price.normalize():,f}"
    if currency in ("", "JPY") and language == "ja":
        return f"{amount}円"
    sign = _SIGNS.get(currency, "")
    return f"{sign}{amount}" if sign else f"{amount} {currency}".strip()


def asked_name(entry: CatalogEntry, key: str) -> str:
    """How the question names the product: mostly its name, now and then its code."""
    product = entry.product
    digest = hashlib.sha256(f"{entry.chunk.id}{key}".encode()).digest()[0]
    if product.sku and digest % 4 == 0:
        return product.sku
    return product.name


def _priced(entry: CatalogEntry) -> Iterator[Draft]:
    product = entry.product
    if product.price is None:
        return
    plain = f"{product.price.normalize():f}"
    quote = _line(entry, f"{product.price.normalize():,f}") or _line(entry, plain)
    if quote:
        text = price_text(product.price, product.currency, entry.chunk.language)
        answer = _sentence(entry, "price", "価格", text)
        slots = {"name": asked_name(entry, "price")}
        yield Draft("product", "product.price", answer, quote, slots, key="price")


def _attribute(entry: CatalogEntry, name: str, text: str, quote: str) -> Draft:
    slots = {"name": asked_name(entry, name), "attribute": name}
    answer = _sentence(entry, name, name, one_language(text, entry.chunk.language))
    plural = entry.chunk.language == "en" and is_plural(name)
    family = "product.attribute.plural" if plural else "product.attribute"
    return Draft("product", family, answer, quote, slots, key=name)


def _described(entry: CatalogEntry) -> Iterator[Draft]:
    product, language = entry.product, entry.chunk.language
    taken = ""
    for sentence in sentences(product.description):
        joined = f"{taken} {sentence}".strip() if language == "en" else taken + sentence
        if not fits(joined, language):
            break
        taken = joined
    quote = _line(entry, taken) if taken else ""
    if quote:
        slots = {"name": asked_name(entry, "description")}
        yield Draft("product", "product.description", taken, quote, slots, key="description")


def _plain(entry: CatalogEntry, family: str, value: str, quote: str) -> Draft:
    slots = {"name": asked_name(entry, family)}
    labels = {
        "product.category": ("category", "カテゴリー"),
        "product.availability": ("stock", "在庫"),
    }
    english, japanese = labels[family]
    answer = _sentence(entry, english, japanese, value)
    if family == "product.availability" and entry.chunk.language == "en":
        answer = f"Availability of the {entry.product.name}: {value}."
    return Draft("product", family, answer, quote, slots, key=family)


def _sentence(entry: CatalogEntry, english: str, japanese: str, value: str) -> str:
    name = entry.product.name
    if entry.chunk.language == "ja":
        return f"{name}の{japanese}は{_is(value, 'ja')}"
    return f"The {english} of the {name} {'are' if is_plural(english) else 'is'} {value}."


def _is(value: str, language: str) -> str:
    return f"{value}です。" if language == "ja" else f"{value}."


def _label(name: str, language: str) -> str:
    side = one_language(name, language)
    return side.replace("_", " ").lower() if language == "en" else side


def _line(entry: CatalogEntry, value: str, label: str = "") -> str:
    """The line of the passage that holds the value, the labelled one first; empty for none."""
    wanted, named = normalize(value).strip(), normalize(label)
    lines = [line for line in entry.chunk.model_text.split("\n") if wanted in normalize(line)]
    return next((line for line in lines if named and named in normalize(line)), (lines or [""])[0])
