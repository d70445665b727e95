"""A question → what is asked of the product table, or None.

Readers take the words that they understand one after the other. Where a word is left that is no
filler, the question is about something else as well, and the documents answer it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from builder.products.amounts import take_amount
from builder.products.attributes import Found, by_part, take_topics, take_vague
from builder.products.catalogue import Catalogue
from builder.products.conditions import conditions_of, take_bounds, take_exact
from builder.products.context import (
    NOTHING_BEFORE,
    Context,
    asks_of_another,
    parts_of,
    points_back,
)
from builder.products.denial import DENIED, denied
from builder.products.extremes import take_extreme
from builder.products.nouns import Group, Nouns
from builder.products.plain import Remaining, compiled
from builder.products.records import Condition, Extreme, Kind, Member, ProductQuery, Topic
from builder.products.who import Mention, near, take_named, take_unknown
from connectors.language import detect

MOST_MEANT = 12
"""Products that one part of a name may mean before the question is too vague."""
MOST_COMPARED = 5

_COMPARE = compiled(
    r"\bdifferences?(?: (?:is there )?between)?|\bdiffers?(?: from)?"
    r"|\bcompar(?:e|ed|ison)(?: (?:of|to|with))?"
    r"|\bvs\.?(?=\s)|\bversus\b|違い|違う|違います|比較|比べ(?:て|る|ると|たい)?|の差"
)
_COUNT = compiled(
    r"how many(?: (?:different|kinds of|types of|sorts of))?|number of"
    r"|何(?:種類|個|台|点|製品|商品|つ|機種|件|品)|いくつ|(?:商品|製品)?数"
)
_LIST = compiled(
    r"\blist\b|show me|\bwhat\b|\bwhich\b|do you (?:have|sell|carry|offer)|are there|\ball\b"
    r"|一覧|どんな|何が|見せて|全部|すべて|全て|ありますか|ラインナップ|種類|どれ|どの|それぞれ|各"
)
_ASKING = compiled(
    r"^\W*(?:so |and |then |ok,? )?(?:is|are|does|do|can|has|have)\b|(?:です|ます|ある|の)か"
)
_OPEN = compiled(
    r"\b(?:what|which|how|who|where|when|why)\b|何|どれ|どの|どちら|どっち|いくら|いくつ|どう|どんな"
)
_NONE_LEFT = compiled(
    r"out[- ]of[- ]stock|sold out|not in stock|unavailable|在庫切れ|品切れ|売り?切れ"
    r"|在庫(?:が|は)?(?:ない|なし|ありません)"
)
_SOLD = compiled(r"out|切れ")
_NONE, _ON_ORDER = 0.0, 0.5  # how the table counts what is sold out, and what can be ordered
_BASIS = compiled(r"\bper 100 ?(?:g|ml)\b|100 ?(?:g|ml|グラム)(?:あたり|当たり|当り|中)(?:の|に)?")
_ABOUT = compiled(r"\b(?:what|how) about\b")


@dataclass(frozen=True)
class _Words:
    """A question with all its readers' findings."""

    text: str
    mentions: Sequence[Mention]
    topics: list[Found]
    conditions: list[Condition]
    groups: Sequence[Group]
    extreme: Extreme | None
    unknown: Sequence[str]
    compares: bool
    counts: bool
    has_basis: bool
    amount: int

    @property
    def named(self) -> tuple[str, ...]:
        """Items that the question names, in its order."""
        return tuple(dict.fromkeys(mention.item for mention in self.mentions))

    @property
    def is_yes_no(self) -> bool:
        """Whether it asks for a yes or a no."""
        return bool(_ASKING.search(self.text)) and not _OPEN.search(self.text)

    @property
    def is_relative(self) -> bool:
        """Whether it holds something against a product that it names."""
        return self.extreme is not None and self.extreme.is_relative


