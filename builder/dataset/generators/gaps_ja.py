"""Japanese facts asked in place: the number, the time, the place or the person of a sentence is
replaced by its question word (`30日前までに提出する` → `いつまでに提出すればよいですか`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from builder.dataset.drafts import Draft
from builder.dataset.japanese import ask, polite, stands_alone, without_lead
from builder.dataset.sizes import fits
from builder.dataset.statements import Statement, statements
from builder.records import Chunk

_COUNTERS = (
    "営業日 日間 日 時間 か月間 か月 年間 年 週間 分間 分 秒 歳 回 名 人 % 割 台 点 枚 本 件 品 個 "
    "倍 cm kg mL ℃ 度 文字 泊 歩 W L km"
).split()
_WORDS = {"円": "いくら", "万円": "いくら", "ヶ月": "何か月", "ヵ月": "何か月"} | {
    counter: f"何{counter}" for counter in _COUNTERS
}
_NUMBER = re.compile(
    r"(?P<date>(?:(?:\d{4}|令和(?:\d+|元)|平成\d+)年)?\d{1,2}月\d{1,2}日(?:（.）)?)"
    r"|(?P<clock>(?:午前|午後)?\d{1,2}(?:時(?!間)(?:\d{1,2}分)?|:\d\d))"
    r"|(?P<number>約?\d[\d,.]*)(?P<unit>" + "|".join(sorted(_WORDS, key=len, reverse=True)) + ")"
    r"(?P<more>\d+分)?"
)
_DEADLINE = re.compile(
    r"(?:(?<=[、はにをが])|^)(?P<when>[^、。はをが（）]{0,20}?(?:\d[^、。はをが]{0,8}?(?:以内"
    r"|前まで|後まで|日まで|時まで"
    r"|末日?まで)|当日中|翌日まで|速やか|直ち|すぐ))に、?(?=[^、])"
)
_COUNTED_FROM = re.compile(
    r"(?:(?<=[、は])|^)(?P<when>[^、。は（）「」]{0,24}?(?:日|時|月)から\d[^、。はをが]{0,8}?以内)に、?(?=[^、])"
)
_TO_WHOM = re.compile(
    r"(?:(?<=[、はにを])|^)(?P<who>[^、。はをにが]{1,14}?(?P<role>課|部|室|デスク|センター|窓口"
    r"|会社|長|上長|上司|"
    r"マネージャー|者|係|エリア))(?P<mark>へ|に)(?=(?:[^、。はが]{0,14}を)?(?:、)?(?:電話|連絡"
    r"|報告|提出|申請|"
    r"相談|届け出|申し出|申込|申し込|通知|問い合わせ))"
)
_BY_WHOM = re.compile(
    r"(?:(?<=[、はに])|^)(?P<who>[^、。はをにがで]{1,14}?(?P<role>課|部|室|デスク|センター|会社"
    r"|長|マネージャー|責任者|"
    r"担当者|委員会))が(?=[^、。]{2,30}(?:する|行う|決める|定める|負担する|発行する|承認する"
    r"|変更する|ます)$)"
)
_DUTY_END = re.compile(
    r"(?:提出|申請|連絡|報告|返却|確認|記録|入力|相談|通知|登録|更新|届出|清算|精算|電話|保管"
    r"|交換|変更)する$"
    r"|(?:行う|届け出る|申し出る|届ける|守る|知らせる|申し込む|終える|外す|受ける|ならない"
    r"|ください)$"
)
_STAFF = re.compile(
    r"^(?:すべての|全ての)?(?:社員|従業員|職員|役員及び社員|役員および社員|利用者)(?:は|が)、?"
)
_OWN_CLAUSE = re.compile(
    r"(?:とし|であり|です?が)、(?P<clause>[^、。]{2,16}は、?[^、。]*(?:何|いくら|いつ)[^、。]*)$"
)
_HEADLESS = re.compile(r"^[はがをにで、]|^(?:会社|当社)は、?$")


@dataclass(frozen=True, slots=True)
class _Gap:
    family: str
    start: int
    end: int
    word: str


def find_gaps(chunk: Chunk) -> Iterator[Draft]:
    """Facts of a Japanese chunk with a number, a deadline, a receiver or an actor in them."""
    for statement in statements(chunk):
        sentence = without_lead(statement.text)
        core = sentence.removesuffix("。")
        if not fits(sentence, "ja") or len(core) < 8 or not sentence.endswith("。"):
            continue
        for gap in _gaps(core):
            if draft := _draft(statement, sentence, core, gap):
                yield draft


def _gaps(core: str) -> Iterator[_Gap]:
    deadline = _COUNTED_FROM.search(core) or _DEADLINE.search(core)
    if deadline:
        yield _Gap("gap.deadline", deadline.start("when"), deadline.end("when"), "いつまで")
    if match := _TO_WHOM.search(core):
        word = "誰" if match["role"] in ("長", "上長", "上司", "者", "マネージャー") else "どこ"
        yield _Gap("gap.whom", match.start("who"), match.end("who"), word)
    if match := _BY_WHOM.search(core):
        word = "誰" if match["role"] in ("長", "マネージャー", "責任者", "担当者") else "どこ"
        if match["who"] not in ("会社", "当社"):
            yield _Gap("gap.actor", match.start("who"), match.end("who"), word)
    if not deadline and (number := _number(core)):
        yield number


def _number(core: str) -> _Gap | None:
    """The last number of the sentence, where the sentence says little else after it."""
    found = list(_NUMBER.finditer(core))
    if not found or len(found) > 3 or len(core) - found[-1].end() > 24:
        return None
    last = found[-1]
    if "、" in core[last.end() :]:
        return None
    if re.search(r"[（(「『][^）)」』]*$", core[: last.start()]) or re.match(
        r"[0-9A-Za-z.\-]", core[last.end() :]
    ):
        return None
    if last["number"] == "1" and re.match(
        r"(?:の|あたり|当たり|につき|単位|ごと|度)", core[last.end() :]
    ):
        return None
    before = core[: last.start()][-1:]
    if before in ("第", "～", "~", "-", "/") or re.search(r"から$|[と・、]$", core[: last.start()]):
        return None if before != "、" else _gap_of(last)
    return _gap_of(last)


def _gap_of(match: re.Match[str]) -> _Gap:
    word = "いつ" if match["date"] else "何時" if match["clock"] else _WORDS[match["unit"]]
    return _Gap("gap.number", match.start(), match.end(), word)


def _draft(statement: Statement, sentence: str, core: str, gap: _Gap) -> Draft | None:
    body = core[: gap.start] + gap.word + core[gap.end :]
    body = body.replace("いつまでに、", "いつまでに").replace("いつまでまで", "いつまで")
    if gap.family == "gap.number" and (clause := _OWN_CLAUSE.search(body)):
        body = clause["clause"]
    duty = gap.family != "gap.actor" and bool(_DUTY_END.search(core))
    asked = ask(_STAFF.sub("", body), duty=duty)
    asked = _named(_tidied(asked), statement.document)
    if not asked or not stands_alone(asked) or not 8 <= len(asked) <= 70 or _HEADLESS.search(asked):
        return None
    kind = "responsible" if gap.family in ("gap.actor", "gap.whom") else "number"
    slots = {"question": asked}
    return Draft(kind, "gap", polite(sentence), statement.quote, slots, statement.topic, gap.family)


def _named(question: str, title: str) -> str:
    """The rule book by its title; empty where that is not short."""
    if not re.search(r"この(?:規則|規程|手順書|方針)", question):
        return question
    if "改正" in question or not 2 <= len(title) <= 24:
        return ""
    return re.sub(r"この(?:規則|規程|手順書|方針)", title, question)


def _tidied(question: str) -> str:
    text = re.sub(r"(?:まで)?(?:を上限に|を限度に)", "まで", question)
    text = text.replace("いくらまでとする", "いくらまで")
    return (
        ""
        if re.search(
            r"何\S{1,3}未満とし|いくらを超え|何[^、]{1,3}を超え|約何|最長何.*以上"
            r"|までの何|いつまでに[^、。]{1,12}なかった",
            text,
        )
        else text
    )
