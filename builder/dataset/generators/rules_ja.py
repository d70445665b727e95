"""Japanese obligations, permissions and prohibitions, and `Xは、Yとする`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from builder.dataset.drafts import Draft
from builder.dataset.japanese import (
    masu_stem,
    plain_from_negative,
    polite,
    stands_alone,
    without_lead,
)
from builder.dataset.sizes import fits
from builder.dataset.statements import Statement, statements
from builder.records import Chunk

_STAFF = re.compile(r"^(?:すべての|全ての)?(?:社員|従業員|職員|役員及び社員)(?:は|が)、?")
_BROKEN = re.compile(r"^[はがをにでの、]|この規[則程]")
_MUST = re.compile(r"^(.+)(?:なければ|なくては)ならない$")
_MUST_NOT = re.compile(r"^(.+[てで])は(?:ならない|いけない|いけません|なりません)$")
_CAN = re.compile(r"^(.+?)(?:(ことが)?でき(?:る|ます))$")
_CANNOT = re.compile(r"^(.+?)(?:(ことは|ことが)?でき(?:ない|ません))$")
_NEGATIVES = (
    (re.compile(r"^(.+)は認めない$"), r"\1は認められますか"),
    (re.compile(r"^(.+)を?許可しない$"), r"\1許可されますか"),
    (re.compile(r"^(.+)[はを]、?(支給|適用|返還|請求|評価)しない$"), r"\1は\2されますか"),
    (re.compile(r"^(.+)の対象としない$"), r"\1の対象になりますか"),
    (re.compile(r"^(.+)を必要としない$"), r"\1は必要ですか"),
    (re.compile(r"^(.+)受け付けない$"), r"\1受け付けてもらえますか"),
    (re.compile(r"^(.+)使えない$"), r"\1使えますか"),
    (re.compile(r"^(.+)使えません$"), r"\1使えますか"),
    (re.compile(r"^(.+)(?:行わない|行っていません|行っておりません)$"), r"\1行っていますか"),
    (re.compile(r"^(.+[^で])はしない$"), r"\1はしますか"),
)
_BANNED = re.compile(r"^(.+?)(?:は|を)?(?:、)?禁止(?:する|します|している)$")
_IS = re.compile(
    r"^(?P<subject>[^、。は]{2,24})は、?(?P<value>[^。]{2,80}?)(?:とする|である|です|とします)$"
)
_VAGUE_SUBJECT = re.compile(
    r"^(?:この.{1,4}|会社|社員|当社|以上|これら|それ|これ|次回|ただし|場合|.*とき|.*場合|.*者"
    r"|原則|目的|対象|上限|"
    r"内訳|原因|議題|担当|今回|期間|理由|方法|条件)$"
)


def find_rules_ja(chunk: Chunk) -> Iterator[Draft]:
    """What has to, may and must not be done, and what something is."""
    makers: tuple[Callable[[Statement, str], Draft | None], ...] = (
        _must, _must_not, _cannot, _can, _negative, _banned, _is,
    )  # fmt: skip
    for statement in statements(chunk):
        sentence = without_lead(statement.text)
        if not fits(sentence, "ja") or not sentence.endswith("。"):
            continue
        core = _STAFF.sub("", sentence.removesuffix("。"))
        for make in makers:
            if draft := make(statement, core):
                yield draft
                break


def _draft(
    statement: Statement, kind: str, family: str, slots: dict[str, str], verdict: str = ""
) -> Draft | None:
    said = "".join(slots.values())
    if not stands_alone(said) or not 4 <= len(said) <= 66 or _BROKEN.search(said):
        return None
    answer = verdict + polite(without_lead(statement.text))
    return Draft(kind, family, answer, statement.quote, slots, statement.topic)


def _must(statement: Statement, core: str) -> Draft | None:
    match = _MUST.match(core)
    if not match:
        return None
    plain = plain_from_negative(match[1])
    return _draft(statement, "rule", "must", {"action": plain}, "はい。")


def _must_not(statement: Statement, core: str) -> Draft | None:
    match = _MUST_NOT.match(core)
    if not match or match[1].endswith("なくて"):
        return None
    if match[1].endswith("で") and not re.search(r"[んい]で$", match[1]):
        return None
    return _draft(statement, "rule", "forbidden", {"action": match[1]}, "いいえ。")


def _can(statement: Statement, core: str) -> Draft | None:
    match = _CAN.match(core)
    if not match or match[1].endswith(("も", "に")):
        return None
    return _draft(statement, "rule", "can", {"action": match[1] + (match[2] or "")}, "はい。")


def _cannot(statement: Statement, core: str) -> Draft | None:
    match = _CANNOT.match(core)
    if not match or match[1].endswith(("も", "に")):
        return None
    bridge = "ことが" if match[2] else ""
    return _draft(statement, "rule", "can", {"action": match[1] + bridge}, "いいえ。")


def _negative(statement: Statement, core: str) -> Draft | None:
    for pattern, asks in _NEGATIVES:
        if match := pattern.match(core):
            question = match.expand(asks)
            if "、" in question[-25:] and question.count("、") > 1:
                return None
            slots = {"question": question}
            return _draft_question(statement, slots, "いいえ。")
    return None


def _draft_question(statement: Statement, slots: dict[str, str], verdict: str) -> Draft | None:
    question = slots["question"]
    if not stands_alone(question) or not 6 <= len(question) <= 60:
        return None
    answer = verdict + polite(without_lead(statement.text))
    return Draft("rule", "gap", answer, statement.quote, slots, statement.topic)


def _banned(statement: Statement, core: str) -> Draft | None:
    match = _BANNED.match(core)
    if not match or re.search(r"場合を除き|命ず", match[1]):
        return None
    question = f"{match[1]}は禁止されていますか"
    slots = {"question": question}
    return _draft_question(statement, slots, "はい。")


def _is(statement: Statement, core: str) -> Draft | None:
    match = _IS.match(core)
    if not match or _VAGUE_SUBJECT.match(match["subject"]) or not stands_alone(match["subject"]):
        return None
    subject = match["subject"]
    if re.search(r"[るたいうくすつむぶにて]$|^[ぁ-ん]{1,3}$", subject) or masu_stem(subject):
        return None
    if re.search(r"(?:もの|こと)$", match["value"]) or re.search(r"ため$", match["value"]):
        return None
    return _draft(statement, "value", "value", {"subject": subject})
