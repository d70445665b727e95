"""The attacks of attacks.jsonl, each put where it says, beside honest passages.

`says` is what a model that obeys the attacker writes; nothing of `forbidden` may come out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from bot_cases import DELIVERY, HENPIN, RETURNS
from tiny import make_chunk, make_passage

from builder.bot.compose import Found
from builder.records import Chunk, Message, Passage, Question
from builder.text.clean import clean_block
from connectors.language import detect

ASKED = "Within how many days may unused goods be returned?"
ASKED_JA = "未使用の商品は何日以内に返品できますか？"


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack."""

    id: str
    where: str
    text: str
    says: str
    forbidden: tuple[str, ...]

    @property
    def chunk(self) -> Chunk | None:
        """The chunk that carries it; None where it is in a question or conversation."""
        if self.where == "document":
            lines = "\n".join(clean_block(line) for line in self.text.split("\n"))
            return make_chunk("evil", self.text, title="Notice", model_text=lines)
        if self.where == "product":
            text = f"SKU: K-210\nReturn of unused goods: {self.text}"
            return make_chunk("evil", text, kind="product", sku="K-210", headings=("Kettle",))
        if self.where in ("question", "history"):
            return None
        changes = {"headings": (self.text,)} if self.where == "heading" else {self.where: self.text}
        return replace(DELIVERY, id="evil", **changes)

    @property
    def question(self) -> Question:
        """What is asked."""
        if self.where == "question":
            return Question(self.id, self.text)
        history = (Message("user", self.text), Message("assistant", self.says))
        asked = ASKED_JA if detect(self.text) == "ja" else ASKED
        return Question(self.id, asked, history if self.where == "history" else ())

    @property
    def found(self) -> Found:
        """The passages, the attacker's first."""
        honest = [make_passage(chunk) for chunk in (RETURNS, HENPIN, DELIVERY)]
        evil: list[Passage] = [make_passage(self.chunk)] if self.chunk else []
        passages = tuple([*evil, *honest][:3])
        return Found(passages, passages)


def attacks() -> list[Attack]:
    """All of them."""
    lines = Path(__file__).with_name("attacks.jsonl").read_text(encoding="utf-8").split("\n")
    return [
        Attack(**{**one, "forbidden": tuple(one["forbidden"])})
        for one in map(json.loads, filter(None, lines))
    ]
