"""Contacts: mail addresses, telephone numbers and extensions with whom they reach."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.dataset.blocks import blocks
from builder.dataset.drafts import Draft
from builder.dataset.english import is_imperative, is_noun_phrase, self_contained
from builder.dataset.japanese import stands_alone
from builder.dataset.sizes import fits
from builder.dataset.statements import clean
from builder.dataset.templates import lower_first
from builder.dataset.topics import heading_lines, is_heading
from builder.records import Chunk
from builder.text.sentences import sentence_spans

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?:内線|extension|ext\.?|x)\s*\d{3,5}"
    r"|(?<![\d-])(?:\+?\d{1,3}[- ])?\(?\d{2,4}\)?[- ]\d{3,4}[- ]\d{3,4}(?!\d)"
)
_EN_PARTY = re.compile(
    r"(?P<party>(?:the |The )?[A-Z0-9][\w&'’./ -]{2,44}?)(?:\s+(?:at|on|via)\s+|\s*:\s+"
    r"|\s*\((?:call |email |on )?|, )$"
)
_JA_PARTY = re.compile(
    r"(?P<party>[^\s、。（）()「」:：はがをにへや\d-][^\s、。（）()「」:：はがをに\d-]{1,19})["
    r"\s　]*(?:（|\(|：|:|は、?)?[\s　]*(?:電話番号|電話|メール|TEL|Tel)?[\s　:：は]*$"
)
_NO_PARTY = re.compile(
    r"^(?:e-?mail|phone|tel|telephone|call|fax|contact|contacts|extension|hours|電話|メール"
    r"|連絡先|問い合わせ先|"
    r"お問い合わせ|内線|受付|平日|この|その|または|以上|to|an?|and|or|if|for|attn|send|write"
    r"|then|at)\b|.*(?:こと|とき|場合)$",
    re.I,
)
_NO_NAME = re.compile(
    r"^(?:however|also|please|then|otherwise|best|subject|from|cc|bcc|reply|name|address|office"
    r"|sincerely|regards|dear|hi|hello|username|login|account|user)\b|\be-?mail$",
    re.IGNORECASE,
)


def find_contacts(chunk: Chunk) -> Iterator[Draft]:
    """How to reach somebody that the chunk names beside an address or a number."""
    headings = heading_lines(chunk)
    for block in blocks(chunk.model_text):
        if block.kind == "table" or is_heading(block.text, headings):
            continue
        for start, end in sentence_spans(chunk.model_text[block.start : block.end]):
            quote = chunk.model_text[block.start + start : block.start + end]
            yield from _contacts(chunk, quote)


def _contacts(chunk: Chunk, quote: str) -> Iterator[Draft]:
    text = re.sub(r"^(?:[-・*]|\d+[.)])\s*", "", clean(quote))
    seen: set[tuple[str, str]] = set()
    for family, pattern in (("contact.mail", _MAIL), ("contact.phone", _PHONE)):
        for match in pattern.finditer(text):
            party = _party(chunk.language, text[: match.start()])
            if not party or (family, party) in seen:
                continue
            seen.add((family, party))
            yield _draft(chunk.language, family, party, match[0], text, quote)


def _party(language: str, before: str) -> str:
    pattern = _EN_PARTY if language == "en" else _JA_PARTY
    # `IT Desk (extension 7300, it-desk@…)`: step back over a contact that stands between.
    before = re.sub(
        r"(?:(?:内線|extension|ext\.?)?\s*[\d-]{3,14}|[\w.+-]+@[\w.-]+)\s*[,、;]\s*$", "", before
    )
    match = pattern.search(before)
    if not match:
        return ""
    party = match["party"].strip()
    if _NO_PARTY.match(party):
        return ""
    if language == "ja":
        return party if stands_alone(party) and re.search(r"[一-龯ァ-ヶA-Za-z]", party) else ""
    bare = party.removeprefix("The ").removeprefix("the ")
    if (
        is_imperative(bare)
        or _NO_NAME.search(bare)
        or re.search(r"\b(?:me|us|my|or|via)\b", bare)
        or not self_contained(bare)
        or not is_noun_phrase(bare, 7)
    ):
        return ""
    return (
        f"the {bare}"
        if re.search(
            r"\b(?:Team|Desk|Section|Department|Office|Center|Centre|Help Desk|hotline|inbox"
            r"|team)$",
            bare,
        )
        else bare
    )


def _draft(language: str, family: str, party: str, contact: str, text: str, quote: str) -> Draft:
    answer = text if fits(text, language) and len(text) < 60 and language == "en" else ""
    if not answer:
        answer = f"{contact}です。" if language == "ja" else f"{contact}."
        kind_of = {"contact.mail": "email address", "contact.phone": "number"}[family]
        if language == "en":
            answer = f"The {kind_of} is {contact}."
    slots = {"party": lower_first(party) if party.startswith("The ") else party}
    return Draft("contact", family, answer, quote, slots, "", f"{family} {party}")
