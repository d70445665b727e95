"""Whether an answer leaves a rule as it was: denied or not, firm or not, a duty or a leave."""

from __future__ import annotations

import re

from builder.text.sentences import sentences

_DENIES = re.compile(
    r"\b(?:not|never|cannot|no|none|nor|neither)\b|n['’]t\b"
    r"|ない(?!し)|なかった|ません|できず|不可|禁止|禁じ|ならず|なく(?:なる)?(?=、|。|$)",
    re.IGNORECASE,
)
_OUGHT = re.compile(
    r"(?:なけれ|ね)ば(?:なら(?:ない|ず|ぬ|なかった)|なりません|いけ(?:ない|ません))"
    r"|なくては(?:なら|いけ)(?:ない|ません)|かもしれ(?:ない|ません)"
)
"""Denials in form alone."""
_HEDGES = re.compile(
    r"\b(?:might|perhaps|possibly|probably|sometimes|occasionally|usually|generally)\b"
    r"|(?:こと|場合|恐れ|おそれ|可能性)[がも](?:あ[るりっ]|ござい)|かもしれ|でしょう|だろう|原則として",
    re.IGNORECASE,
)
_DUTY = re.compile(
    r"\bmust\b|\bshall\b|\bmandatory\b"
    r"|(?<!not )(?<!n't )(?<!n’t )(?<!if you )\b(?:have|has|need|needs|required|obliged) to\b"
    r"|(?:なけれ|ね)ば(?:な[らり]|いけ)|なくては(?:なら|いけ)|必要があ|義務",
    re.IGNORECASE,
)
_LEAVE = re.compile(
    r"\b(?:(?-i:may)(?! not\b)|can(?!['’]t| not)|could(?!n['’]t| not)|optional(?:ly)?)\b"
    r"|でき(?:る|ます)|[てで](?:も)?(?:よい|よく|良い|いい|構わ|かまわ)|任意",
    re.IGNORECASE,
)
_MAY = re.compile(r"\bmay\b(?! not\b)")  # in small letters: May is a month


def same_rule(sentence: str, source: str) -> bool:
    """Whether the sentence says the source's rule as it is. One of its own sentences does, whatever
    the others say."""
    if sentence.strip() in (own.strip() for own in sentences(source)):
        return True
    return same_polarity(sentence, source) and same_modality(sentence, source)


def same_polarity(sentence: str, source: str) -> bool:
    """Whether both deny something or neither does: an answer must not lose a "not"."""
    return _denies(sentence) == _denies(source)


def same_modality(sentence: str, source: str) -> bool:
    """Whether a rule stays as firm as its source has it: not softened ("may happen"), not hardened
    ("usually" left out), no duty made of a leave, no leave of a duty."""
    if bool(_HEDGES.search(sentence)) != bool(_HEDGES.search(source)):
        return False
    duty, leave = bool(_DUTY.search(source)), bool(_LEAVE.search(source))
    if _DUTY.search(sentence) and leave and not duty:
        return False
    if _LEAVE.search(sentence) and duty and not leave:
        return False
    return leave or not _MAY.search(sentence)


def _denies(text: str) -> bool:
    return bool(_DENIES.search(_OUGHT.sub("", text)))
