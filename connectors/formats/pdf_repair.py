"""Undo what PDF fonts do to text: wrong maps of kana, radicals for kanji, ligatures, gaiji."""

from __future__ import annotations

import re
import unicodedata

# Forms that stand for other letters: ligatures, radicals, compatibility ideographs, vertical marks.
_FORMS = re.compile(r"[\ufb00-\ufb06\u2e80-\u2fdf\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe44]")
# Radicals of the supplement that Unicode names no form for: the kanji they are drawn as.
_SUPPLEMENT = dict(
    zip(
        "⺁⺄⺆⺇⺈⺉⺋⺌⺍⺒⺓⺔⺖⺗⺘⺙⺛⺝⺞⺟⺠⺡⺣⺤⺥⺨⺩⺫⺬⺭⺮⺰⺱⺴⺶⺷⺸⺹⺺⺼⺽⺾⺿⻀⻁⻂⻃⻄⻆⻈⻉⻊⻋⻌⻍⻏⻐⻑⻒⻓⻔"
        "⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "厂乙冂几⺈刂㔾小小已幺彑忄㣺扌攵旡月歺母民氵灬爫爫犭王罒示礻竹纟罓冈羊羊芈耂肀月臼艹艹艹虎衤覀西角讠贝足车辶辶阝钅長镸长门"
        "阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)
# Fonts of an old printer driver state these ideographs for kana, always at the same distance.
_WRONG_KANA = re.compile(r"[\u46d1-\u4723\u472f-\u478a]")
_LAST_HIRAGANA = 0x4723
_TO_HIRAGANA, _TO_KATAKANA = 0x1690, 0x168E
_FEW = 3
_LEAST_WRONG_KANA = 0.02  # share of the letters; the ideographs themselves hardly ever occur
_BULLETS = dict.fromkeys([0xF0B7, 0xF0A7, 0xF0A8, 0xF06C, 0xF06E, 0xF076, 0xF0D8, 0xF0E8], "•")
_BULLETS |= {0xF0FC: "✓", 0xF0FE: "✓", 0xF0E0: "→"}
_PRIVATE = re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_WRONG = re.compile(r"[\ufffd\ue000-\uf8ff\u3400-\u4dbf\U000f0000-\U0010fffd]")
_MOST_WRONG = 0.1
MISSING = "〓"
"""What Japanese printers set for a letter that they lack."""


def repaired(text: str) -> str:
    """One line's text with the letters that it shows; `MISSING` for letters of no known value."""
    text = _FORMS.sub(_form, text)
    text = _PRIVATE.sub(MISSING, text.translate(_BULLETS))
    return re.sub(r"[\x00\x01\x03-\x08\x0b-\x1f\x7f\ufffe\uffff\xad]", "", text)


def _form(match: re.Match[str]) -> str:
    return _SUPPLEMENT.get(match[0]) or unicodedata.normalize("NFKC", match[0])


def has_wrong_kana(page: str) -> bool:
    """Whether the page's fonts state rare ideographs for kana."""
    wrong = len(_WRONG_KANA.findall(page))
    return wrong >= _FEW and wrong >= _LEAST_WRONG_KANA * len(page)


def kana_repaired(text: str) -> str:
    """The kana that the rare ideographs stand for: の for 䛾."""
    return _WRONG_KANA.sub(_kana, text)


def _kana(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(code - (_TO_HIRAGANA if code <= _LAST_HIRAGANA else _TO_KATAKANA))


def is_garbled(text: str) -> bool:
    """Whether many letters are of no known value, or ideographs that hardly ever occur."""
    letters = sum(not char.isspace() for char in text)
    return letters >= 5 and len(_WRONG.findall(text)) > _MOST_WRONG * letters


def clean(text: str) -> str:
    """A page's lines with the divided words put together again."""
    text = re.sub("(?<=[a-zà-ÿ])\x02[ \t]*\n?(?=[a-zà-ÿ])", "", text)
    text = re.sub("\x02[ \t]*\n?", "-", text)
    return re.sub(r"[ \t]+\n", "\n", text).strip()
