"""Japanese conditions: `〜場合は、〜する。`, `〜ときは、〜しなければならない。`"""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.dataset.drafts import Draft
from builder.dataset.japanese import polite, stands_alone, without_lead
from builder.dataset.sizes import fits
from builder.dataset.statements import statements
from builder.records import Chunk

_CASE = re.compile(
    r"^(?P<case>[^。]{5,60}?(?:場合|とき|際))(?:に限り、?|には、?|において、?は、?|は、?|も、?"
    r"|に、|、)(?P<main>[^。]{4,})。$"
)
_STAFF = re.compile(r"^(?:社員|従業員|役員及び社員|会社|当社)(?:は|が)、")
_LED = re.compile(r"^(?P<subject>[^、。は]{2,20})(?:は|について|について、?は)、(?P<case>.{5,})$")
_VAGUE = re.compile(
    r"^(?:業務上)?(?:必要(?:が|の)?(?:ある|と認める|な|に応じた)?"
    r"|会社が(?:特に)?(?:必要と)?認め(?:る|た)|やむを得ない|"
    r"(?:特別な|個別の)?事情(?:が|の)ある|その|この|希望する|該当する|できない|ない|の)(?:場合"
    r"|とき|際)$|のとき$"
)
_DUTY = re.compile(
    r"(?:なければならない|ください|連絡する|申請する|提出する|報告する|届け出る|申し出る|行う"
    r"|確認する|電話する|"
    r"する必要がある|相談する|保管する|記録する|説明する|求める|こと|とる)。?$"
)


def find_conditions_ja(chunk: Chunk) -> Iterator[Draft]:
    """What the passage says for a case that it names."""
    for statement in statements(chunk):
        sentence = without_lead(statement.text)
        match = _CASE.match(sentence)
        if not match or not fits(sentence, "ja"):
            continue
        case, about = _STAFF.sub("", match["case"]), statement.topic
        if led := _LED.match(case):
            case, about = led["case"], led["subject"]
        if _unclear(case) or re.match(r"[をがのでと]", match["main"]):
            continue
        family = "condition.do" if _DUTY.search(match["main"]) else "condition.happens"
        yield Draft("condition", family, polite(sentence), statement.quote, {"case": case}, about)


def _unclear(case: str) -> bool:
    if _VAGUE.match(case) or not stands_alone(case):
        return True
    # A list of clauses before the case belongs to another statement.
    return case.count("、") > 2 or bool(re.search(r"(?:とし|ものとし|できるが|ますが)、", case))
