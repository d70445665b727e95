"""English purposes and responsibilities: how to do something, whom to ask, who does it."""

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

_TO = re.compile(r"^(?:In order to|To) (?P<action>[^,:;]+), (?P<main>.+)$")
_BY = re.compile(
    r"^You can (?P<action>[^,:;]+?) (?:by (?!\w+thing\b)(?:\w+ing)|using|through|via|in the|on the"
    r"|from the"
    r"|with the"
    r"|at the) "
)
_CONTACT = re.compile(
    r"^(?:contact|email|e-mail|call|ask|reach out to|talk to|talk with|message|consult|notify|"
    r"write to|speak to|speak with|get in touch with) (?P<whom>[^,:;]+?) "
    r"(?P<about>(?:for|about|regarding|with|if|when|before|to) [^:;]+)[.!]$",
    re.IGNORECASE,
)
_NO_MATTER = re.compile(
    r"\b(?:(?:more|additional|further) information|details|help|assistance|questions|guidance"
    r"|if necessary|if needed|support|any reason)$",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"^(?P<about>(?:For|If you have) [^,:;]+), (?:please |you (?:can|should|may) )?"
    r"(?:contact|email|e-mail|call|ask|reach out|talk|message|consult|write|speak)\b",
    re.IGNORECASE,
)
_SEND = re.compile(
    r"^(?P<action>(?:Send|Forward|Submit|Report|Return|Mail|File|Post|Upload|Save|Store|Register|"
    r"Book|Request) (?!an? (?:e-?mail|message|note|request)\b)[^,:;]+?) (?:to|at|via|in"
    r"|through|on|by) "
    r"(?P<where>[^,:;]+)(?:[.!]|, .+)$"
)
_WHO = re.compile(
    r"^(?P<subject>(?:The |Your |Our |An? |All )?[A-Z]?[\w'’&/ -]+?) (?P<verb>approves?|manages?|"
    r"handles?|decides?|issues?|reviews?|maintains?|oversees?|arranges?|pays? for|is responsible "
    r"for|are responsible for|is in charge of|determines?|lends?|makes? the|leads?|signs?|runs?|"
    r"provides?|informs?|coordinates?|administers?|can approve|may approve|must approve) "
    r"(?P<object>[^:;]+)[.!]$"
)
_APPROVED = re.compile(
    r"^(?P<subject>[^,:;]+?) (?P<be>is|are|must be|should be|can be|will be) (?P<done>approved|"
    r"reviewed|handled|managed|decided|issued|signed|checked|maintained|administered|provided|"
    r"determined|organized|organised) by (?P<who>[^,:;]+)[.!]$"
)
_USED = re.compile(r"^(?P<subject>[^,:;]+?) (?:is|are) used (?:to|for|by|in|when|as)\b[^:;]+[.!]$")
_PASSIVE = re.compile(
    r"^(?P<subject>[^,:;]+?) can (?:also )?be (?P<done>\w+(?:ed|ent|ade|ought|one|iven|en|ound|ut))"
    r" (?:by|through|via|with|using|in|on|at|from) [^:;]+[.!]$"
)
_PEOPLE = re.compile(
    r"\b(?:manager|managers|supervisor|supervisors|team|teams|department|office|section|desk|staff|"
    r"lead|leads|director|director|officer|head|chair|committee|company|group|it|hr|gsa|tts|"
    r"administrator|administrators|admins?|owner|owners|employee|employees|specialist|support|"
    r"centre|center|agency|agencies|partner|people|division|board|carrier|fitter|we|unit|ops|"
    r"operations|accounting|purchasing|design|18f|opm|services?)\b",
    re.IGNORECASE,
)


def find_purposes(chunk: Chunk) -> Iterator[Draft]:
    """How to reach an aim, whom to ask about a matter, who is responsible for it."""
    makers: tuple[Callable[[Statement, str], Draft | None], ...] = (
        _aim, _contact, _contact_for, _means, _send, _responsible, _approved, _used, _passive,
    )  # fmt: skip
    for statement in statements(chunk):
        sentence = without_lead(statement.text)
        if not fits(sentence, "en") or not re.search(r"[.!]$", sentence):
            continue
        for make in makers:
            if draft := make(statement, sentence):
                yield draft
                break


def _draft(
    statement: Statement, sentence: str, kind: str, family: str, slots: dict[str, str]
) -> Draft | None:
    said = " ".join(slots.values())
    if not self_contained(said) or "," in said or len(said.split()) > 18:
        return None
    shifted = {name: to_asker(text) for name, text in slots.items()}
    return Draft(kind, family, sentence, statement.quote, shifted, statement.topic)


