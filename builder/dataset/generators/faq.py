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
from builder.text.terms import content_terms

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
    question = _of_section(chunk)
    if question and (draft := _answered(chunk, question, 0, _first_stop(chunk))):
        yield draft
    lines = _lines(chunk)
    for index, (question, _, end) in enumerate(lines):
        stop = lines[index + 1][1] if index + 1 < len(lines) else len(chunk.model_text)
        if question and (draft := _answered(chunk, question, end, stop)):
            yield draft


def _of_section(chunk: Chunk) -> str:
    """The question that the chunk's heading asks, as a sentence or behind a `Q.`; empty where it
    asks none, or the chunk is a later piece of its section."""
    heading = chunk.headings[-1] if chunk.headings and begins_section(chunk) else ""
    if labelled := _Q.match(heading):
        return labelled["text"].strip()
    return clean_heading(heading) if is_question(heading) else ""


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
    if not spans or not _clear(chunk, question):
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
    asked = _asked(question, chunk)
    return Draft(
        "faq",
        "plain",
        answer,
        quote,
        {"question": asked},
        key=asked,
        wordings=reworded(asked, chunk.language),
    )


def is_listed(chunk: Chunk) -> bool:
    """Whether the chunk is from a list of questions: its headings are labelled, `## Q. …`."""
    return chunk.text.startswith("## Q. ")


def _asked(question: str, chunk: Chunk) -> str:
    """The question with its mark; a Japanese noun from a list of questions as a request."""
    if question.endswith(("?", "？", "。", ".")):
        return question
    if chunk.language != "ja":
        return question + "?"
    if is_listed(chunk) and not is_question(question):
        is_noun = not "ぁ" <= question[-1] <= "ん"
        return question + ("について教えてください。" if is_noun else "。")
    return question + "？"


def _clear(chunk: Chunk, question: str) -> bool:
    """Whether the question can be asked as it stands; one of a list need not look like one."""
    listed = is_listed(chunk)
    if chunk.language == "ja":
        return stands_alone(question) and (2 if listed else 5) <= len(question) <= 80
    shaped = listed or (bool(_ASKS.match(question)) and len(question.split()) >= 3)
    if not listed and len(content_terms(question)) < 2:
        return False  # `What's the process?`
    return shaped and self_contained(question) and 2 <= len(question.split()) <= 25
