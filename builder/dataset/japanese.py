"""Japanese, as far as turning a statement of a rule into a question needs it."""

from __future__ import annotations

import re

_REFERS = re.compile(
    r"前[項号条]|前[0-9０-９]項|次[項号条]|第[0-9０-９一二三四五六七八九十]+[項号条章]|本[条項]"
    r"|同[条項]|"
    r"当該|上記|下記|下の表|以下の|次の(?!日|月|年度|営業日)|次に掲げる|各号|別表|別紙"
    r"|ここ[でにはを]|"
    r"^以後|この(?!規程|規則|限り)|その(?!他|ほか|後)|これ[らをはにがと]|それ[らをはにが]|あれ"
    r"|こちら|[：:※]"
)
_LEADS = re.compile(
    r"^(?:ただし、|なお、|尚、|また、|さらに、|したがって、|そのため、|※\s*|原則として、)"
)
_STEM_I = {
    "う": "い",
    "く": "き",
    "ぐ": "ぎ",
    "す": "し",
    "つ": "ち",
    "ぬ": "に",
    "ぶ": "び",
    "む": "み",
    "る": "り",
}
_STEM_BA = {
    "か": "け", "が": "げ", "さ": "せ", "た": "て", "な": "ね", "ば": "べ", "ま": "め", "ら": "れ",
    "わ": "え",
}  # fmt: skip
_E_ROW = "えけげせぜてでねへべめれ"
_I_ROW = "いきぎしじちにひびみり"
_GODAN_RU = re.compile(r"(?:切|限|知|入|帰|走|減|要|参|滑|しゃべ|握|照|焦|蹴|散|陥|遮|誤)る$")
_ICHIDAN_KANJI = re.compile(r"(?:得|見|出|着|寝|経|似|煮|診|射)る$")


def stands_alone(text: str) -> bool:
    """Whether the words mean the same away from their passage."""
    if _REFERS.search(text):
        return False
    brackets = [("「", "」"), ("（", "）"), ("(", ")"), ("『", "』")]
    return all(text.count(left) == text.count(right) for left, right in brackets)


def without_lead(sentence: str) -> str:
    """The sentence without `ただし、`, `また、` and the like."""
    text = sentence.strip()
    while (shorter := _LEADS.sub("", text, count=1)) != text:
        text = shorter
    return re.sub(r"（以下[、「]?.{1,30}?という。?）", "", text)


def is_ichidan(verb: str) -> bool:
    """Whether a verb in plain form drops `る` (与える) or inflects it (取る)."""
    if not verb.endswith("る") or len(verb) < 2 or _GODAN_RU.search(verb):
        return False
    before = verb[-2]
    if before in _E_ROW or before in _I_ROW:
        return True
    return bool(_ICHIDAN_KANJI.search(verb))


def masu_stem(verb: str) -> str:
    """`提出する` is `提出し`, `与える` is `与え`, `行う` is `行い`; empty for what is no verb."""
    if verb.endswith("する"):
        return verb[:-2] + "し"
    if verb.endswith(("くる", "来る")):
        return verb[:-2] + ("き" if verb.endswith("くる") else "来")
    if is_ichidan(verb):
        return verb[:-1]
    last = verb[-1:]
    return verb[:-1] + _STEM_I[last] if last in _STEM_I else ""


def conditional(negative_stem: str) -> str:
    """`提出し` (of 提出しなければ) is `提出すれば`, `得` is `得れば`, `行わ` is `行えば`."""
    if negative_stem.endswith("し"):
        return negative_stem[:-1] + "すれば"
    last = negative_stem[-1:]
    if last in _STEM_BA:
        return negative_stem[:-1] + _STEM_BA[last] + "ば"
    return negative_stem + "れば"


def plain_from_negative(negative_stem: str) -> str:
    """`提出し` (of 提出しなければ) is `提出する`, `行わ` is `行う`, `得` is `得る`."""
    if negative_stem.endswith("し"):
        return negative_stem[:-1] + "する"
    rows = {
        "か": "く",
        "が": "ぐ",
        "さ": "す",
        "た": "つ",
        "な": "ぬ",
        "ば": "ぶ",
        "ま": "む",
        "ら": "る",
        "わ": "う",
    }
    last = negative_stem[-1:]
    return negative_stem[:-1] + rows[last] if last in rows else negative_stem + "る"


def ask(core: str, *, duty: bool) -> str:
    """A statement (without full stop) as a polite question; empty where that can't be done well.

    `duty`: somebody has to do it, so that one asks `すればよいですか`, not `しますか`.
    """
    for ending, replacement in _ASKS:
        if match := ending.search(core):
            return core[: match.start()] + match.expand(replacement)
    if match := re.search(r"(.+)なければならない$", core):
        return conditional(match[1]) + "よいですか"
    if re.search(r"(?:ない|ません|ことがある|た)$", core):
        return ""
    if duty and core.endswith("する"):
        return core[:-2] + "すればよいですか"
    if re.search(r"[うくぐすつぬぶむる]$", core) and (stem := masu_stem(core)):
        return stem + "ますか"
    return ""


def polite(sentence: str) -> str:
    """A rule's sentence in the polite form that an answer has; what can't be turned stays."""
    core = sentence.strip().removesuffix("。")
    if re.search(r"(?:ます|です|ません|ました|ください|でしょう)$", core):
        return core + "。"
    for ending, replacement in _ENDINGS:
        if match := ending.search(core):
            return core[: match.start()] + match.expand(replacement) + "。"
    if re.search(r"[ぁ-ん]$", core) and (stem := masu_stem(core)):
        return stem + "ます。"
    return core + ("。" if sentence.strip().endswith("。") else "")


_ENDINGS = tuple(
    (re.compile(pattern + "$"), replacement)
    for pattern, replacement in (
        (r"なければならない(?:ものとする)?", r"なければなりません"),
        (r"てはならない", r"てはいけません"),
        (r"ではならない", r"ではいけません"),
        (r"なくてはならない", r"なければなりません"),
        (r"ことができない", r"ことはできません"),
        (r"できない", r"できません"),
        (r"(ことがある|場合がある)", r"ことがあります"),
        (r"よい", r"構いません"),
        (r"でない", r"ではありません"),
        (r"必要としない", r"必要ありません"),
        (r"([しきぎちにびみり])ない", r"\1ません"),
        (r"わない", r"いません"),
        (r"らない", r"りません"),
        (r"かない", r"きません"),
        (r"さない", r"しません"),
        (r"([えけげせてねべめれ])ない", r"\1ません"),
        (r"である", r"です"),
        (r"とする", r"とします"),
        (r"した", r"しました"),
        (r"(?<![んい])だ", r"です"),
    )
)
_ASKS = tuple(
    (re.compile(pattern + "$"), replacement)
    for pattern, replacement in (
        (r"から施行する", r"から施行されますか"),
        (r"を与える", r"が与えられますか"),
        (r"を(支給|認|付与|交付|補償)する", r"が\1されますか"),
        (r"を認める", r"が認められますか"),
        (r"を支払う", r"が支払われますか"),
        (r"を設ける", r"が設けられますか"),
        (r"(?:とする|である|です|とします)", r"ですか"),
        (r"してください", r"すればよいですか"),
        (r"ます", r"ますか"),
        (r"できる", r"できますか"),
        (r"(?:ものとする)", r""),
    )
)