def _aim(statement: Statement, sentence: str) -> Draft | None:
    match = _TO.match(sentence)
    if not match or len(match["action"].split()) < 3:
        return None
    if re.match(r"(?:be|ensure|make sure|clarify|help|avoid|do|this)\b", match["action"], re.I):
        return None
    if not re.match(r"(?:you|please|the|a|an|your|use|one|first)\b", match["main"], re.I) and (
        not is_imperative(match["main"])
    ):
        return None
    return _draft(statement, sentence, "procedure", "how", {"action": match["action"]})


def _contact(statement: Statement, sentence: str) -> Draft | None:
    opening = re.sub(r"^You (?:can|should|may|must|need to) ", "", sentence)
    match = _CONTACT.match(opening)
    if not match or not is_noun_phrase(match["whom"], 9):
        return None
    about = match["about"]
    if re.match(r"to (?:[A-Z]|the |your |an? |in |via )", about):
        return None
    if about.startswith("to "):
        about = f"if I want {about}"
    if _NO_MATTER.search(about):
        return None
    return _draft(statement, sentence, "contact", "contact", {"about": about})


def _contact_for(statement: Statement, sentence: str) -> Draft | None:
    match = _FOR.match(sentence)
    if not match or len(match["about"].split()) < 3:
        return None
    about = match["about"][0].lower() + match["about"][1:]
    if _NO_MATTER.search(about) or re.search(r"\bto (?:in|at|via|or) ", sentence):
        return None
    return _draft(statement, sentence, "contact", "contact", {"about": about})


def _means(statement: Statement, sentence: str) -> Draft | None:
    match = _BY.match(sentence)
    if not match:
        return None
    action = re.sub(r"^(?:only|also) ", "", match["action"])
    if len(action.split()) < 2 or re.match(r"(?:use|find|see|be|learn|read|get)\b", action):
        return None
    return _draft(statement, sentence, "procedure", "how", {"action": action})


def _send(statement: Statement, sentence: str) -> Draft | None:
    match = _SEND.match(sentence)
    if not match or len(match["action"].split()) < 2 or re.search(r"\d", match["where"][:4]):
        return None
    if not re.search(r"@|[A-Z]|form|portal|system|desk|team|channel|shared", match["where"]):
        return None
    action = match["action"][0].lower() + match["action"][1:]
    return _draft(statement, sentence, "contact", "where", {"action": action})


def _responsible(statement: Statement, sentence: str) -> Draft | None:
    match = _WHO.match(sentence)
    if not match or not is_noun_phrase(match["subject"], 6):
        return None
    if not _PEOPLE.search(match["subject"]) or not self_contained(match["subject"]):
        return None
    target = re.split(
        r",? (?:and (?:then|will|can|may)|when|if|so|but|which|who|unless)\b", match["object"]
    )[0]
    if len(target.split()) < 1 or "," in target:
        return None
    verb = match["verb"]
    if not verb.startswith(("is ", "can ", "may ", "must ")) and is_plural(match["subject"]):
        verb = _third(verb)
    verb = verb.replace("are responsible", "is responsible")
    return _draft(statement, sentence, "responsible", "who", {"predicate": f"{verb} {target}"})


def _third(verb: str) -> str:
    first, _, rest = verb.partition(" ")
    if not first.endswith("s") and first not in ("are",):
        first += "s"
    return f"{first} {rest}".strip()


def _approved(statement: Statement, sentence: str) -> Draft | None:
    match = _APPROVED.match(sentence)
    if not match or not is_noun_phrase(match["subject"], 4) or "level" in match["subject"]:
        return None
    be = match["be"].split()
    subject = lower_noun(match["subject"], statement.body)
    tail = f"{be[1]} {match['done']}" if len(be) > 1 else match["done"]
    question = f"Who {be[0]} {subject} {tail} by?"
    return _draft(statement, sentence, "responsible", "plain", {"question": question})


def _used(statement: Statement, sentence: str) -> Draft | None:
    match = _USED.match(sentence)
    if not match or not is_noun_phrase(match["subject"], 6):
        return None
    be = "are" if is_plural(match["subject"]) else "is"
    slots = {"subject": lower_noun(match["subject"], statement.body), "be": be}
    return _draft(statement, sentence, "definition", "purpose", slots)


def _passive(statement: Statement, sentence: str) -> Draft | None:
    match = _PASSIVE.match(sentence)
    if not match or not is_noun_phrase(match["subject"], 6):
        return None
    if match["done"] in ("found", "seen", "viewed", "read", "accessed", "located"):
        return None  # where it is found is not how
    slots = {"subject": lower_noun(match["subject"], statement.body), "done": match["done"]}
    return _draft(statement, sentence, "procedure", "how.third", slots)
