"""The sentences that the bot says of its own: refusals, whom to ask, what it says without sources.

`tone` and `length` are those of `[answer]` in bot.toml.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from builder.text.injections import is_instruction, visible
from builder.text.refusals import refusal
from builder.text.values import holds_address

Tone = Literal["polite", "plain"]
Length = Literal["full", "short"]
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Wording:
    """How the bot speaks."""

    contact: str = ""
    tone: Tone = "polite"
    length: Length = "full"


_PLAIN_REFUSALS = {"ja": "資料に記載がない。", "en": "Not in the documents."}
_NEAR = {"ja": "近い資料: ", "en": "Nearest documents: "}
_ASK = {
    ("ja", "polite"): "お問い合わせ先: ",
    ("ja", "plain"): "問い合わせ先: ",
    ("en", "polite"): "Please ask: ",
    ("en", "plain"): "Ask: ",
}
_OWN = {
    ("ja", "polite"): "資料には記載がありません。以下は資料にもとづかない一般的な回答です。",
    ("ja", "plain"): "資料に記載がない。以下は資料にもとづかない一般的な回答。",
    ("en", "polite"): "The documents do not say. This is general knowledge, not from them:",
    ("en", "plain"): "Not in the documents. General knowledge:",
}


def refused_in_words(language: str, titles: Sequence[str], wording: Wording) -> str:
    """The refusal, the nearest documents by title, and whom to ask."""
    known = "ja" if language == "ja" else "en"
    plain = wording.tone == "plain"
    lines = [_PLAIN_REFUSALS[known] if plain else refusal(language)]
    near = list(dict.fromkeys(filter(None, map(_named, titles[:_NEAREST]))))
    if near and wording.length == "full":
        named = "、".join(f"「{t}」" for t in near) if known == "ja" else ", ".join(near)
        lines.append(_NEAR[known] + named)
    if wording.contact:
        lines.append(_ASK[known, wording.tone] + wording.contact)
    return "\n".join(lines)


def _named(title: str) -> str:
    """The title on one line; empty where it speaks to a model or holds an address."""
    line = " ".join(visible(title).split())
    return "" if is_instruction(line) or holds_address(line) else line


def own_knowledge_in_words(language: str, said: str, wording: Wording) -> str:
    """What the model says of its own, behind a sentence that says so."""
    lead = _OWN["ja" if language == "ja" else "en", wording.tone]
    return f"{lead}\n{visible(said)}"
