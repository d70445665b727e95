"""The main language of a text: by script, then by function words among Latin languages."""

from __future__ import annotations

import re
from collections import Counter

_SAMPLE = 20_000  # characters: the head of a long text is enough
_CJK_WEIGHT = 2.5  # one Japanese character carries about as much as 2.5 Latin letters
_MIN_FUNCTION_WORDS = 0.08  # share of the words; prose has 0.3, a list of names hardly any
_CHINESE_FROM = 60  # this many kanji without a single kana are no Japanese sentence

_ADDRESS = re.compile(r"https?://[!-~]+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]+")
"""Web and mail addresses: they tell nothing of the language. Tried once a word, so that a word of
thousands of characters takes no longer than others."""

_SCRIPTS = {
    "kana": re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9f]"),
    "han": re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf々]"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
    "ko": re.compile(r"[\uac00-\ud7a3]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
}

_FUNCTION_WORDS = {
    "en": "the and of to in is for that with are on be as this or it by you from not can your have",
    "de": "der die und das ist nicht mit ein eine für auf den im zu von sich des auch werden sind",
    "fr": "le la les des et est une pour dans que qui sur pas vous du au avec sont par ce",
    "es": "el los las una que en por para con del se es como más pero su al lo está son",
    "it": "il che di per una con non del della sono gli nel alla più dei anche come questo è",
    "pt": "o os uma que não para com por do da em dos das mais como ao são também você",
    "nl": "de het een van en dat niet voor met zijn op aan ook bij naar wordt worden door deze",
    "vi": "và của các được cho trong không là một với có người này khi để từ những đã",
}
_WORDS = {code: frozenset(words.split()) for code, words in _FUNCTION_WORDS.items()}


def detect(text: str) -> str:
    """ISO 639-1 code of the main language; `und` where there is too little text to tell."""
    sample = _ADDRESS.sub("", text[:_SAMPLE])
    counts = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS.items()}
    kana, han, latin = counts.pop("kana"), counts.pop("han"), counts.pop("latin")
    other, most = max(counts.items(), key=lambda item: item[1])
    if kana + han + latin + most < 2:
        return "und"
    cjk = (kana + han) * _CJK_WEIGHT
    if cjk > max(latin, most):
        return "zh" if kana * 50 < han and han >= _CHINESE_FROM else "ja"
    if most * _CJK_WEIGHT > latin:
        return other
    return _latin_language(sample)


def _latin_language(text: str) -> str:
    words = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    hits = {code: sum(words[word] for word in known) for code, known in _WORDS.items()}
    best = max(hits, key=lambda code: hits[code])
    # English is the default: lists and headings have few function words.
    enough = max(3, words.total() * _MIN_FUNCTION_WORDS)
    return best if hits[best] > hits["en"] * 1.2 and hits[best] >= enough else "en"
