"""The one entry: a question about products → its answer with the rows it comes from."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from builder.products import wording
from builder.products.catalogue import Catalogue, load
from builder.products.context import NOTHING_BEFORE, Context
from builder.products.parse import Parser
from builder.products.query import ProductRows, open_rows
from builder.products.records import Condition, Extreme, ProductQuery, Topic, Value
from builder.products.spelling import corrected
from builder.products.wording import Named
from builder.records import Citation, Message, Question

SHOWN = 10
"""Products that an answer lists; the others are counted."""
_NOT_COMPARED = frozenset("sku name url image width depth height length diameter".split())
"""Of two products that are compared as a whole; the single measures stand in the dimensions."""
_TURNS = 6  # earlier questions that a follow-up can lean on


@dataclass(frozen=True, slots=True)
class Said:
    """An answer from the product table."""

    text: str
    citations: tuple[Citation, ...]
    refused: bool = False
    """The table does not say it."""
    items: tuple[str, ...] = ()
    """Products that it is about, for the next question."""


class ProductAnswers:
    """Answers from one product table; reads its names after a change, its values each time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._loaded_at: tuple[int, Catalogue | None] | None = None

    def exists(self) -> bool:
        """Whether there is a table."""
        return self._path.exists()

    def answer(self, question: Question, allowed: Container[str]) -> Said | None:
        """The answer from rows whose chunks are among `allowed`; None where the question is not
        about products alone, or not wholly understood."""
        catalogue = self._loaded()
        if catalogue is None:
            return None
        parser = Parser(catalogue, allowed)
        if not parser.members:
            return None
        with open_rows(self._path, allowed) as rows:
            context = _context(parser, rows, question.history)
            query = _understood(parser, question.text, context)
            return Answering(parser, rows, query).said() if query else None

    def _loaded(self) -> Catalogue | None:
        if not self._path.exists():
            return None
        made = self._path.stat().st_mtime_ns
        if self._loaded_at is None or self._loaded_at[0] != made:
            self._loaded_at = (made, load(self._path))
        return self._loaded_at[1]


def _understood(parser: Parser, text: str, context: Context) -> ProductQuery | None:
    if query := parser.parse(text, context):
        return query
    mended = corrected(text, parser)
    return parser.parse(mended, context) if mended else None


def _context(parser: Parser, rows: ProductRows, history: Sequence[Message]) -> Context:
    """What the last question about products was about."""
    context = NOTHING_BEFORE
    for turn in [turn for turn in history if turn.role == "user"][-_TURNS:]:
        query = _understood(parser, turn.content, context)
        if query is None:
            named = parser.named_in(turn.content)
            context = context.then(named, ()) if named else context
            continue
        said = Answering(parser, rows, query).said()
        topics = query.topics or ((query.extreme.topic,) if query.extreme else ())
        pool = query.items if query.kind == "extreme" else ()
        context = context.then(said.items if said else query.items, topics, pool)
    return context


