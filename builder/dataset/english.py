"""English, as far as turning a statement into a question needs it."""

from __future__ import annotations

import re
from functools import cache

_REFERS = re.compile(
    r"\b(?:this|these|those|it|its|they|them|he|she|his|her|above|below|following|aforementioned|"
    r"here|hereby|such|same|previous|former|latter|ones|there|likewise|e\.g|i\.e|etc|this's)\b"
    r"|^(?:that|their|one)\b|\b(?:do|of|to|in|on|at|for|with|from|after|before|by|like) that\b"
    r"|\bthat$|\bthe (?:table|list|section|page|link|links|guide below|other)\b|[:;|]|\bsee\b"
    r"|\(note|\b(?:similarly|another common)\b|\bthat (?:is|are|was|were|case|way|point|time"
    r"|day|section|page)\b",
    re.IGNORECASE,
)
_ABBREVIATIONS = re.compile(r"\b(?:IT|US)\b")  # no pronouns
_LEADS = re.compile(
    r"^(?:however|also|in addition|additionally|furthermore|moreover|therefore|thus|finally|"
    r"generally|in general|typically|usually|note|please note|please note that|note that|"
    r"please remember|remember|remember that|keep in mind|keep in mind that|important|"
    r"please|in short|so|but|and|then|as a reminder|as a result|for example|wait|fyi|in fact|"
    r"instead|otherwise|first|second|next|lastly|again|of course|unfortunately|currently)"
    r"(?:\s*[,:]\s*|\s+(?=(?:that|you|your|the|be|do|use|if|when|all|we|any|an?|contact)\b)"
    r"(?:that\s+)?)",
    re.IGNORECASE,
)
_PLEASE = re.compile(
    r"^(?:please(?: note that| note| be sure to| make sure to)?|be sure to)\s+", re.I
)
_OBJECT_YOU = re.compile(
    r"\b(about|for|to|with|from|of|on|by|at|ask|asks|asked|give|gives|gave|let|lets|help|helps|"
    r"tell|tells|told|send|sends|sent|show|shows|allow|allows|allowed|invite|invites|notify|"
    r"notifies|contact|contacts|require|requires|add|adds|affect|affects|remind|pay|pays|want|"
    r"wants|email|emails|call|calls|reach|assign|assigns|make|makes|made|owe|owes|cover|covers|"
    r"guide|guides|connect|connects|walk|direct|provide|provides|assist|assists|mail|issue|prompt|"
    r"prompts|enable|enables|offer|offers|approve|approves|reimburse|reimburses)"
    r" you\b(?!['’]| (?:are|can|have|must|need|should|will|may|do|did|were|had|would|could|use|"
    r"plan|intend|want|work|get|receive|leave|travel|know|feel)\b)",
    re.IGNORECASE,
)
_SHIFTS = (
    ("you are|you['’]re", "I am"),
    ("you have|you['’]ve", "I have"),
    ("you['’]ll", "I will"),
    ("you['’]d", "I would"),
    ("you were", "I was"),
    ("are you", "am I"),
    ("yourself", "myself"),
    ("yours", "mine"),
    ("your", "my"),
    ("you", "I"),
)
_COMPANY = (
    ("we are|we['’]re", "you are"),
    ("we['’]ll", "you will"),
    ("we['’]ve", "you have"),
    ("we", "you"),
    ("our", "your"),
    ("ours", "yours"),
    ("(?-i:us)", "you"),
)
_VERB_LIKE = re.compile(
    r"\b(?:is|are|was|were|be|can|may|must|should|will|have|has|need|needs|that|which|who|whom|"
    r"if|when|where|because|while|to|you|we|I|how|what|why|depending|please|not|but|so)\b",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"(?:[^s]s|ies|sses|ches|people|staff|children|men|colleagues)$", re.I)
