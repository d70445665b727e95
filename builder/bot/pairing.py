"""Whether an answer gives a value to what its source gives it to, and says no opposite of it."""

from __future__ import annotations

import re

from builder.text.sentences import sentences
from builder.text.terms import content_terms
from builder.text.values import values

_CLAUSE = re.compile(
    r"[;:、。；：\n|]|,(?!\d)|\.(?=\s)|\b(?:and|but|while|whereas)\b|一方|また|(?<=[一-龥日円%])、"
)
_EXCLUSIVE = tuple(
    tuple(group.split())
    for group in (
        "before after",
        "minimum maximum",
        "weekday|weekdays weekend|weekends",
        "full-time part-time",
        "gross net",
        "domestic international|abroad|overseas",
        "delivery|delivered purchase|purchased",
        "hourly daily weekly monthly quarterly yearly|annual|annually",
        "includes|include|included|including excludes|exclude|excluded|excluding",
        "employer employee",
        "arrival departure",
        "open closed",
        "以上 以下 未満 超える",
        "以内 以降",
        "平日 休日|土日",
        "税込 税抜",
        "国内 海外|国外",
        "正社員 契約社員 パート アルバイト",
        "入社 退職|退社",
        "購入 到着|受け取り|受取|納品",
        "当月 翌月 前月",
        "当日 翌日 前日",
        "初日 末日",
        "有給 無給",
        "お客様 当社|弊社",
    )
)
"""Words of which a rule holds for one only; the spellings of one are joined by a bar."""
_FIRST_PERSON = re.compile(r"\b(?:we|our|us|ours)\b", re.IGNORECASE)
_NOT_YET = re.compile(r"未([一-龥]{2})")
_NUMBER = re.compile(r"\d[\d,.:]*")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


def same_facts(sentence: str, source: str, question: str) -> bool:
    """Whether the sentence's values belong to its subject in the source too, and nothing in it is
    the opposite of what stands there. A sentence of the source itself does."""
    if sentence.strip() in (own.strip() for own in sentences(source)):
        return True
    return not is_opposed(sentence, source) and is_paired(sentence, source, question)


def is_opposed(sentence: str, source: str) -> bool:
    """Whether the sentence has a word where the source has one that excludes it: `after` for
    `before`, `opened` for `unopened`, 購入 for 到着, `we` where nobody speaks of himself."""
    said, there = sentence.lower(), source.lower()
    for group in _EXCLUSIVE:
        own = {one for one in group if _has(one, said)}
        held = {one for one in group if _has(one, there)}
        if own and held and not own & held:
            return True
    if _FIRST_PERSON.search(said) and not _FIRST_PERSON.search(there):
        return True
    return _drops_prefix(said, there) or _drops_prefix(there, said)


def is_paired(sentence: str, source: str, question: str = "") -> bool:
    """Whether each part of the sentence has its value from the part of the source that is about the
    same, not from one beside it: `part-time staff get 10 days` of `full-time staff get 20 days and
    part-time staff 10`. What the sentence leaves out, the question may say."""
    parts = [(part, values(part)) for part in _CLAUSE.split(source)]
    parts = [(part, held) for part, held in parts if held]
    if len(parts) < 2:
        return True
    clauses = [part for part in _CLAUSE.split(sentence) if values(part)]
    asked = question if len(clauses) == 1 else ""
    return all(_is_nearest(f"{clause} {asked}", values(clause), parts) for clause in clauses)


def _is_nearest(subject: str, said: set[str], parts: list[tuple[str, set[str]]]) -> bool:
    about = _subjects(subject)
    mine = [part for part, held in parts if held & said]
    others = [part for part, held in parts if not held & said]
    if not mine or not others:
        return True
    shared = set.intersection(*(_subjects(part) for part, _ in parts))
    own = max(len((_subjects(part) - shared) & about) for part in mine)
    other = max(len((_subjects(part) - shared) & about) for part in others)
    return own > other or not other


def _subjects(text: str) -> set[str]:
    """The content terms but for numbers."""
    return content_terms(_NUMBER.sub(" ", text))


def _has(spellings: str, text: str) -> bool:
    """Whether the text has the word; Latin ones stand alone."""
    for one in spellings.split("|"):
        if one.isascii():
            if re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", text):
                return True
        elif one in text:
            return True
    return False


def _drops_prefix(text: str, other: str) -> bool:
    """Whether the text has `unopened` or 未開封 where the other has `opened` or 開封 alone."""
    words, others = set(_WORD.findall(text)), set(_WORD.findall(other))
    for word in words - others:
        bare = re.sub(r"^(?:un|non-?)", "", word)
        if bare != word and len(bare) > 3 and bare in others and bare not in words:
            return True
    return any(
        f"未{kind}" not in other and kind in other and not re.search(rf"(?<!未){kind}", text)
        for kind in _NOT_YET.findall(text)
    )
