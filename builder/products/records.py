"""A question about products as it was understood: what SQL is asked for, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["values", "compare", "list", "count", "extreme", "than", "check", "unknown"]


@dataclass(frozen=True, slots=True)
class Topic:
    """A property that catalogues state, with all the columns that hold it."""

    key: str
    properties: tuple[int, ...]
    english: str
    japanese: str
    """What to call it in an answer: the catalogue's own heading where it has one."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a product must state to be meant: a number within bounds, or one of some words."""

    topic: Topic
    unit: str = ""
    """Base unit of the bounds; a product that states another unit does not count."""
    least: float | None = None
    most: float | None = None
    is_open: bool = False
    """The bounds themselves are excluded: `under`, `未満`."""
    words: tuple[str, ...] = ()
    is_denied: bool = False
    """The product must state another word instead: `not black`."""


@dataclass(frozen=True, slots=True)
class Extreme:
    """The most or the least of a property: the lightest, the second one, the three lightest."""

    topic: Topic
    is_most: bool
    first: int = 1
    last: int = 1
    """Ranks asked for, from 1. One rank counts values; several count products."""
    is_relative: bool = False
    """Two products are held against each other: `heavier than`."""


@dataclass(frozen=True, slots=True)
class ProductQuery:
    """A question, understood to its last word."""

    kind: Kind
    language: str
    items: tuple[str, ...] = ()
    """Products to look at; see `Member.item`."""
    topics: tuple[Topic, ...] = ()
    conditions: tuple[Condition, ...] = ()
    extreme: Extreme | None = None
    than: str = ""
    """The product that those asked for are cheaper, lighter, … than, as `extreme` says."""
    is_yes_no: bool = False
    has_basis: bool = False
    """The question says `per 100 g`."""
    amount: int = 1
    """How many of it somebody would buy."""
    unknown: tuple[str, ...] = ()
    """Part numbers, as written, that no catalogue has."""


@dataclass(frozen=True, slots=True)
class Member:
    """A product's row, as far as it is needed to find out who is meant."""

    item: str
    """What the product is in every language's catalogue: its SKU, else its row."""
    chunk: str
    code: str
    name: str
    category: str
    language: str


@dataclass(frozen=True, slots=True)
class Value:
    """What one row states of a topic."""

    item: str
    text: str
    quote: str
    source: str
    locator: str
    language: str
    tax: str = ""
    number: float | None = None
    unit: str = ""
    chunk: str = ""
