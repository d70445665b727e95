"""Copies of training questions as people also write them: another word for the same, slips of the
finger, chat style, plain Japanese. Never made for what is tested; each copy says what was done."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from builder.dataset.drafts import digest
from builder.dataset.questions import same_question
from builder.records import QAPair
from builder.text.synonyms import Synonyms

_WORD = re.compile(r"(?<![\w.@/#'’-])[a-z]{6,}(?![\w@/'’-])")
_CONTRACTIONS = (
    (re.compile(r"\bWhat is\b"), "what's"),
    (re.compile(r"\bI am\b"), "im"),
    (re.compile(r"\bI['’]m\b"), "im"),
    (re.compile(r"\bdo not\b"), "dont"),
    (re.compile(r"\bI would\b"), "id"),
    (re.compile(r"\bplease\b", re.I), "pls"),
    (re.compile(r"\byou\b"), "u"),
)
_CAPITAL_START = re.compile(r"(?:^|(?<=[.!?:] ))[A-Z](?=[a-z])")
_PLAIN_JA = (
    (re.compile(r"(?:は|って)何(?:ですか|でしょうか)[？。]?$"), "って何？"),
    (re.compile(r"はいくらですか[？。]?$"), "っていくら？"),
    (re.compile(r"できますか[？。]?$"), "できる？"),
    (re.compile(r"ありますか[？。]?$"), "ある？"),
    (re.compile(r"(?:どうなりますか|どうなるのでしょうか)[？。]?$"), "どうなる？"),
    (re.compile(r"(?:どうすればいいですか|どうすればよいですか|どうしたらよいですか)[？。]?$"),
     "どうすればいい？"),
    (re.compile(r"(?:すれ|けれ|れ)ばよいですか[？。]?$"), ""),
    (re.compile(r"を?教えて(?:ください|もらえますか)[。？]?$"), "教えて"),
    (re.compile(r"(?<=[何つ日円間月年回%か所])ですか[？。]?$"), "？"),
    (re.compile(r"必要(?:が|は)ありますか[？。]?$"), "必要ある？"),
    (re.compile(r"どうなっていますか[？。]?$"), "どうなってる？"),
)  # fmt: skip
_CASUAL_JA = (
    (re.compile(r"^(?:すみません|質問ですが|お尋ねします|質問です|確認です)[、。]"), ""),
    (re.compile(r"(?:について(?:ですが|確認です|お聞きします|質問があります)?|に関して|の件ですが)"
                r"[、。]"), "、"),
    (re.compile(r"[？。]$"), ""),
)  # fmt: skip
_SLIPS_JA = (("ください", "くだい"), ("でしょうか", "でしょか"), ("知りたいです", "知りたです"))
_KEPT = re.compile(r"[A-Z]{2,}|[\w.]+@|#|https?:|\d")

Change = Callable[[QAPair, Synonyms], str]
"""A pair to another form of its question, or empty where it has none."""


def augmented(
    pairs: Sequence[QAPair], share: float, tone: str, own: Sequence[Sequence[str]], seed: int
) -> list[QAPair]:
    """A changed copy of `share` of the training pairs; kinds of change take turns.
    `own`: the bot's groups of synonyms, beside the built-in ones."""
    synonyms = Synonyms(own)
    training = [pair for pair in pairs if pair.split == "train" and pair.answerable]
    training.sort(key=lambda pair: hashlib.sha256(f"{seed}augment{pair.id}".encode()).digest())
    names = _POLITE if tone == "polite" else tuple(CHANGES)
    taken = {same_question(pair.question) for pair in pairs}
    copies: list[QAPair] = []
    for pair in training:
        if len(copies) >= round(len(training) * share):
            break
        for turn in range(len(names)):
            name = names[(len(copies) + turn) % len(names)]
            question = CHANGES[name](pair, synonyms)
            if question and question != pair.question and _is_new(question, name, taken):
                taken.add(same_question(question))
                made = digest(f"{pair.id}\x1f{name}")
                copies.append(replace(pair, id=made, question=question, augmentation=name))
                break
    return copies


def _is_new(question: str, name: str, taken: set[str]) -> bool:
    """Chat style may leave only marks and capitals out; else it must be another question."""
    return name == "casual" or same_question(question) not in taken


def _synonym(pair: QAPair, synonyms: Synonyms) -> str:
    """One word replaced by another of its group, of the same script."""
    question = pair.question
    said = pair.quote.lower()  # a word of the document, not `tell` in `tell me about`
    for meant in synonyms.found(question):
        if meant.word not in said:
            continue
        at = question.lower().find(meant.word)
        whole = question[at : at + len(meant.word)]
        if (
            at < 0
            or whole[:1].isupper()
            or _KEPT.search(whole)
            or _inside_word(question, at, at + len(whole))
        ):
            continue
        for other in meant.others:
            same_script = other.isascii() == whole.isascii()
            if same_script and other not in question.lower() and " " not in whole + other:
                return question[:at] + other + question[at + len(whole) :]
    return ""


def _inside_word(text: str, start: int, end: int) -> bool:
    """Whether the stretch is part of a longer word: kanji beside kanji, letters beside letters."""
    around = text[max(0, start - 1) : start], text[end : end + 1]
    return any(re.match(r"[A-Za-z0-9'’-]|[一-龯ァ-ヶー]", c) for c in around if c)


def _misspelt(pair: QAPair, _synonyms: Synonyms) -> str:
    if pair.language == "ja":
        for right, slip in _SLIPS_JA:
            if pair.question.rstrip("？。").endswith(right):
                return pair.question.rstrip("？。")[: -len(right)] + slip
        return ""
    words = list(_WORD.finditer(pair.question))
    if not words:
        return ""
    number = int(pair.id[:4], 16) if re.fullmatch(r"[0-9a-f]{4}", pair.id[:4]) else 0
    word = words[number % len(words)]
    at = word.start() + 1 + number % (len(word[0]) - 3)  # never the first or the last letter
    text = pair.question
    if text[at] == text[at + 1]:
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _casual(pair: QAPair, _synonyms: Synonyms) -> str:
    """As typed into a chat: no capitals but in names, no marks."""
    text = pair.question
    if pair.language == "ja":
        for pattern, other in _CASUAL_JA:
            text = pattern.sub(other, text)
        return text
    for pattern, other in _CONTRACTIONS:
        text = pattern.sub(other, text)
    text = _CAPITAL_START.sub(lambda match: match[0].lower(), text)
    return text.rstrip("?.")


def _plain(pair: QAPair, _synonyms: Synonyms) -> str:
    """Plain Japanese in place of polite."""
    if pair.language != "ja":
        return ""
    for pattern, other in _PLAIN_JA:
        if other and pattern.search(pair.question):
            return pattern.sub(other, pair.question)
    return ""


CHANGES: dict[str, Change] = {
    "synonym": _synonym,
    "casual": _casual,
    "misspelt": _misspelt,
    "plain": _plain,
}
"""What is done → how. A new one is a line."""
_POLITE = ("synonym", "misspelt")
