"""English obligations, permissions and prohibitions, asked as yes-or-no questions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.dataset.drafts import Draft
from builder.dataset.english import (
    is_imperative,
    is_noun_phrase,
    lower_noun,
    self_contained,
    to_asker,
    without_lead,
)
from builder.dataset.sizes import fits
from builder.dataset.statements import Statement, statements
from builder.records import Chunk

_YOU = re.compile(
    r"^You (?P<not>cannot|can['’]t|can not|may not|must not|should not|shouldn['’]t|mustn['’]t)"
    r" (?P<action>[^:;]+)[.!]$"
    r"|^You (?P<can>can|may|could|are allowed to|are able to|are permitted to)(?: also)? "
    r"(?P<allowed>[^:;]+)[.!]$"
    r"|^You (?P<need>do not need to|don['’]t need to|do not have to|don['’]t have to|need not)"
    r" (?P<needless>[^:;]+)[.!]$"
    r"|^You (?P<must>must|need to|have to|should|are required to|will need to|are expected to)"
    r"(?: also| always)? (?P<duty>[^:;]+)[.!]$"
)
_NEVER = re.compile(
    r"^(?:Do not|Don['’]t|Never) (?!forget|hesitate|worry|be afraid|miss)(?P<action>[^:;]+)[.!]$"
)
_THIRD = re.compile(
    r"^(?P<subject>.+?) (?P<aux>can|cannot|can['’]t|may|must|should|is|are)(?P<not> not)?"
    r"(?: also| only| always)? (?P<rest>[^:;]+)[.!]$"
)
_VERDICT = re.compile(
    r"^(?:not )?(?:be )?(?:allowed|permitted|required|covered|accepted|forbidden|prohibited"
    r"|excluded|"
    r"included|free|paid|mandatory|optional|eligible|reimbursed|reimbursable|refunded|exempt|"
    r"necessary|needed|available|transferable|supported|approved|possible)\b"
)
_NO_RULE = re.compile(r"^(?:come|appear|see|look|show|work|be able)\b|\bthat\b")
_RUNS_ON = re.compile(r"\|.*,|\b(?:may|need)$|[.!] |\band\|")
_FORBIDS = re.compile(r"^(?:be )?(?:forbidden|prohibited|excluded)\b")
_DULL = re.compile(
    r"^(?:find|see|learn|read|refer|view|visit|notice|expect|also|always|be |have |know|think|"
    r"wonder|assume|imagine|note|remember|now|simply|just|then|still|never|only|not |feel|hear|"
    r"want|like|get |receive|consider|need|prefer|ignore|either|earn)\b|\bor not\b|\bwhich\b"
    r"|, (?:but|so|and you|which|as|since|though|because)\b"
)


def find_rules(chunk: Chunk) -> Iterator[Draft]:
    """What the reader or somebody named must, may and must not do."""
    for statement in statements(chunk):
        sentence = without_lead(statement.text)
        if not fits(sentence, "en"):
            continue
        draft = _second_person(statement, sentence) or _order(statement, sentence)
        if draft := draft or _third_person(statement, sentence):
            yield draft


def _second_person(statement: Statement, sentence: str) -> Draft | None:
    match = _YOU.match(sentence)
    if not match:
        return None
    if match["not"]:
        return _action(statement, "can", match["action"], f"No. {sentence}")
    if match["can"]:
        return _action(statement, "can", match["allowed"], f"Yes. {sentence}")
    if match["need"]:
        return _action(statement, "must", match["needless"], f"No. {sentence}")
    return _action(statement, "must", match["duty"], f"Yes. {sentence}")


def _order(statement: Statement, sentence: str) -> Draft | None:
    if match := _NEVER.match(sentence):
        return _action(statement, "forbidden", match["action"], f"No. {sentence}")
    return None


def _action(statement: Statement, family: str, words: str, answer: str) -> Draft | None:
    action = _core(words)
    if not 2 <= len(action.split()) <= 14 or re.search(r"[.!] ", action):
        return None
    if _DULL.search(action) or not self_contained(action):
        return None
    if re.search(r"\b(?:if|when|unless|until|once|by) ", action) and family == "must":
        action = re.split(r" (?:if|when|unless|until|once) ", action)[0]
    if "," in action or len(action.split()) < 2:
        return None
    slots = {"action": to_asker(action)}
    return Draft("rule", family, answer, statement.quote, slots, statement.topic)


def _core(words: str) -> str:
    """The action without an afterthought in brackets or after `until`, `because`…"""
    text = re.split(r"\s*[—–]|\s-\s", re.sub(r"\s*\([^()]*\)", "", words))[0]
    text = re.split(
        r",? (?:because|so that|even if|as long as|provided that|but|although|unless|until|"
        r"except|and (?:must|should|can|may|will|you|it|they|do|then))\b",
        text,
    )[0]
    return text.strip().rstrip(",")


def _third_person(statement: Statement, sentence: str) -> Draft | None:
    match = _THIRD.match(sentence)
    if not match or is_imperative(sentence):
        return None
    subject, aux, rest = match["subject"], match["aux"], _core(match["rest"])
    if not is_noun_phrase(subject) or not self_contained(f"{subject} {rest}"):
        return None
    if not 1 <= len(rest.split()) <= 14 or _RUNS_ON.search(f"{subject}|{rest}"):
        return None
    if (aux in ("is", "are") and not _VERDICT.match(rest)) or _NO_RULE.search(rest):
        return None
    negative = bool(match["not"]) or aux in ("cannot", "can't", "can’t") or rest.startswith("not ")
    rest = rest.removeprefix("not ")
    if _FORBIDS.match(rest):
        rest = _FORBIDS.sub("allowed" if aux in ("is", "are") else "be allowed", rest)
        negative = True
    if aux == "may" and not negative and not re.match(r"be [a-z]+ed\b|use\b|take\b", rest):
        return None  # "delivery may take longer": a possibility, not a permission
    if negative and aux in ("must", "should"):
        aux = "can"
    asks = {"cannot": "can", "can't": "can", "can’t": "can", "may": "can"}.get(aux, aux)
    question = f"{asks.capitalize()} {lower_noun(subject, statement.body)} {rest}?"
    answer = f"{'No' if negative else 'Yes'}. {sentence}"
    slots = {"question": to_asker(question)}
    return Draft("rule", "plain", answer, statement.quote, slots, statement.topic)
