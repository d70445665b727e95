"""What kind of thing a question asks for (a time, an amount, a person, …), and whether a text holds
one: the answer-type step of question answering (Li and Roth, "Learning Question Classifiers",
2002), by patterns for English and Japanese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_DIGITS = r"(?<![\d,.])\d[\d,.]{0,12}"
_NUMBER = (
    rf"(?:{_DIGITS}|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|twenty|thirty|forty|fifty|sixty|ninety|hundred|half)\b"
    r"|(?<![一二三四五六七八九十百千万半])(?!十分(?!間|以内|前|後))(?!一日中|一部)"
    r"[一二三四五六七八九十百千万半]{1,6})"
)
_TIME_UNIT = (
    r"(?:(?:business|working|calendar|consecutive|full)[\s-])?(?:minute|hour|day|night|week|month"
    r"|quarter|year|second)s?\b|分|時間|営業日|日|週間?|[かヶカヵケ箇]月|年(?!筆)"
)
_SPAN = rf"{_NUMBER}(?:\s*(?:-|–|to|or|~|から)\s*{_NUMBER})?[\s-]?(?:{_TIME_UNIT})"
_MOMENT = (
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:january|february|march|april|june|july"
    r"|august|september|october|november|december)\b|\bmay \d|\b(?:19|20)\d\d\b|\bimmediately\b"
    r"|[月火水木金土日]曜|(?<!\d)\d{1,2}月|(?<!\d)\d{1,2}日|末日|月末|当日|前日|翌日|翌月|毎月"
    r"|直ちに|速やかに"
)
_CLOCK = (
    r"(?<!\d)\d{1,2}(?::\d\d)?\s?[ap]\.?m\b|(?<![\d:])\d{1,2}:\d\d\b|\bnoon\b|\bmidnight\b"
    r"|(?<!\d)\d{1,2}時(?!間)|正午"
)
_MONEY = rf"[¥$€£]\s?{_DIGITS}|{_DIGITS}[万千]?\s?(?:円|yen\b|dollars?\b|usd\b|jpy\b|ドル|ユーロ)"
_RATE = (
    rf"{_DIGITS}\s?(?:%|percent\b|パーセント|割|倍)|割増|(?<![\d,.])[01]\.\d{{1,3}}\s?(?:を乗|×)"
)
_OFTEN = (
    r"\b(?:every|each|per|daily|weekly|biweekly|monthly|quarterly|yearly|annually|annual)\b"
    r"|\bonce\b|\btwice\b|\btimes an?\b|毎[日週月年]|(?<!\d)\d{1,4}回|[年月週]に|ごと"
)
_PERSON = (
    r"\b(?:supervisors?|managers?|directors?|officers?|officials?|head of|heads\b(?! over)|team"
    r" leads?|teams?|departments?|divisions?|committees?|administrators?|specialists?"
    r"|coordinators?|owners?|(?:service|help|security|it|travel) desk|human resources|president"
    r"|executives?|approvers?|representatives?)\b"
    r"|部長|課長|室長|店長|係長|社長|役員|責任者|担当|部署|(?<![一全内外本関])[部課係室](?=[がにへはの、。])"
    r"|センター|窓口|管理者|上司|委員会|総務|人事|経理"
)
_PHONE = (
    r"(?<![\w.-])(?:\+\d{1,3}[- ]?)?(?:\(\d{1,4}\)|\d{1,4})[- ]?(?:\d{1,4}-|\(\d{1,4}\))\d{3,4}"
    r"(?![\w-])"
)
_MAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+"
# At the beginning of what is asked: `tell me when it runs out` asks for a time, `what is paid when
# I leave` does not.
_BEGINS = r"(?:^|[.,;:?!]\s*|\band\s+|\b(?:by|since|until|from|on|at|in|to|tell me|know)\s+)"
_ASKS_ENGLISH = rf"{_BEGINS}(?:so\s+|then\s+)?"
_DUE = r"\bdue\b(?! to\b| diligence\b)"


@dataclass(frozen=True, slots=True)
class _Type:
    asks: re.Pattern[str]
    """Found in a question that asks for it."""
    holds: re.Pattern[str]
    """Found in a text that may tell it."""


def _type(asks: str, holds: str) -> _Type:
    return _Type(re.compile(asks, re.IGNORECASE), re.compile(holds, re.IGNORECASE))


@lru_cache(maxsize=1)
def _types() -> tuple[_Type, ...]:
    return (
        _type(  # how long
            r"\bhow (?:long|soon|fast|quick(?:ly)?|early|late|far (?:ahead|in advance))\b"
            r"|\bhow much (?:notice|time|vacation|leave|holiday)\b"
            r"|\bhow many (?:[a-z]+ ){0,2}(?:minutes?|hours?|days?|weeks?|months?|years?)\b"
            r"|\bdeadline\b|\bcut-?off\b|\btime limit\b"
            r"|いつまで|期限(?!切)|締め?切|何(?:日|週|年|分|時間|営業日|[かヶカヵケ箇]月)"
            r"|(?:どの|どれ)(?:くら|ぐら)い(?:の期間|前|かか)",
            _SPAN,
        ),
        _type(  # when
            rf"{_ASKS_ENGLISH}when\b|\b(?:what|which) (?:day|weekday|date|month)\b"
            rf"|\bdeadline\b|\bcut-?off\b|{_DUE}|いつ(?![もで])|何曜|何月|締め?切|期限(?!切)",
            rf"{_CLOCK}|{_MOMENT}|{_SPAN}",
        ),
        _type(r"\bwhat time\b|何時(?!間)", _CLOCK),
        _type(  # how much money
            r"\bhow much (?:do|does|will|would|is|are|can|to|money)\b|\bcosts?\b|\bprices?\b"
            r"|\bfees?\b|\bin (?:dollars|yen|euros)\b|\bwhat (?:percent|share|rate)"
            r"|いくら(?!待|で)|料金|費用|金額|値段|何円|何倍|何割|何パーセント|何%",
            rf"{_MONEY}|{_RATE}",
        ),
        _type(r"\bhow often\b|何回|頻度", _OFTEN),
        _type(
            r"\bnumber\b.*\b(?:call|ring|dial)\b|\b(?:phone|telephone) number\b|電話番号|何番",
            _PHONE,
        ),
        _type(r"\be-?mail\b|メール", _MAIL),
        _type(
            rf"{_ASKS_ENGLISH}who(?:m|se)?\b|\bwhich (?:person|team|office|department)\b"
            r"|誰|だれ|どなた|どの部|どこの部",
            _PERSON,
        ),
    )


_COUNTED_ENGLISH = re.compile(
    r"\bhow many (?!(?:can|could|do|does|did|are|is|was|were|will|would|may|of|more|in|at)\b)"
    r"(?!(?:[a-z]+ ){0,2}(?:minutes?|hours?|days?|weeks?|months?|years?)\b)([a-z]{3,})",
    re.IGNORECASE,
)
_COUNTED_JAPANESE = re.compile(
    r"何(人|個|本|枚|台|回|件|名|社|階|キロ|ワット|グラム|リットル|センチ|歳)"
)
_SYMBOLS = {
    "キロ": "(?:キロ|km|kg)",
    "ワット": "(?:ワット|w)",
    "グラム": "(?:グラム|g)",
    "リットル": "(?:リットル|l)",
    "センチ": "(?:センチ|cm)",
    "社": "社(?!員)",
}


def _counted(question: str) -> Iterator[_Type]:
    """A number of what the question counts: `how many people` → `9 or fewer people`."""
    for match in _COUNTED_ENGLISH.finditer(question):
        stem = re.sub(r"(?:ies|y|s)$", "", match[1], flags=re.IGNORECASE)
        yield _type("", rf"{_NUMBER}(?:\s+[\w-]{{1,20}}){{0,2}}\s+{stem}(?:s|es|ies|y)?\b")
    for match in _COUNTED_JAPANESE.finditer(question):
        yield _type("", rf"{_NUMBER}\s*{_SYMBOLS.get(match[1], match[1])}")


def tells(question: str, text: str) -> bool:
    """Whether the text tells a thing of the kind that the question asks for; never where no kind
    is known.

    What the question says itself counts for nothing: to `a leave of 3 weeks`, another sentence with
    `3 weeks` is no answer.
    """
    said, folded = _folded(question), _folded(text)
    return any(_found(kind, folded) - _found(kind, said) for kind in _asked(question))


def _found(kind: _Type, text: str) -> set[str]:
    return {match[0].lower() for match in kind.holds.finditer(text)}


@lru_cache(maxsize=1024)
def _asked(question: str) -> tuple[_Type, ...]:
    folded = _folded(question)
    return (*(kind for kind in _types() if kind.asks.search(folded)), *_counted(folded))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
