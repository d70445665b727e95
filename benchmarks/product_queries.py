"""Questions over several products, with answers reckoned from the rows in Python, beside the SQL.

Each answer is a check of the words said: which products they list and in which order, the yes or
no, the value. Products are told by their codes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from builder.records import CatalogEntry
from connectors.records import Product

SHOWN = 10
FEWEST = 3  # products of a kind that are worth a superlative
MOST = 40  # kinds and pairs that are asked about

Check = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Query:
    """A question after others, and whether an answer is right."""

    kind: str
    text: str
    is_right: Check
    wanted: str
    history: tuple[str, ...] = ()


def queries(entries: Sequence[CatalogEntry]) -> Iterator[Query]:
    """Filters, superlatives, counts and comparisons of each kind, and follow-ups."""
    for language in ("en", "ja"):
        rows = [e.product for e in entries if e.chunk.language == language and e.product.sku]
        kinds: dict[str, list[Product]] = defaultdict(list)
        for row in rows:
            if row.category and _price(row) is not None:
                kinds[row.category].append(row)
        ja = language == "ja"
        for kind, products in list(kinds.items())[:MOST]:
            if len(products) >= FEWEST:
                yield from _of_kind(kind, products, ja=ja)
        priced = [row for row in rows if _price(row) is not None and _weight(row) is not None]
        for one, other in list(pairwise(priced))[:MOST]:
            yield from _of_two(one, other, ja=ja)


def _of_kind(kind: str, products: Sequence[Product], *, ja: bool) -> Iterator[Query]:
    ranked = sorted(products, key=_known_price)
    prices = sorted({_known_price(p) for p in products})
    bound = _known_price(ranked[len(ranked) // 2])
    below = [p for p in products if _known_price(p) < bound]
    noun = kind if ja else kind.lower()
    say = _japanese if ja else _english
    for text in say("below", noun, bound):
        yield _listing("filter", text, below)
    for text in say("cheapest", noun, bound):
        yield _listing("superlative", text, _at(products, prices[0]))
    if len(prices) > 1:
        for text in say("second", noun, bound):
            yield _listing("rank", text, _at(products, prices[1]))
    if len({_known_price(p) for p in ranked[:4]}) == len(ranked[:4]):
        for text in say("three", noun, bound):
            yield _listing("first three", text, ranked[:3])
    for text in say("count", noun, bound):
        count = str(len(products))
        yield Query("count", text, _counts(count), count)


def _of_two(one: Product, other: Product, *, ja: bool) -> Iterator[Query]:
    a, b = one.sku, other.sku
    heavier = (_weight(one) or Decimal()) > (_weight(other) or Decimal())
    yes = ("はい" if ja else "Yes") if heavier else ("いいえ" if ja else "No")
    asked = f"{a}は{b}より重いですか？" if ja else f"Is the {a} heavier than the {b}?"
    yield Query("two products", asked, lambda said: said.startswith(yes), yes)
    first = f"{a}はいくらですか？" if ja else f"How much is the {a}?"
    price = f"{_known_price(other):,}"
    asked = f"{b}は？" if ja else f"What about the {b}?"
    yield Query("follow-up", asked, lambda said: price in said and b in said, price, (first,))
    weight = re.sub(r"\s", "", _weight_text(one))
    asked = "重さは？" if ja else "And how heavy is it?"
    yield Query(
        "follow-up",
        asked,
        lambda said: weight in re.sub(r"\s", "", said) and a in said,
        weight,
        (first,),
    )
    cheaper = min(one, other, key=_known_price).sku
    if _price(one) != _price(other):
        asked = "どちらが安いですか？" if ja else "Which one is cheaper?"
        second = f"{b}はいくらですか？" if ja else f"How much is the {b}?"
        yield Query(
            "follow-up", asked, lambda said: _codes(said) == [cheaper], cheaper, (first, second)
        )


def _english(kind: str, noun: str, bound: Decimal) -> Sequence[str]:
    return {
        "below": (f"Which {noun} cost less than {bound:,} yen?", f"{noun} under {bound} yen"),
        "cheapest": (f"What is the cheapest of the {noun}?", f"Which {noun} are the cheapest?"),
        "second": (f"What is the second cheapest of the {noun}?",),
        "three": (f"Show me the three cheapest {noun}", f"Top 3 cheapest {noun}"),
        "count": (f"How many {noun} do you have?",),
    }[kind]


def _japanese(kind: str, noun: str, bound: Decimal) -> Sequence[str]:
    return {
        "below": (f"{bound:,}円未満の{noun}は？", f"{bound}円より安い{noun}を教えてください"),
        "cheapest": (f"一番安い{noun}は？", f"{noun}の中で最も安いのはどれですか？"),
        "second": (f"2番目に安い{noun}は？",),
        "three": (f"{noun}を安い順に3つ教えて", f"一番安い{noun}を3つ教えて"),
        "count": (f"{noun}は何種類ありますか？",),
    }[kind]


def _listing(kind: str, text: str, wanted: Sequence[Product]) -> Query:
    codes = [product.sku for product in wanted]

    def is_right(said: str) -> bool:
        listed = _codes(said.partition("除いた商品")[0].partition("Left out")[0])
        if kind == "first three":
            return listed == codes
        return set(listed) <= set(codes) and len(listed) == min(len(codes), SHOWN)

    return Query(kind, text, is_right, ", ".join(codes) or "none")


def _codes(said: str) -> list[str]:
    """The codes of the products that the lines name, in their order."""
    return re.findall(r"[（(]([^（()）]+)[）)](?=:)", said)


def _counts(count: str) -> Check:
    return lambda said: (
        re.search(r"\d+", said.partition("\n")[0]) is not None
        and (re.findall(r"\d+", said)[0] == count)
    )


def _at(products: Sequence[Product], price: Decimal) -> list[Product]:
    return [product for product in products if _known_price(product) == price]


def _price(product: Product) -> Decimal | None:
    return product.price


def _known_price(product: Product) -> Decimal:
    return product.price if product.price is not None else Decimal()


def _weight(product: Product) -> Decimal | None:
    named = [a for a in product.attributes if a.name.lower() in ("weight", "重量", "重さ")]
    return named[0].number if named else None


def _weight_text(product: Product) -> str:
    named = [a for a in product.attributes if a.name.lower() in ("weight", "重量", "重さ")]
    return named[0].text if named else ""
