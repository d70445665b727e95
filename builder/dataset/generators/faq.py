"""Questions that the document asks itself and their answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.dataset.blocks import blocks
from builder.dataset.drafts import Draft
from builder.dataset.english import self_contained
from builder.dataset.japanese import stands_alone
from builder.dataset.rewording import reworded
from builder.dataset.sizes import fits
from builder.dataset.statements import clean
from builder.dataset.topics import (
    begins_section,
    clean_heading,
    heading_lines,
    is_heading,
    is_question,
)
from builder.records import Chunk
from builder.text.sentences import sentence_spans

_Q = re.compile(
    r"^(?:Q\s*\d*\s*[.．:：、)]|Q\d+\s|Question\s*\d*\s*:|問\s*\d*[.．:：、\s]"
    r"|質問\s*\d*[.．:：])\s*(?P<text>.+)$",
    re.I,
)
_A = re.compile(
    r"^(?:A\s*\d*\s*[.．:：、)]|A\d+\s|Answer\s*\d*\s*:|答え?\s*\d*[.．:：、\s]"
    r"|回答\s*\d*[.．:：])\s*(?P<text>.+)$",
    re.I,
)
_INLINE = re.compile(r"(?<=[?？。.])\s*(?::\s*)?(?P<answer>A\d*[.．:：]\s*\S)")
_ASKS = re.compile(
    r"^(?:what|which|who|whom|whose|when|where|why|how|can|could|may|do|does|did|is|are|am|was"
    r"|will|"
    r"would|should|must|have|has|if|i |i['’]|as a|after|before|for|in|on|at|to)\b",
    re.IGNORECASE,
)


def find_faq(chunk: Chunk) -> Iterator[Draft]:
    """Every question of the chunk with the sentences that answer it."""
    if chunk.headings and is_question(chunk.headings[-1]) and begins_section(chunk):
        question = clean_heading(chunk.headings[-1])
        if draft := _answered(chunk, question, 0, _first_stop(chunk)):
            yield draft
    lines = _lines(chunk)
    for index, (question, _, end) in enumerate(lines):
        stop = lines[index + 1][1] if index + 1 < len(lines) else len(chunk.model_text)
        if question and (draft := _answered(chunk, question, end, stop)):
            yield draft


def _lines(chunk: Chunk) -> list[tuple[str, int, int]]:
    """(question, start, end) of each question; headings that ask nothing end an answer too."""
    headings = heading_lines(chunk)
    found = []
    for block in blocks(chunk.model_text):
        if block.kind not in ("paragraph", "heading"):
            continue
        text = clean(block.text)
        if match := _Q.match(text):
            # The answer may follow on the question's own line.
            inline = _INLINE.search(block.text)
            end = block.start + inline.start("answer") if inline else block.end
            question = _INLINE.split(match["text"])[0] if inline else match["text"]
            found.append((question.strip(), block.start, end))
        elif is_heading(block.text, headings):
            found.append((clean_heading(text) if is_question(text) else "", block.start, block.end))
        elif is_question(text) and len(sentence_spans(text)) == 1 and len(text) < 120:
            found.append((text, block.start, block.end))
    return found


def _first_stop(chunk: Chunk) -> int:
    lines = _lines(chunk)
    return lines[0][1] if lines else len(chunk.model_text)


def _answered(chunk: Chunk, question: str, start: int, stop: int) -> Draft | None:
    body = chunk.model_text[start:stop]
    opening = re.match(r"\s*(?:[-・]\s*)?", body)
    skip = opening.end() if opening else 0
    if match := _A.match(body[skip:].split("\n", 1)[0]):
        skip += match.start("text")
    if re.match(r"\d+[.)]\s|\||[-・]\s", body[skip:]):
        return None  # a list or table: the other generators read it
    spans = sentence_spans(body[skip:])
    if not spans or not _clear(chunk.language, question):
        return None
    end = spans[0][1]
    for _, right in spans[1:3]:
        if (
            not fits(clean(body[skip : skip + right]), chunk.language)
            or "\n" in body[skip : skip + right].strip()
        ):
            break
        end = right
    quote = body[skip + spans[0][0] : skip + end]
    answer = clean(quote)
    if not fits(answer, chunk.language) or answer.endswith((":", "：", "?", "？")):
        return None
    asked = (
        question
        if question.endswith(("?", "？", "。", "."))
        else question + ("？" if chunk.language == "ja" else "?")
    )
    return Draft(
        "faq",
        "plain",
        answer,
        quote,
        {"question": asked},
        key=asked,
        wordings=reworded(asked, chunk.language),
    )


def _clear(language: str, question: str) -> bool:
    if language == "ja":
        return stands_alone(question) and 5 <= len(question) <= 80
    return (
        bool(_ASKS.match(question))
        and self_contained(question)
        and 3 <= len(question.split()) <= 25
    )
