"""What a chunk is about, as a short noun phrase taken from its headings and title."""

from __future__ import annotations

import re

from builder.records import Chunk

_NUMBERING = re.compile(
    r"^(?:第[\d０-９一二三四五六七八九十百]+[章節条項編](?:の[\d０-９一二三四五六七八九十]+)?[\s　:：]*"
    r"|[■□◆●]\s*|[（(]?[\d０-９]+(?:[-.．][\d０-９]+)*[）)]?[.．、:：]?[\s　]+|[A-Z][.)]\s+)"
)
_BRACKETED = re.compile(r"^[（(](.+)[)）]$")
_TRAILING = re.compile(r"[\s　]*[（(][^（）()]*[)）]$")
_MARKUP = re.compile(r"[*_`]+")
_LETTERS = re.compile(r"[A-Z]\s*[–-]\s*[A-Z]")
_MAX_WORDS = 7
_MAX_CHARACTERS = 24
_GENERIC = frozenset(
    (
        "overview,introduction,background,scope,notes,note,summary,general,purpose,contents,misc,"
        "other,others,about,example,examples,faq,resources,reference,references,links,more,details,"
        "setup,definitions,glossary,contact,contacts,rules,basics,actions,exceptions,reports,"
        "definition,guidance,policy,procedure,process,steps,questions,quick reference,how to,"
        "additional resources,decision,more information,getting started,tips,related,next steps,"
        "purpose and scope,numbers,next meeting,"
        "目的,総則,適用範囲,附則,その他,概要,はじめに,定義,参考,備考,目次,報告,例外,問い合わせ,"
        "問合せ,連絡先,雑則,補足,受付,印刷,範囲,決定事項,主な意見,次回,課題と担当,目的と範囲"
    ).split(",")
)


def clean_heading(heading: str) -> str:
    """A heading without numbering, markup and trailing brackets: `第4条（所定労働時間）` is
    `所定労働時間`."""
    text = _MARKUP.sub("", heading).strip().lstrip("#").strip()
    while (shorter := _NUMBERING.sub("", text, count=1).strip()) and shorter != text:
        text = shorter
    if match := _BRACKETED.match(text):
        return match[1].strip()
    return _TRAILING.sub("", text).strip() or text


def is_question(text: str) -> bool:
    """Whether a heading or line asks something."""
    return bool(re.search(r"(?:[?？]|(?:です|ます|ません|でしょう|ました)か。?)$", text.strip()))


def topic(chunk: Chunk) -> str:
    """The deepest heading that says something, else the title; empty where neither is short."""
    for heading in (*reversed(chunk.headings), chunk.title):
        text = clean_heading(heading)
        if _usable(text, chunk.language):
            return _in_sentence(text) if chunk.language == "en" else text
    return ""


def document_topic(chunk: Chunk) -> str:
    """The document's title as a phrase, or empty."""
    text = clean_heading(chunk.title)
    if chunk.language == "ja":
        return text if 2 <= len(text) <= 30 else ""
    return _in_sentence(text) if 0 < len(text.split()) <= 9 else ""


def is_generic(text: str) -> bool:
    """Whether a heading only names a part that any document has."""
    return text.casefold() in _GENERIC


def _usable(text: str, language: str) -> bool:
    if not text or is_generic(text) or is_question(text) or _LETTERS.fullmatch(text):
        return False
    if re.search(r"[:：/|]|https?|\d{4}-\d{2}", text):
        return False
    if language == "ja":
        return 2 <= len(text) <= _MAX_CHARACTERS
    return len(text.split()) <= _MAX_WORDS and len(text) > 2


def _in_sentence(text: str) -> str:
    """`Annual leave` is `annual leave` inside a sentence; names and abbreviations stay."""
    words = text.split()
    first = words[0]
    if first.isupper() or not first[:1].isupper() or not first[1:].islower():
        return text
    if len(words) > 1 and all(word[:1].isupper() for word in words if len(word) > 3):
        return text
    return text[0].lower() + text[1:]
