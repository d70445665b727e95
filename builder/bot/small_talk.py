"""Greetings, thanks and questions about the bot itself, answered without looking anything up."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from builder.bot.wording import Tone
from builder.prompt import Persona
from builder.text.injections import visible
from connectors.language import detect

_TEXTS = Path(__file__).with_name("small_talk.toml")
_LONGEST = 80  # characters: what is longer is no greeting
_END = re.compile(r"[\s!！?？.。、,~〜ー♪☆…]+$")


@dataclass(frozen=True, slots=True)
class _Exchange:
    """One thing that people say, and the reply in both tones."""

    language: str
    says: re.Pattern[str]
    polite: str
    plain: str
    without_purpose: str

    def reply(self, persona: Persona, tone: Tone) -> str:
        """The reply, with the bot's name and purpose."""
        text = self.polite if tone == "polite" else self.plain
        if "{purpose}" in text and detect(persona.purpose) != self.language:
            text = self.without_purpose
        return text.replace("{name}", persona.name).replace("{purpose}", persona.purpose)


def small_talk(said: str, persona: Persona, tone: Tone) -> str | None:
    """The reply where `said` is nothing but small talk; None where it may be a question."""
    if len(said) > _LONGEST:
        return None
    bare = _END.sub("", unicodedata.normalize("NFKC", visible(said)).strip())
    found = next((one for one in _exchanges() if one.says.fullmatch(bare)), None)
    if found is None:
        return _all_of(bare, persona, tone)
    return found.reply(persona, tone)


def _all_of(said: str, persona: Persona, tone: Tone) -> str | None:
    """The reply to the last of several (`Hello! Who are you?`), where all are small talk."""
    pieces = [piece for piece in re.split(r"[!！?？.。\n]+\s*", said) if piece.strip()]
    if len(pieces) < 2:
        return None
    replies = [
        next((one for one in _exchanges() if one.says.fullmatch(_END.sub("", piece.strip()))), None)
        for piece in pieces
    ]
    if any(reply is None for reply in replies) or replies[-1] is None:
        return None
    return replies[-1].reply(persona, tone)


@lru_cache(maxsize=1)
def _exchanges() -> tuple[_Exchange, ...]:
    with _TEXTS.open("rb") as file:
        texts = tomllib.load(file)
    return tuple(
        _Exchange(
            language,
            re.compile(one["says"], re.IGNORECASE),
            one["polite"],
            one["plain"],
            one.get("without_purpose", ""),
        )
        for language, exchanges in texts.items()
        for one in exchanges
    )
