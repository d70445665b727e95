"""What a chunk is about, as a short noun phrase taken from its headings and title."""

from __future__ import annotations

import re
from collections.abc import Callable

from builder.dataset.bilingual import has_japanese
from builder.dataset.english import is_imperative, lower_noun
from builder.records import Chunk
from builder.text.terms import normalize

_NUMBERING = re.compile(
    r"^(?:第[\d０-９一二三四五六七八九十百]+[章節条項編](?:の[\d０-９一二三四五六七八九十]+)?["
    r"\s　:：]*"
    r"|[■□◆●]\s*|[（(]?[\d０-９]+(?:[-.．][\d０-９]+)*[）)]?[.．、:：]?[\s　]+|[A-Z][.)]\s+)"
)
_BRACKETED = re.compile(r"^[（(](.+)[)）]$")
_TRAILING = re.compile(r"[\s　]*[（(][^（）()]*[)）]$")
_MARKUP = re.compile(r"[*_`]+")
_NOT_NOUNS = re.compile(
    r"^(?:a note|how|what|when|where|why|who|if|should|do|can|is|are|enter|choose)\b", re.I
)
_HASH_LINE = re.compile(r"^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
_LINK = re.compile(r"\[([^\[\]]+)\]\([^)]*\)")
_PLAIN_HEADING = re.compile(
    r"^\s*(?:第\s*[0-9０-９一二三四五六七八九十百]+\s*[章節条編款](?!の)[^。]{0,40}"
    r"|[■●◆◎▼【〔][^。]{1,40}"
    r"|\d{1,2}[.．、]\s*[^。、.!?:：]{1,40})$"
)
_PLAIN_SOURCES = (".txt", ".text", ".pdf", ".eml", ".msg", ".log")
_NOT_TOPICS = re.compile(
    r"[:：/|!]|https?|\d{4}-\d{2}| - |\.\.|^[A-Z]\s*[–-]\s*[A-Z]$"
    r"|^(?:[a-z0-9_.-]{9,}|[a-z0-9]+(?:[_-][a-z0-9]+)+)$"
)
_MAX_WORDS = 7
_MAX_CHARACTERS = 24
_GENERIC = frozenset(
    (
        "overview,introduction,background,scope,notes,note,summary,general,purpose,contents,misc,"
        "other,others,about,example,examples,faq,resources,reference,references,links,more,details,"
        "setup,definitions,glossary,contact,contacts,rules,basics,actions,exceptions,reports,"
        "definition,guidance,policy,procedure,process,steps,questions,quick reference,how to,"
        "additional resources,decision,more information,getting started,tips,related,next steps,"
        "purpose and scope,numbers,next meeting,usage,optional,required,recommended,distributed,"
        "submission,steps to take,instructions,information,documentation,requirements,usage "
        "requirements,timeline,contents,training,types,options,features,limitations,troubleshooting,"
        "key points,main points,history,status,tools,documents,tasks,checklist,guidelines,"
        "目的,総則,適用範囲,附則,その他,概要,はじめに,定義,参考,備考,目次,報告,例外,問い合わせ,"
        "問合せ,連絡先,雑則,補足,受付,印刷,範囲,決定事項,主な意見,次回,課題と担当,目的と範囲"
    ).split(",")
)


def clean_heading(heading: str) -> str:
    """A heading without numbering, markup and trailing brackets: `第4条（所定労働時間）` is
    `所定労働時間`."""
    text = _MARKUP.sub("", heading).strip().lstrip("#").strip()
    text = re.sub(
        r"^(?:Questions|A note|Notes?|More|Information)? ?(?:[Aa]bout|on) (?=\w)", "", text
    )
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
            return _spoken(text, chunk)
    return ""


def local_topics(chunk: Chunk) -> Callable[[int], str]:
    """What stands at a place of the chunk's model text: small sections are merged into one chunk,
    and their headings are lines of it."""
    general = topic(chunk)
    marks: list[tuple[int, str]] = []
    at = 0
    titles = heading_lines(chunk)
    for line in chunk.model_text.split("\n"):
        if is_heading(line, titles):
            text = clean_heading(line)
            usable = _usable(text, chunk.language)
            marks.append((at, _spoken(text, chunk) if usable else general))
        at += len(line) + 1

    def topic_at(place: int) -> str:
        found = general
        for start, text in marks:
            if start > place:
                break
            found = text
        return found

    return topic_at


def heading_lines(chunk: Chunk) -> frozenset[str]:
    """The lines of the model text that are headings."""
    return own_headings(chunk) | {_same(heading) for heading in chunk.headings}


def own_headings(chunk: Chunk) -> frozenset[str]:
    """Headings that stand in the chunk itself, in the form that `is_heading` compares."""
    raw = [match[1] for match in _HASH_LINE.finditer(chunk.text)]
    named = {_same(_LINK.sub(r"\1", text)) for text in raw}
    if chunk.source.lower().endswith(_PLAIN_SOURCES):
        lines = chunk.text.split("\n")
        named |= {_same(line) for line in lines if _PLAIN_HEADING.match(line)}
    return frozenset(named)


def begins_section(chunk: Chunk) -> bool:
    """Whether the chunk opens its section: a long section's later chunks begin in its middle."""
    return not chunk.headings or _same(chunk.headings[-1]) in own_headings(chunk)


def is_heading(line: str, titles: frozenset[str]) -> bool:
    """Whether a line of the model text is one of these headings."""
    return _same(line) in titles


def _same(heading: str) -> str:
    return re.sub(r"\s+", " ", _MARKUP.sub("", normalize(heading))).strip()


def is_generic(text: str) -> bool:
    """Whether a heading only names a part that any document has."""
    return text.casefold() in _GENERIC


def _usable(text: str, language: str) -> bool:
    if not text or is_generic(text) or is_question(text) or _NOT_TOPICS.search(text):
        return False
    if language == "ja":
        return 2 <= len(text) <= _MAX_CHARACTERS
    if _NOT_NOUNS.match(text) or is_imperative(text) or has_japanese(text):
        return False
    return len(text.split()) <= _MAX_WORDS and len(text) > 2


def _spoken(text: str, chunk: Chunk) -> str:
    return _in_sentence(text, chunk.model_text) if chunk.language == "en" else text


def _in_sentence(text: str, body: str) -> str:
    """`Annual leave` is `annual leave` inside a sentence; names and titles stay."""
    words = text.split()
    if len(words) > 1 and all(word[:1].isupper() for word in words if len(word) > 3):
        return text
    return lower_noun(text, body)
