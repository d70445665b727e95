"""English numbers: how many, how much, how long, how often, by when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from builder.dataset.drafts import Draft
from builder.dataset.english import (
    is_imperative,
    is_noun_phrase,
    is_plural,
    lower_noun,
    self_contained,
    to_asker,
    without_lead,
)
from builder.dataset.sizes import fits
from builder.dataset.statements import Statement, statements
from builder.records import Chunk

_N = (
    r"(?:¥|\$|€|£)?\d[\d,.]*(?:%| ?km| ?kg)?|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|twelve"
)
_TIME = (
    r"(?:business |working |calendar |pay |full )?(?:minute|hour|day|week|month|quarter"
    r"|year|period|night)s?"
)
_AT_MOST = (
    r"(?:up to|a maximum of|at most|no more than|not more than|a minimum of|at least"
    r"|only|exactly|about)"
)
_YOU_CAN = re.compile(
    rf"^You (?P<aux>can|may|must|will|should)(?: also)? (?P<verb>\w+(?: over| out| up"
    rf"| for)?) (?:{_AT_MOST} )?"
    rf"(?:{_N}) (?:\([^)]*\) )?(?P<noun>(?:[a-z-]+ ){{0,3}}?[a-z-]+s(?: of [a-z-]+(?: [a-z-]+)"
    rf"{{0,3}}?)?)"
    r"(?: \([^)]*\))?(?P<tail>(?: (?:of|from|to|in|for|per|at|with|each|every|on|a|during"
    r"|before)\b[^,;:]*)?)[,.;]"
)
_IS = re.compile(
    rf"^(?P<subject>[^,;:]+?) (?P<be>is|are|costs?|takes?|lasts?|has|have"
    rf"|includes?) (?:now )?(?P<value>"
    rf"(?:{_AT_MOST} |approximately |around |set at |valid for |paid up to "
    rf"|limited to )?(?:{_N})\b.*)$"
)
_DURATION = re.compile(rf"^(?:[a-z ]*?)(?:{_N})[\s-]{_TIME}\b")
_WITHIN = re.compile(
    rf" (?:within|no later than|not later than|by|at most|up to) (?:the )?(?:{_N}|\d+(?:st|nd"
    rf"|rd|th))\b"
    rf"(?:[\s-]{_TIME})?"
)
_ADVANCE = re.compile(
    rf" (?:at least )?(?:{_N})[\s-]{_TIME} (?:before|in advance|prior to|ahead)\b"
)
_OFTEN = re.compile(
    rf"(?:^| )(?:once|twice|every|(?:{_N}) times)(?: (?:a|an|per|every|each|\d+|two|three|four"
    rf"|six|other))?"
    rf" (?:{_TIME}|use|day|monday|tuesday|wednesday|thursday|friday)\b", re.IGNORECASE
)  # fmt: skip
_DUTY = re.compile(r"^You (?:must|need to|have to|should|are required to|will need to) ")
_THIRD = re.compile(
    r"^(?P<subject>[^,;:]+?) (?P<aux>must|should|can|may|will|is|are) (?P<rest>.+)$"
)


def find_numbers(chunk: Chunk) -> Iterator[Draft]:
    """Amounts, times and limits with what they belong to."""
    makers: tuple[Callable[[Statement, str], Draft | None], ...] = (
        _how_many, _advance, _often, _deadline, _value,
    )  # fmt: skip
    for statement in statements(chunk):
        sentence = without_lead(statement.text)
        if not fits(sentence, "en") or not re.search(_N, sentence) or re.match(r"I\b", sentence):
            continue
        for make in makers:
            if draft := make(statement, sentence):
                yield draft
                break


def _draft(statement: Statement, sentence: str, family: str, slots: dict[str, str]) -> Draft | None:
    said = " ".join(slots.values())
    if not self_contained(said) or len(said.split()) > 24:
        return None
    shifted = {name: to_asker(text) for name, text in slots.items()}
    return Draft("number", family, sentence, statement.quote, shifted, statement.topic)


def _how_many(statement: Statement, sentence: str) -> Draft | None:
    match = _YOU_CAN.match(sentence)
    if not match or match["verb"] in ("be", "have", "need", "see", "find", "also"):
        return None
    tail = re.sub(r"\s*\([^)]*\)", "", match["tail"]).strip()
    if re.search(r"\d", tail):
        tail = ""
    rest = f"you {match['verb']} {tail}".strip()
    return _draft(statement, sentence, "how-many", {
        "noun": match["noun"], "aux": match["aux"], "rest": rest, "subject": "you",
        "verb": f"{match['aux']} {match['verb']}", "tail": tail,
    })  # fmt: skip


def _duty(sentence: str, cut: int) -> str:
    """The action that a sentence orders, up to `cut`; empty where it orders nothing."""
    head = sentence[:cut].strip().rstrip(",")
    if match := _DUTY.match(head + " "):
        action = head[match.end() :]
    elif is_imperative(head):
        action = head[0].lower() + head[1:]
    else:
        return ""
    words = action.split()
    bad = (
        len(words) < 2
        or len(words) > 12
        or "," in action
        or re.search(r"\b(?:if|when|and|not|never)\b", action.lower())
    )
    return "" if bad else action


def _advance(statement: Statement, sentence: str) -> Draft | None:
    match = _ADVANCE.search(sentence)
    action = _duty(sentence, match.start()) if match else ""
    return _draft(statement, sentence, "advance", {"action": action}) if action else None


def _often(statement: Statement, sentence: str) -> Draft | None:
    match = _OFTEN.search(sentence)
    if not match or (match.start() and re.search(r"\bfor$", sentence[: match.start()])):
        return None
    action = _duty(sentence, match.start())
    return _draft(statement, sentence, "often", {"action": action}) if action else None


def _deadline(statement: Statement, sentence: str) -> Draft | None:
    match = _WITHIN.search(sentence)
    if not match or not re.search(r"within|later|by (?:the )?\d", match[0]):
        return None
    if action := _duty(sentence, match.start()):
        return _draft(statement, sentence, "deadline", {"action": action})
    third = _THIRD.match(sentence[: match.start()])
    if not third or not is_noun_phrase(third["subject"]) or "," in third["rest"]:
        return None
    slots = {name: third[name] for name in ("aux", "rest")}
    slots["subject"] = lower_noun(third["subject"], statement.body)
    if third["subject"].lower() == "you" or len(third["rest"].split()) > 10:
        return None
    return _draft(statement, sentence, "deadline.third", slots)


def _value(statement: Statement, sentence: str) -> Draft | None:
    match = _IS.match(sentence)
    if not match or is_imperative(sentence) or not _valued(match["subject"], match["value"]):
        return None
    subject, be = lower_noun(match["subject"], statement.body), match["be"]
    if be in ("is", "are") or be.startswith(("cost", "take", "last")):
        family, slots = _asked_value(subject, be, match["value"])
        return _draft(statement, sentence, family, slots) if family else None
    return _holding(statement, sentence, subject, be, match["value"])


def _valued(subject: str, value: str) -> bool:
    """Whether a subject can be asked for its value."""
    first = subject.split(maxsplit=1)[0].lower()
    counted = re.match(r"(?:of|in|are|were|people|ways|types|kinds) ", value.split(" ", 1)[-1])
    return (
        is_noun_phrase(subject, 9)
        and not re.search(r"\b(?:the|a|an|of|for)$", subject)
        and first not in ("you", "we", "everyone", "all", "today", "i")
        and not counted
        and not value.startswith("one of")
    )


def _asked_value(subject: str, be: str, value: str) -> tuple[str, dict[str, str]]:
    plural = is_plural(subject)
    slots = {"subject": subject, "be": "are" if plural else "is", "do": "do" if plural else "does"}
    slots["verb"] = be.removesuffix("s")
    if be.startswith("cost"):
        return "cost", slots
    if be in ("is", "are"):
        return "value.plural" if plural else "value", slots
    return ("duration", slots) if _DURATION.match(value) else ("", slots)


def _holding(
    statement: Statement, sentence: str, subject: str, be: str, value: str
) -> Draft | None:
    """`Passwords have at least 14 characters`: how many characters do passwords have."""
    match = re.match(
        rf"(?:{_AT_MOST} )?(?:{_N}) (?P<noun>(?:[a-z-]+ )?[a-z]+s)\b(?P<tail>.*)$", value
    )
    if not match or match["tail"].strip(" .,").startswith(("and", "or", "to")):
        return None
    do = "do" if is_plural(subject) else "does"
    verb = {"has": "have", "includes": "include"}.get(be, be)
    question = f"How many {match['noun']} {do} {subject} {verb}?"
    return _draft(statement, sentence, "plain", {"question": question})
