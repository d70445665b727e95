"""Follow-up questions made whole before retrieval, from the conversation, by rules.

A follow-up leaves out what was said. Where it leaves out what is asked ("What about Chicago?",
"パートの場合は？"), the earlier question is carried over; where it asks something of its own
("How long does that take?", "それは有給ですか？"), only what that was about is, else the earlier
question's answer would be found again. A question that stands on its own is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from builder.records import Message
from builder.text.terms import content_terms

_ENGLISH_CUE = re.compile(
    r"^(?:and|but|so|then|or|ok(?:ay)?|also)\b|^(?:what|how) (?:about|if)\b"
    r"|^(?:why|when|where|who)\??$|\b(?:in|of|for|to|with|about) (?:it|that|them|those)\W*$",
    re.IGNORECASE,
)
_ENGLISH_PRONOUN = re.compile(
    r"\b(?:it|its|that|those|them|they|this|these|he|she|there|ones?|same|either)\b", re.IGNORECASE
)
_JAPANESE_CUE = re.compile(
    r"^(?:じゃあ?|では|それ|その|そこ|これ|この|あれ|あの|同じ|他|ほか|あと|また|なら)"
    r"|(?:場合は|のときは|だと|なら|は)[？?]?$|(?:それ|その|これ|そちら|同じ)"
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|that|those|them|they|this|these|there)\b|それ|その|そこ|これ|この|そちら",
    re.IGNORECASE,
)
_OPENING = r"(?:(?:and|but|so|then|or|ok(?:ay)?|also)[, ]+)"
_ASKS_NOTHING_NEW = re.compile(
    rf"^{_OPENING}*(?:(?:what|how) (?:about|if)\b|(?:why|when|where|who)\b\??$"
    r"|(?:for|in|on|at|with|from|to|as|by)\b(?! (?:when|what|which|how|whom)\b))"
    rf"|^{_OPENING}(?!(?:its|his|her|their|by|when|how|what|where|who|why|which|do|does|is|are|can"
    r"|will|may|must)\b)[\w' -]{1,30}\?$"
    r"|(?:場合は|のときは|ときは|だと|だったら|なら|たら|ば|には|では|は|も)[？?]?$"
    r"|(?:なぜ|どうして)(?:ですか)?[？?]?$",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b(?:how (?:many|much|long|often|far|soon|early|big|old|do i|can i)|what|which|when|where|"
    r"who|whom|whose|why|days?|hours?|weeks?|months?|times?|take|takes|get|gets|need|does|do|tell|"
    r"please|much|many)\b",
    re.IGNORECASE,
)
_JAPANESE_NOUN = re.compile(r"[一-龥々〆ァ-ヴーA-Za-z0-9０-９Ａ-Ｚａ-ｚ-]{2,}")
_JAPANESE_ASKING = re.compile(r"何[一-龥]+|教(?=え)|場合|方法")
_QUOTED = re.compile(r"「([^「」]{2,30})」")
_CAPITALS = re.compile(r"(?<=[a-z,;:] )[A-Z][\w-]*(?: [A-Z][\w-]*)+")
_SHORT = 3  # content terms: fewer than this seldom stand alone
_SHORT_NOUNS = 7  # the same for Japanese, in characters of its nouns
_NAMED = 3  # content terms before a pronoun that it may stand for
_LONGEST = 300  # characters carried over


def standalone(question: str, history: Sequence[Message]) -> str:
    """The question to search for: with what it leaves out, where it leans on what came before."""
    whole, said = "", ""
    for turn in history:
        if turn.role == "user":
            whole = _whole(turn.content, whole, said)
        elif turn.role == "assistant":
            said = turn.content
    return _whole(question, whole, said)


def _whole(question: str, before: str, said: str) -> str:
    """The question with what it takes from the whole one before it and from its answer."""
    if not before or not _leans(question):
        return question
    if _ASKS_NOTHING_NEW.search(question.strip()):
        return f"{before[-_LONGEST:]} {question}"
    named = _named(said) if _POINTS_BACK.search(question) else []
    return " ".join([_subject(before)[-_LONGEST:], *named, question])


def _subject(question: str) -> str:
    """What a question is about, without what it asks of it."""
    if re.search(r"[ぁ-ゟ]", question):
        nouns = _JAPANESE_NOUN.findall(_JAPANESE_ASKING.sub(" ", question))
        return " ".join(dict.fromkeys(nouns)) or question
    kept = " ".join(_ASKING.sub(" ", question).replace("?", " ").split())
    return kept if content_terms(kept) else question


def _named(said: str) -> list[str]:
    """Names in an answer that "it" may stand for."""
    return list(dict.fromkeys([*_QUOTED.findall(said), *_CAPITALS.findall(said)]))[:2]


def _leans(question: str) -> bool:
    cue = _ENGLISH_CUE.search(question) or _JAPANESE_CUE.search(question)
    return bool(cue) or _points_out_of(question) or _is_short(question)


def _points_out_of(question: str) -> bool:
    """Whether it has a pronoun before it has named anything that this may stand for."""
    pronoun = _ENGLISH_PRONOUN.search(question)
    if pronoun is None:
        return False
    return len(content_terms(question[: pronoun.start()])) < _NAMED


def _is_short(question: str) -> bool:
    """Whether it names too little to stand alone; a code names enough."""
    if re.search(r"[A-Za-z]-?\d", question):
        return False
    if re.search(r"[ぁ-ゟ]", question):
        nouns = set(_JAPANESE_NOUN.findall(_JAPANESE_ASKING.sub(" ", question)))
        return sum(map(len, nouns)) < _SHORT_NOUNS
    return len(content_terms(question)) < _SHORT
