"""Lists of both languages: what they hold, their labelled entries, and numbered procedures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from builder.dataset.blocks import Item, blocks
from builder.dataset.drafts import Draft
from builder.dataset.english import (
    is_imperative,
    is_noun_phrase,
    is_plural,
    lower_noun,
    self_contained,
    to_asker,
)
from builder.dataset.generators.definitions import in_glossary
from builder.dataset.japanese import ask, polite, stands_alone, without_lead
from builder.dataset.sizes import fits
from builder.dataset.statements import clean
from builder.dataset.templates import lower_first
from builder.dataset.topics import is_question, local_topics
from builder.records import Chunk

_LABELLED = re.compile(
    r"^(?P<label>[^:：。…・]{2,60}?)(?:\s*[:：]\s+|\s*：\s*|\s+[-–—]\s+|\s*・・・\s*"
    r"|\s*…+\s*)(?P<value>\S.*)$"
)
_NOT_LABELS = re.compile(
    r"^(?:note|notes|decision|examples?|for example|question|answer|important|warning|tip|where|"
    r"why|"
    r"optional|required|recommended|include[sd]?|other|others|general|overview|summary|purpose|"
    r"update|pros?|cons?|benefits?|goals?|background|result|results|action|actions|reminder|"
    r"(?:un|non)?[A-Z]{6,}$|first|second|third|next|then|finally|before|after|during|"
    r"how|what|when|or|and|https?|subject|title|status|date|\*|q\d*|a\d*|注|例|決定|問|答"
    r"|step \d+)\b",
    re.I,
)
_AMOUNT = re.compile(
    r"^約?[\d,.]+(?P<unit>円|日|時間|か月|年|回|名|人|%|割|台|点|枚|分|週間|営業日)(?:まで|以内"
    r"|間)?(?:[（(。].*)?$"
)
_WORDS = {"円": "いくら"}
_EN_INTRO = re.compile(
    r"^(?P<subject>You|[A-Z][\w'’ -]+?) (?P<aux>can|may|must|should|will|need to|cannot|do not"
    r"|can['’]t) "
    r"(?P<rest>[^.:;]+?)(?: (?:the )?following(?: \w+)?)?:$"
)
_EN_INCLUDES = re.compile(
    r"^(?P<subject>[^.:;,]+?) (?:includes?|covers?|consists? of)(?: the following)?(?: \w+)?:$"
)
_EN_ARE = re.compile(
    r"^(?P<subject>(?:The |Our |Your )?[^.:;,]+?) (?:are|is)(?: as follows| the following)?:$"
)
_JA_FOLLOWS = re.compile(
    r"^(?P<subject>[^、。]{2,28}?)(?:の項目|の内容)?は、?(?:次|以下|下記)のとおり(?:とする|です"
    r"|である)?[。:：]?$"
)
_JA_SUCH = re.compile(
    r"(?:次|以下|下記)の(?!とおり|場合|各号|いずれ|ように|表|算式|者)(?P<noun>[^、。をがはに]{1,8})"
)
_CAN_STAND_LAST = re.compile(
    r"\b(?:for|to|in|on|with|about|from|of|do|use|provide|include|have|know|avoid|need|submit"
    r"|bring|request|read|contain|take|choose)$"
)


@dataclass(frozen=True, slots=True)
class _Group:
    """Items of one kind in a row and the sentence that introduces them."""

    intro: str
    items: tuple[Item, ...]
    quote: str
    topic: str


def find_lists(chunk: Chunk) -> Iterator[Draft]:
    """What lists say, as wholes and by labelled entry."""
    for group in _groups(chunk):
        yield from _whole(chunk, group)
        yield from _steps(chunk, group)
        for item in () if in_glossary(chunk) else group.items:
            if draft := _labelled(chunk, group, item):
                yield draft


def _groups(chunk: Chunk) -> Iterator[_Group]:
    topics = local_topics(chunk)
    intro = ""
    pending: list[Item] = []
    last_text = ""

    def flush() -> Iterator[_Group]:
        if pending:
            quote = chunk.model_text[pending[0].start : pending[-1].end]
            yield _Group(intro, tuple(pending), quote, topics(pending[0].start))
        pending.clear()

    for block in blocks(chunk.model_text):
        if block.kind != "list":
            yield from flush()
            intro = block.text if block.kind == "paragraph" else ""
            last_text = intro
            continue
        for item in block.items:
            opens = pending and (_introduces(pending[-1].text) or _other_list(pending[-1], item))
            if opens:
                last_text = clean(pending[-1].text)
                yield from flush()
                intro = last_text if _introduces(last_text) else ""
            pending.append(item)
    yield from flush()


def _other_list(last: Item, item: Item) -> bool:
    """Whether an item begins or resumes another list: nesting is lost in the model text."""
    sentences = (last.text.endswith("。"), item.text.endswith("。"))
    return last.ordered != item.ordered or item.number == 1 or sentences == (False, True)


def _introduces(text: str) -> bool:
    text = clean(text)
    return text.endswith((":", "：")) or bool(re.search(r"(?:次|以下|下記)の[^。]*。?$", text))


def _whole(chunk: Chunk, group: _Group) -> Iterator[Draft]:
    family, slots = _list_question(chunk.language, clean(group.intro), chunk.model_text)
    if not family or len(group.items) < 2:
        return
    if not all(_complete(item.text) for item in group.items):
        return
    texts = [clean(item.text).rstrip("。.,;、") for item in group.items]
    answer = _joined(texts, chunk.language)
    if fits(answer, chunk.language):
        yield Draft("list", family, answer, group.quote, slots, group.topic, "list")


def _complete(text: str) -> bool:
    return not _introduces(text) and not re.search(r"前[条項号]|次[条項号]", text)


def _joined(texts: list[str], language: str) -> str:
    if language == "ja":
        return "、".join(texts) + ("。" if re.search(r"[るいうくすたと]$", texts[-1]) else "です。")
    texts = [re.sub(r",? (?:and|or)$", "", text) for text in texts]
    lowered = [texts[0], *(lower_first(text) for text in texts[1:])]
    mark = "; " if any("," in text for text in texts) else ", "
    return mark.join(lowered) + "."


def _list_question(language: str, intro: str, body: str) -> tuple[str, dict[str, str]]:
    if language == "ja":
        return _list_question_ja(without_lead(intro))
    if match := _EN_INTRO.match(intro):
        rest, aux = match["rest"], match["aux"]
        subject = match["subject"]
        fine = _CAN_STAND_LAST.search(rest) and self_contained(rest)
        if (
            fine
            and aux not in ("need to", "do not")
            and (subject == "You" or is_noun_phrase(subject))
        ):
            question = to_asker(f"What {aux} {lower_noun(subject, body)} {rest}?")
            return "list", {"question": question}
        return "", {}
    if match := _EN_INCLUDES.match(intro):
        subject = match["subject"]
        if is_noun_phrase(subject) and self_contained(subject):
            do = "do" if is_plural(subject) else "does"
            question = to_asker(f"What {do} {lower_noun(subject, body)} include?")
            return "list", {"question": question}
    if (match := _EN_ARE.match(intro)) and is_noun_phrase(match["subject"]):
        subject = match["subject"]
        if self_contained(subject) and is_plural(subject):
            bare = re.sub(r"^(?:the|our|your) ", "", lower_noun(subject, body))
            return "list.of", {"subject": to_asker(lower_noun(subject, body)), "bare": bare}
    return "", {}


def _list_question_ja(intro: str) -> tuple[str, dict[str, str]]:
    if match := _JA_FOLLOWS.match(intro):
        if stands_alone(match["subject"]):
            return "list.of", {"subject": match["subject"]}
        return "", {}
    match = _JA_SUCH.search(intro)
    if not match or not intro.endswith("。"):
        return "", {}
    body = intro[: match.start()] + "どのような" + match["noun"] + intro[match.end() :]
    body = re.sub(r"^(?:社員|従業員|役員及び社員)(?:は|が)、?", "", body.removesuffix("。"))
    question = ask(body, duty=True)
    if not question or not stands_alone(question) or len(question) > 66:
        return "", {}
    return "list", {"question": question}


def _steps(chunk: Chunk, group: _Group) -> Iterator[Draft]:
    about = group.topic
    if not about or len(group.items) < 2 or not group.items[0].ordered or is_question(about):
        return
    texts = [clean(item.text) for item in group.items]
    if any(text.endswith((":", "：")) for text in texts):
        return
    if chunk.language == "ja":
        steps = sum(bool(re.search(r"(?:ます|ください)。$", text)) for text in texts)
        rule = any(re.search(r"場合|ならない|できる|とする", text) for text in texts)
        if steps < len(texts) or rule:
            return
    elif sum(is_imperative(text) for text in texts) < 0.75 * len(texts):
        return
    whole = " ".join(texts) if chunk.language == "en" else "".join(texts)
    if fits(whole, chunk.language):
        yield Draft("procedure", "steps", whole, group.quote, {"topic": about}, about, "steps")
    first = texts[0]
    if fits(first, chunk.language):
        answer = polite(first) if chunk.language == "ja" else first
        yield Draft(
            "procedure", "steps.first", answer, group.items[0].text, {"topic": about}, about
        )


def _labelled(chunk: Chunk, group: _Group, item: Item) -> Draft | None:
    text = clean(item.text)
    match = _LABELLED.match(text)
    if not match or _NOT_LABELS.match(match["label"]) or is_question(match["label"]):
        return None
    label, value = match["label"].strip(), match["value"].strip()
    if chunk.language == "ja":
        return _labelled_ja(group, item, label, value)
    words = label.split()
    if (
        value.endswith(":")
        or len(words) > 8
        or is_imperative(label)
        or not self_contained(label)
        or label[0] in "\"'“"
        or re.search(r"(?:\binclude[sd]?|['’]s?|\b(?:are|is|by|to|of|for))$", label)
        or re.search(r"\b(?:you|we|I)\b", label)
        or re.search(r"^(?:For|From|To|With|In|On|At|By|If|When)\b|^\W|[-/]$", label)
    ):
        return None
    if not fits(text, "en") or len(value.split()) < 3 or not group.topic:
        return None
    slots = {"label": to_asker(lower_noun(label, chunk.model_text))}
    return Draft("list", "labelled", text, item.text, slots, group.topic, "labelled")


def _labelled_ja(group: _Group, item: Item, label: str, value: str) -> Draft | None:
    if len(label) > 40 or not stands_alone(label) or not group.topic or len(value) < 2:
        return None
    if not fits(value, "ja") or not stands_alone(value):
        return None
    amount = _AMOUNT.match(value)
    answer = polite(value) if re.search(r"[。るすない]$", value) else f"{value}です。"
    if amount:
        what = _WORDS.get(amount["unit"], f"何{amount['unit']}")
        slots = {"label": label, "howmuch": what}
        return Draft("number", "labelled.amount", answer, item.text, slots, group.topic, "labelled")
    return Draft("list", "labelled", answer, item.text, {"label": label}, group.topic, "labelled")