class Parser:
    """Reads questions against what one asker may see of a catalogue."""

    def __init__(self, catalogue: Catalogue, allowed: Container[str]) -> None:
        self.catalogue, self.allowed = catalogue, allowed
        self.members: tuple[Member, ...] = catalogue.members_for(allowed)
        self.nouns = Nouns(catalogue, self.members)
        self._all = frozenset(member.item for member in self.members)
        self._codes = {member.item: member.code for member in self.members}

    def parse(self, question: str, context: Context = NOTHING_BEFORE) -> ProductQuery | None:
        """What is asked; None where anything in the question is not understood."""
        words = self._read(question)
        return self._query(words, context) if words else None

    def named_in(self, question: str) -> tuple[str, ...]:
        """Products that any text names by code or whole name."""
        mentions = take_named(Remaining(question), self.catalogue, self.allowed)
        return tuple(dict.fromkeys(mention.item for mention in mentions))

    def near(self, code: str) -> list[str]:
        """Codes of the catalogue that are spelled like one that it does not have."""
        return near(code, self.members)

    def unknown_words(self, question: str) -> list[str]:
        """English words that mean nothing here: perhaps typing errors."""
        remaining = Remaining(question)
        take_named(remaining, self.catalogue, self.allowed)
        take_bounds(remaining)
        topics = take_topics(remaining, self.catalogue)
        remaining.take(_COMPARE)
        take_extreme(remaining, topics, self.catalogue)
        return self.nouns.unknown_words(remaining)

    def _read(self, question: str) -> _Words | None:
        remaining = Remaining(question)
        text = remaining.text
        mentions = take_named(remaining, self.catalogue, self.allowed)
        remaining.spell_digits()
        amount = take_amount(remaining) if mentions else 1
        basis = bool(remaining.take(_BASIS))
        bounds = take_bounds(remaining)
        gone = remaining.take(_NONE_LEFT)
        topics = take_topics(remaining, self.catalogue)
        compares = bool(remaining.take(_COMPARE))
        negations = remaining.take(DENIED)
        said = remaining.text
        split = conditions_of(bounds, topics, self.catalogue)
        if split is None:
            return None
        exact, topics = take_exact(remaining, split[1], self.catalogue)
        conditions = [*split[0], *exact]
        if gone and (stock := self.catalogue.concepts.get("availability")):
            most = _NONE if _SOLD.search(gone[0][0]) else _ON_ORDER
            conditions.append(Condition(stock, "stock", most=most))
        ranked = take_extreme(remaining, topics, self.catalogue)
        if ranked is None:
            return None
        extreme, topics = ranked
        counts = bool(remaining.take(_COUNT))
        if not topics and not extreme and not counts and not compares:
            remaining.take(_ABOUT)
            topics = self._vague(remaining, mentions, conditions)
        unknown = take_unknown(remaining, self.members)
        topics += self._partly_named(remaining)
        groups = self.nouns.take(remaining)
        if groups is not None and negations:
            others = mentions or conditions or extreme or unknown or compares
            groups = None if others else denied(said, negations, groups, self.nouns)
        if groups is None:
            return None
        return _Words(
            text, mentions, topics, conditions, groups, extreme, unknown, compares, counts, basis,
            amount,
        )  # fmt: skip

    def _vague(
        self, remaining: Remaining, mentions: Sequence[Mention], conditions: Sequence[Condition]
    ) -> list[Found]:
        """What `how much` and the like ask for; beside conditions only a price, unless one is
        about it."""
        before = remaining.text
        topics = take_vague(remaining, self.catalogue)
        of_conditions = {one.topic.key for one in conditions}
        if conditions and [t.key for _, t in topics if t.key not in of_conditions] != ["price"]:
            remaining.text = before
            return []
        return _described(topics, mentions, self.catalogue)

    def _partly_named(self, remaining: Remaining) -> list[Found]:
        found = []
        for place, piece in remaining.pieces():
            for match in re.finditer(r"[^\Wのはがをに]{3,}", piece):
                if topic := by_part(match[0], self.catalogue):
                    start = place + match.start()
                    remaining.cut(start, start + len(match[0]))
                    found.append((start, topic))
        return found

    def _query(self, words: _Words, context: Context) -> ProductQuery | None:
        language = "ja" if detect(words.text) == "ja" else "en"
        if words.unknown:
            return self._unknown(words, context, language)
        conditions = [*words.conditions, *(c for g in words.groups for c in g.conditions)]
        topics = tuple(dict.fromkeys(topic for _, topic in words.topics))
        if conditions or words.extreme:  # `which product` asks for what is listed anyway
            topics = tuple(topic for topic in topics if topic.key != "name")
        carried = self._carried(words, context)
        if words.is_relative and len(words.named) == 1 and not carried:
            return self._than(words, language)
        items, is_kind = self._items(words)
        if items is None:
            return None
        if carried:
            items, is_kind = carried, False
        elif items and not topics and not conditions and words.extreme is None:
            topics = self._topics_of(words, context, is_kind=is_kind)
        query = ProductQuery(
            "values", language, items, topics, tuple(conditions), words.extreme,
            has_basis=words.has_basis, amount=words.amount,
            is_yes_no=words.is_yes_no,
        )  # fmt: skip
        kind = self._kind(words, query, is_kind=is_kind, is_carried=bool(carried))
        if words.amount > 1 and (kind != "values" or [t.key for t in topics] != ["price"]):
            return None
        return replace(query, kind=kind) if kind else None

    def _carried(self, words: _Words, context: Context) -> tuple[str, ...]:
        """Products of the conversation that are meant; none where the question has its own."""
        points = points_back(words.text)
        if words.is_relative and len(words.named) == 1 and len(context.items) == 1:
            return (*context.items, *words.named) if not words.groups else ()
        of_values = all(len(group.items) == len(self._all) for group in words.groups)
        conditions = bool(words.conditions) or bool(words.groups)
        if words.named or not of_values or not (points or not conditions):
            return ()
        return context.meant(words.text, compares=words.compares or words.extreme is not None)

    def _than(self, words: _Words, language: str) -> ProductQuery | None:
        """One product against a named one (`Is the glass kettle heavier than the K-300?`), or all
        of a kind (`kettles cheaper than the K-210`)."""
        of_kind = {item for group in words.groups for item in group.items}
        topics = [topic for _, topic in words.topics if topic.key != "name"]
        if topics or words.conditions or any(group.conditions for group in words.groups):
            return None
        named, extreme = words.named[0], words.extreme
        if len(of_kind) == 1 and named not in of_kind:
            pair = (*of_kind, named)
            if words.groups[0].start > words.mentions[0].start:
                pair = (named, *of_kind)
            return ProductQuery(
                "extreme", language, pair, extreme=extreme, is_yes_no=words.is_yes_no
            )
        pool = tuple(m.item for m in self.members if not of_kind or m.item in of_kind)
        items = tuple(item for item in dict.fromkeys(pool) if item != named)
        return ProductQuery("than", language, items, extreme=extreme, than=named)

    def _topics_of(self, words: _Words, context: Context, *, is_kind: bool) -> tuple[Topic, ...]:
        """What was asked before, of other products now."""
        if asks_of_another(words.text):
            if context.topics:
                return context.topics
            description = self.catalogue.concepts.get("description")
            is_asked = description and words.named and _ABOUT.search(words.text)
            return (description,) if description and is_asked else ()
        owns = words.is_yes_no or words.compares or words.counts or is_kind or self._lists(words)
        return () if owns else context.topics

    def _items(self, words: _Words) -> tuple[tuple[str, ...] | None, bool]:
        """(items, whether they are a kind); None where the words exclude each other. No items and
        a kind: all products."""
        named = words.named
        if not words.groups:
            return named, False
        if named:
            meant = {item for group in words.groups for item in group.items}
            of_values = all(group.conditions for group in words.groups)
            if set(named) <= meant or of_values:
                return named, False
            return parts_of(sorted(meant), self._codes, named) or None, False
        order = {member.item: place for place, member in enumerate(self.members)}
        items = [
            item for group in words.groups for item in sorted(group.items, key=order.__getitem__)
        ]
        is_kind = any(group.is_category for group in words.groups)
        valued = any(group.conditions for group in words.groups)
        return tuple(dict.fromkeys(items)), is_kind or valued

    def _lists(self, words: _Words) -> bool:
        return bool(_LIST.search(words.text))

    def _kind(
        self, words: _Words, query: ProductQuery, *, is_kind: bool, is_carried: bool
    ) -> Kind | None:
        of_named = bool(words.named) or is_carried or not words.groups
        named = bool(query.items) and not is_kind and of_named
        if words.counts:
            return _count_kind(words, query, named=named)
        if query.extreme and query.extreme.is_relative:
            return "extreme" if len(query.items) == 2 and not words.groups else None
        if query.extreme:
            return "extreme" if len(query.items) != 1 or words.groups else None
        if query.conditions:
            return self._conditional(words, query, named=named)
        if words.compares or (named and len(query.items) > 1 and not query.topics):
            return "compare" if 2 <= len(query.items) <= MOST_COMPARED else None
        return self._stated(words, query, is_kind=is_kind) if query.items else None

    def _stated(self, words: _Words, query: ProductQuery, *, is_kind: bool) -> Kind | None:
        """A list or values: of a whole kind only where the question asks for a list."""
        if is_kind:
            if _about_stock(query):
                return "list"
            if not self._lists(words):
                return None
            return "values" if query.topics else "list"
        return "values" if query.topics and len(query.items) <= MOST_MEANT else None

    def _conditional(self, words: _Words, query: ProductQuery, *, named: bool) -> Kind | None:
        if named or (query.is_yes_no and query.items and not words.groups):
            return "check" if not query.topics or _about_stock(query) else None
        only_values = not query.items and not words.conditions
        return None if only_values else "list"

    def _unknown(self, words: _Words, context: Context, language: str) -> ProductQuery | None:
        asks = words.topics or words.compares or words.extreme or context.topics or words.named
        if words.groups or not (asks or words.conditions):
            return None
        return ProductQuery("unknown", language, words.named, unknown=tuple(words.unknown))


def _described(
    topics: list[Found], mentions: Sequence[Mention], catalogue: Catalogue
) -> list[Found]:
    """`What is the Yune Electric Kettle?` asks for more than the name that it holds."""
    description = catalogue.concepts.get("description")
    if description is None or any(mention.by_code for mention in mentions):
        return topics
    return [(at, description if topic.key == "name" else topic) for at, topic in topics]


def _count_kind(words: _Words, query: ProductQuery, *, named: bool) -> Kind | None:
    if named:
        return "values" if _about_stock(query) else None
    others = [topic for topic in query.topics if topic.key != "availability"]
    known = bool(query.items) or bool(words.conditions) or bool(words.groups)
    about_all = not words.groups and _names_all(words.text)
    return "count" if not others and (known or about_all) and not query.extreme else None


def _names_all(text: str) -> bool:
    return bool(re.search(r"\bproducts?\b|\bitems\b|商品|製品", text))


def _about_stock(query: ProductQuery) -> bool:
    return any(topic.key == "availability" for topic in query.topics)