_DETERMINERS = frozenset("A An The All Any Each Every No Some Your Our My Most Many Both".split())
IMPERATIVES = frozenset(
    "accept add adjust allow apply ask attach avoid begin book bring call change charge check "
    "choose clean clear click close complete confirm connect contact copy create decide delete "
    "descale describe discuss do don't download dry email empty encourage enroll ensure enter "
    "explain export fill find follow forward get give go have hold include inform install join "
    "keep leave let list lock log look mail make mark meet move never notify obtain open pay pick "
    "place plan plug post prepare press print provide pull push put reach read record refer "
    "refill register remove replace reply report request reserve reset restart return review "
    "rinse run save schedule search select send set share show sign speak start stop store submit "
    "switch take talk tell throw touch turn type unplug update upload use verify visit wait wash "
    "wipe work write access activate arrange assign carry collect consult coordinate document "
    "double-check shoot edit escalate file fix greet identify invite listen log-in manage navig"
    "ate note "
    "promise remind repeat respond scan see try vote clarify bill tock".split()
)


def self_contained(text: str) -> bool:
    """Whether the words mean the same away from their passage."""
    return not _REFERS.search(_ABBREVIATIONS.sub("", text))


def without_lead(sentence: str) -> str:
    """The sentence without `However, …`, `Please …` and the like, capitalised again."""
    text = sentence.strip()
    while (shorter := _LEADS.sub("", text, count=1)) != text:
        text = shorter
    text = _PLEASE.sub("", text)
    return text[:1].upper() + text[1:]


def to_asker(text: str) -> str:
    """`your laptop` is `my laptop`, and the company's `we` is `you`."""
    # A NUL inside keeps the company's `you` from becoming `I` in turn.
    for words, company in _COMPANY:
        text = _whole(words).sub(company[0] + "\0" + company[1:], text)
    text = _OBJECT_YOU.sub(r"\1 me", text)
    for words, asker in _SHIFTS:
        text = _whole(words).sub(asker, text)
    return text.replace("\0", "")


@cache
def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


def lower_noun(phrase: str, body: str) -> str:
    """`Gift cards` is `gift cards` inside a sentence; a name keeps its capital: `body` shows
    whether the word is also written small."""
    first, _, rest = phrase.partition(" ")
    if first in _DETERMINERS:
        return phrase[0].lower() + phrase[1:]
    if not first[:1].isupper() or not first[1:].islower():
        return phrase
    if re.search(rf"[a-z,] {re.escape(first)}\b", body):
        return phrase  # it keeps its capital in the middle of a sentence: a name
    if rest[:1].islower() or re.search(
        rf"(?<![.@/\w-]){re.escape(first.lower())}(?![.@/\w-])", body
    ):
        return phrase[0].lower() + phrase[1:]
    return phrase


def is_noun_phrase(text: str, longest: int = 8) -> bool:
    """A cheap test that the words before a verb are its whole subject."""
    words = text.split()
    if not 1 <= len(words) <= longest or _VERB_LIKE.search(text):
        return False
    return not re.search(r"[,;:()\"“”]", text) and words[0].lower() not in {
        "if", "when", "there", "then", "once", "as", "in", "on", "at", "for", "by", "after",
        "before", "during", "with", "from", "until", "unless", "each", "both", "what", "not",
        "neither", "either", "nobody", "others", "some", "most", "only", "yes", "no", "more",
        "one", "sometimes", "often", "usually", "however", "also", "another", "instead", "while",
        "although", "because", "since", "here", "where", "how", "why", "though", "first", "next",
    }  # fmt: skip


def is_plural(phrase: str) -> bool:
    """Whether a noun phrase looks plural by its head: the word before the first preposition."""
    head = re.split(r"\s(?:of|for|in|on|at|from|with|by|under|over|to|who|that)\s", phrase)[0]
    if re.search(r"\band\b", head):
        return True
    return bool(_PLURAL.search(head)) and not re.search(r"(?:is|ss|us)$", head)


def is_imperative(sentence: str) -> bool:
    """Whether a sentence begins with a verb that orders something."""
    first = sentence.split(" ", 1)[0].strip("*_,").lower()
    return first in IMPERATIVES or sentence.lower().startswith(("do not ", "don’t ", "log in "))
