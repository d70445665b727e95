"""English conditions: `If you lose your badge, tell Security at once.`"""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.dataset.drafts import Draft
from builder.dataset.english import is_imperative, self_contained, to_asker, without_lead
from builder.dataset.sizes import fits
from builder.dataset.statements import Statement, statements
from builder.records import Chunk

_LEADING = re.compile(r"^(If|When|Once|After|Before|In case) ([^:;]+)$")
_TRAILING = re.compile(r"^(?!While\b)(.{12,}?),? (if) ([^,:;]+)[.!]$")
_EMBEDDED = re.compile(
    r"\b(?:know|ask|determine|decide|indicate|tell|see|check|specify|include|on|of|about|for|by|"
    r"from|and|or|only|even|except|as|especially|particularly|is|are|was|were|sure|example|"
    r"confirm|explain|understand|including|note|remember|choose|say|says|state|mention|be|to|"
    r"whether|time|times|day|moment|not|case|cases|ensure|verify|than)$",
    re.IGNORECASE,
)
_ENUMERATION = re.compile(
    r"^(?:[\w'’/-]+ ){0,4}[\w'’/-]+,? (?:and|or) |^(?:and|or|but|as|not|which)\b"
)
_DUTY = re.compile(
    r"^(?:you|employees|staff) (?:should|must|need to|have to|will need to|are required to"
    r"|[’']ll need)\b",
    re.IGNORECASE,
)
_OPTION = re.compile(r"^you (?:can|may|could|might)\b(?! not| need| be| have)", re.IGNORECASE)
_WANT = re.compile(
    r"^you(?:['’]d like| want| need| would like| wish| plan| are trying| are planning|"
    r"['’]re trying|['’]re looking| are looking| decide| choose| prefer) to (.+)$",
    re.IGNORECASE,
)
_EMPTY_CASE = re.compile(
    r"^(?:possible|needed|necessary|applicable|required|so|not|appropriate|available|desired|"
    r"in doubt|you do anything|you have (?:any )?(?:other )?questions.*|you have (?:any|one|it)"
    r"|you (?:are|['’]re) (?:not )?(?:sure|working|done|ready|interested|finished)"
    r"|.*\bdo(?:ne)? so\b.*"
    r"|(?:you|we) (?:do|did|can|want|need|like|prefer|are|submit|receive)(?: a request| it| so)?)$",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"\b(?:them|they|their|another way|more steps|the same|do so|this|these|those|here)\b"
    r"|\bis (?:the|an?) \w+ (?:of|for|to)\b|^I\b|\bmy\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|be|has|have|had|do|does|did|can|may|must|should|will|need|needs|want|"
    r"wants|[a-z]{3,}(?:s|ed|ing|en))\b|\b(?:you|we|I) [a-z]+",
    re.IGNORECASE,
)


def find_conditions(chunk: Chunk) -> Iterator[Draft]:
    """What the passage says for a case that it names."""
    for statement in statements(chunk):
        if draft := _draft(statement):
            yield draft


def _draft(statement: Statement) -> Draft | None:
    sentence = without_lead(statement.text)
    if not fits(sentence, "en"):
        return None
    parts = _leading(sentence) or _trailing(sentence)
    if parts is None:
        return None
    when, case, main = parts
    case = case.strip()
    if not _clear(case) or not _says(main):
        return None
    if when in ("After", "Before") and len(case.split()) < 4:
        return None
    when = "if" if when.lower() == "in case" else when.lower()
    wanted = _WANT.match(case)
    if wanted and when in ("if", "when"):
        return Draft(
            "procedure", "how", sentence, statement.quote,
            {"action": to_asker(wanted[1])}, statement.topic,
        )  # fmt: skip
    slots = {"when": when, "case": to_asker(case)}
    return Draft("condition", _family(main), sentence, statement.quote, slots, statement.topic)


def _says(main: str) -> bool:
    """Whether the main clause tells something by itself."""
    if re.match(r"(?:it|this|that|these|those|they|there)\b", main, re.I):
        return False
    return len(main.split()) >= 4 and not _LEANS.search(main)


def _clear(case: str) -> bool:
    """Whether a case says what it is about by itself."""
    return (
        2 <= len(case.split()) <= 20
        and case.count("(") == case.count(")")
        and not _EMPTY_CASE.match(case)
        and bool(_CLAUSE.search(case))
        and self_contained(case)
    )


def _family(main: str) -> str:
    if is_imperative(without_lead(main)) or _DUTY.match(main):
        return "condition.do"
    return "condition.can" if _OPTION.match(main) else "condition.happens"


def _leading(sentence: str) -> tuple[str, str, str] | None:
    match = _LEADING.match(sentence)
    if not match:
        return None
    body = match[2]
    for comma in re.finditer(r", ", body):
        case, main = body[: comma.start()], body[comma.end() :]
        if case.count("(") != case.count(")") or _ENUMERATION.match(main):
            continue
        main = main.removeprefix("then ").removeprefix("please ")
        return match[1], case, main
    return None


def _trailing(sentence: str) -> tuple[str, str, str] | None:
    match = _TRAILING.match(sentence)
    if not match or _EMBEDDED.search(match[1]):
        return None
    if re.match(r"(?:\w+(?:ed|ing)|not|only|in|on|at|by|for|to)\b", match[3]):
        return None
    if re.match(r"An? ", match[1]):
        return None
    if not self_contained(match[1].split(",")[0]) or re.match(r"(?:If|When|Once)\b", match[1]):
        return None
    return match[2], match[3], match[1]