class Answering:
    """One understood question."""

    def __init__(self, parser: Parser, rows: ProductRows, query: ProductQuery) -> None:
        self._parser, self._rows, self._query = parser, rows, query
        self._language = query.language
        self._names = _names(parser, query.language)
        self._everything = tuple(self._names)

    def said(self) -> Said | None:
        """The answer; None where the table has no column for what is asked."""
        kinds = {
            "values": self._values, "compare": self._compare, "list": self._list,
            "count": self._list, "extreme": self._extreme, "than": self._than,
            "check": self._check, "unknown": self._unknown,
        }  # fmt: skip
        said = kinds[self._query.kind]()
        if said and not said.refused and self._query.has_basis:
            return replace(said, text=f"{said.text}\n{wording.basis_not_stated(self._language)}")
        return said

    def _values(self) -> Said | None:
        query = self._query
        if len(query.items) == 1 and len(query.topics) == 1:
            return self._one_value(query.items[0], query.topics[0])
        lines, citations, missing = [], [], []
        found = {topic: self._of(query.items, topic) for topic in query.topics}
        if not any(found.values()):
            return self._nothing_stated()
        for item in query.items[:SHOWN]:
            told = []
            for topic, values in found.items():
                if item in values:
                    told.append(self._labelled(topic, values[item]))
                    citations.append(_cite(values[item]))
                else:
                    missing.append(wording.not_stated([self._names[item]], topic, self._language))
            if told:
                lines.append(f"- {self._name(item)}: {', '.join(told)}")
        if len(query.items) > SHOWN:
            lines.append(f"- {wording.more(len(query.items) - SHOWN, self._language)}")
        return Said("\n".join([*lines, *missing]), _distinct(citations), items=query.items)

    def _one_value(self, item: str, topic: Topic) -> Said | None:
        values = self._of([item], topic)
        if item not in values:
            return self._nothing_stated()
        text = wording.sentence(
            self._names[item], topic, values[item], self._language, yes_no=self._query.is_yes_no
        )
        if self._query.amount > 1:
            text += wording.total(self._query.amount, values[item], self._language)
        return Said(text, (_cite(values[item]),), items=(item,))

    def _nothing_stated(self) -> Said | None:
        """Refused, with the rows that do not say it; not understood, where no row ever does."""
        query = self._query
        topic = next((t for t in query.topics if self._of(self._everything, t)), None)
        if topic is None:
            return None
        named = [self._names[item] for item in query.items]
        text = wording.not_stated(named, topic, self._language)
        return Said(text, self._row_citations(query.items), refused=True, items=query.items)

    def _compare(self) -> Said | None:
        """A table of what the products state differently, of the topics asked for or of all."""
        query, language = self._query, self._language
        chosen = query.topics or [
            topic for topic in self._parser.catalogue.topics if topic.key not in _NOT_COMPARED
        ]
        rows, citations, missing = [], [], []
        for topic in chosen:
            values = self._of(query.items, topic)
            texts = [
                wording.shown(values[i], topic, language) if i in values else "–"
                for i in query.items
            ]
            if not values or (not query.topics and len(set(texts)) == 1):
                continue
            rows.append(f"| {wording.label(topic, language)} | {' | '.join(texts)} |")
            citations += [_cite(value) for value in values.values()]
            missing += [i for i in query.items if i not in values and query.topics]
        if not rows:
            return None
        head = [f"| | {' | '.join(self._name(item) for item in query.items)} |"]
        head.append("| --- |" + " --- |" * len(query.items))
        return Said("\n".join([*head, *rows]), _distinct(citations), items=query.items)

    def _list(self) -> Said | None:
        query = self._query
        conditions = self._conditions()
        pool = query.items or self._everything
        items = self._rows.matching(pool, conditions)
        notes = self._left_out(pool, conditions)
        if not items:
            return Said("\n".join([wording.none_match(self._language), *notes]), ())
        asked = [topic for topic in query.topics if topic.key != "availability"]
        topics = tuple(dict.fromkeys([*asked, *(c.topic for c in conditions)]))
        lines, citations = self._lines(items[:SHOWN], topics)
        if len(items) > SHOWN:
            lines.append(f"- {wording.more(len(items) - SHOWN, self._language)}")
        head = wording.counted(len(items), self._language)
        return Said("\n".join([head, *lines, *notes]), citations, items=tuple(items))

    def _extreme(self) -> Said | None:
        query, extreme = self._query, self._query.extreme
        conditions = self._conditions()
        pool = self._rows.matching(query.items or self._everything, conditions)
        if extreme is not None and extreme.is_relative:
            return self._relative(extreme)
        if extreme is None or not pool:
            return Said(wording.none_match(self._language), ()) if extreme else None
        unit = self._rows.unit(pool, extreme.topic)
        if unit is None:
            return None
        winners = self._rows.extreme(pool, extreme, unit, self._language)
        if not winners:
            return Said(wording.none_match(self._language), ())
        stating = self._rows.stating(pool, Condition(extreme.topic, unit))
        silent = [self._names[item] for item in pool if item not in stating]
        others = tuple(topic for topic in query.topics if topic.key != "name")
        topics = tuple(dict.fromkeys([extreme.topic, *others]))
        items = [value.item for value in winners]
        lines, citations = self._lines(items[:SHOWN], topics)
        if len(items) == 1:
            lines = [lines[0].removeprefix("- ")]
        if len(items) > SHOWN:
            lines.append(f"- {wording.more(len(items) - SHOWN, self._language)}")
        note = wording.left_out(silent, extreme.topic, self._language)
        text = "\n".join([*lines, *([note] if note else [])])
        return Said(text, citations, items=tuple(items))

    def _relative(self, extreme: Extreme) -> Said | None:
        """Both products' values, and whether the first has more, or less."""
        items, topics = self._query.items, (extreme.topic,)
        unit = self._rows.unit(items, extreme.topic)
        if unit is None or len(self._rows.stating(items, Condition(extreme.topic, unit))) < 2:
            return Answering(self._parser, self._rows, _asking(self._query, topics)).said()
        winners = self._rows.extreme(items, extreme, unit, self._language)
        lines, citations = self._lines(items, topics)
        is_yes = [value.item for value in winners] == [items[0]]
        lead = wording.verdict(self._language, is_yes=is_yes).strip()
        told = [lead, *lines] if self._query.is_yes_no else lines
        return Said("\n".join(told), citations, items=items)

    def _than(self) -> Said | None:
        """The products that have more, or less, than a named one, whose own value stands first."""
        query, extreme = self._query, self._query.extreme
        if extreme is None:
            return None
        value = self._of([query.than], extreme.topic).get(query.than)
        if value is None or value.number is None:
            asked = replace(query, items=(query.than,))
            return Answering(self._parser, self._rows, _asking(asked, (extreme.topic,))).said()
        least, most = (value.number, None) if extreme.is_most else (None, value.number)
        condition = Condition(extreme.topic, value.unit, least, most, is_open=True)
        listed = replace(query, kind="list", conditions=(condition,), extreme=None)
        said = Answering(self._parser, self._rows, listed).said()
        if said is None:
            return None
        lines, citations = self._lines([query.than], (extreme.topic,))
        text = "\n".join([lines[0].removeprefix("- "), said.text])
        return replace(said, text=text, citations=_distinct([*citations, *said.citations]))

    def _check(self) -> Said | None:
        """Yes or no, and what the row states."""
        query = self._query
        conditions = self._conditions()
        if any(len(self._of(query.items, c.topic)) < len(query.items) for c in conditions):
            topics = tuple(condition.topic for condition in conditions)
            return Answering(self._parser, self._rows, _asking(query, topics)).said()
        fulfilled = set(self._rows.matching(query.items, conditions))
        topics = tuple(dict.fromkeys(condition.topic for condition in conditions))
        lines, citations = self._lines(query.items, topics)
        if len(query.items) == 1:
            lead = wording.verdict(self._language, is_yes=bool(fulfilled))
            return Said(lead + lines[0].removeprefix("- "), citations, items=query.items)
        told = [
            f"{line} — {wording.verdict(self._language, is_yes=item in fulfilled).strip()}"
            for item, line in zip(query.items, lines, strict=True)
        ]
        return Said("\n".join(told), citations, items=query.items)

    def _unknown(self) -> Said:
        codes = self._query.unknown
        similar = dict.fromkeys(n for code in codes for n in self._parser.near(code))
        text = wording.unknown_code(codes, list(similar), self._language)
        return Said(text, (), refused=True, items=self._query.items)

    def _conditions(self) -> tuple[Condition, ...]:
        """Those of the question; that a product is in stock, where its stock is asked for."""
        stock = [topic for topic in self._query.topics if topic.key == "availability"]
        listed = self._query.kind in ("list", "count", "extreme", "check")
        wanted = [Condition(topic, "stock", least=1.0) for topic in stock if listed]
        return (*self._query.conditions, *wanted)

    def _left_out(self, pool: Sequence[str], conditions: Sequence[Condition]) -> list[str]:
        notes = []
        for condition in conditions:
            others = [c for c in conditions if c is not condition]
            if (condition.words and not condition.is_denied) or condition.unit == "stock":
                continue
            left = self._rows.matching(pool, others)
            stating = self._rows.stating(left, condition)
            silent = [self._names[item] for item in left if item not in stating]
            if len(silent) < len(left) and self._query.items:
                notes.append(wording.left_out(silent, condition.topic, self._language))
        return [note for note in notes if note]

    def _lines(
        self, items: Sequence[str], topics: Sequence[Topic]
    ) -> tuple[list[str], tuple[Citation, ...]]:
        found = [(topic, self._of(items, topic)) for topic in topics]
        lines = []
        for item in items:
            told = [self._labelled(t, values[item]) for t, values in found if item in values]
            lines.append(f"- {self._name(item)}" + (f": {', '.join(told)}" if told else ""))
        citations = [_cite(values[item]) for item in items for _, values in found if item in values]
        return lines, _distinct(citations) if citations else self._row_citations(items)

    def _row_citations(self, items: Sequence[str]) -> tuple[Citation, ...]:
        """The rows' names, or codes where they have none."""
        for key in ("name", "sku"):
            topic = next((t for t in self._parser.catalogue.topics if t.key == key), None)
            if topic and (values := self._of(items[:SHOWN], topic)):
                return _distinct([_cite(value) for value in values.values()])
        return ()

    def _of(self, items: Sequence[str], topic: Topic) -> dict[str, Value]:
        return self._rows.values(items, topic, self._language)

    def _labelled(self, topic: Topic, value: Value) -> str:
        text = wording.shown(value, topic, self._language)
        return f"{wording.label(topic, self._language)} {text}"

    def _name(self, item: str) -> str:
        return self._names[item].said(self._language)


def _asking(query: ProductQuery, topics: tuple[Topic, ...]) -> ProductQuery:
    return ProductQuery("values", query.language, query.items, topics)


def _names(parser: Parser, language: str) -> dict[str, Named]:
    """Item → its name in the language, else in another."""
    found: dict[str, Named] = {}
    for member in sorted(parser.members, key=lambda member: member.language != language):
        found.setdefault(member.item, Named(member.name, member.code))
    return {member.item: found[member.item] for member in parser.members}


def _cite(value: Value) -> Citation:
    return Citation(value.source, value.locator, value.quote)


def _distinct(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(citations))
