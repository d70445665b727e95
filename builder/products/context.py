"""What a question about products takes over from the conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from builder.products.plain import compiled
from builder.products.records import Topic

_POINTING = compiled(
    r"\b(?:it|its|it's|they|their|them|that one|this one|which one|that|this|those|these"
    r"|the same)\b"
    r"|それ|その|これ|この|そちら|こちら|どちら|どっち"
)
_OF_TWO = compiled(
    r"\b(?:cheaper|lighter|heavier|(?:tall|wid|larg|bigg|small|long|short|quiet|strong)er"
    r"|(?:more|less) \w+)\b|どちら|どっち|\bboth\b"
)
_ANOTHER = re.compile(r"^\W*(?:and|what about|how about|では|じゃあ?)|(?:は|なら)\W*$")


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversation was about before the question."""

    items: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    before: tuple[str, ...] = ()
    """Products of the question before that."""
    pool: tuple[str, ...] = ()
    """Products among which the question sought the most: the kettles of `the cheapest kettle`."""

    def then(
        self, items: tuple[str, ...], topics: tuple[Topic, ...], pool: tuple[str, ...] = ()
    ) -> Context:
        """The context after one more question."""
        return Context(items, topics, self.items if self.items != items else self.before, pool)

    def meant(self, text: str, *, compares: bool) -> tuple[str, ...]:
        """The products that a question without a name means; `compares`: it needs several."""
        if len(self.items) != 1 or not compares:
            return self.items
        both = tuple(dict.fromkeys((*self.before, *self.items)))
        are_meant = len(both) == 2 and (_OF_TWO.search(text) or points_back(text))
        return both if are_meant else self.pool


NOTHING_BEFORE = Context()


def points_back(text: str) -> bool:
    """Whether a plain text has a word that stands for what was named before."""
    return bool(_POINTING.search(text))


def asks_of_another(text: str) -> bool:
    """Whether it asks the same of another product: `what about the K-300?`."""
    return bool(_ANOTHER.search(text))


def parts_of(items: Sequence[str], codes: dict[str, str], wholes: Sequence[str]) -> tuple[str, ...]:
    """Of the items, those that are parts of the wholes by their code: `K-210-L` of `K-210`."""
    starts = tuple(f"{codes[whole]}-" for whole in wholes if codes.get(whole))
    return tuple(item for item in items if starts and codes.get(item, "").startswith(starts))
