"""Terms of a text for keyword search and for measuring overlap.

English words are case-folded and lightly stemmed; Japanese runs become character bigrams (and the
single character where a run has only one), after NFKC, サーバー and サーバ spelled alike.
Codes such as `SP-K310-G` stay whole and are also given in their pieces and in what these make
without hyphens (`k310g`), so that fragments and other spellings find them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CJK = "぀-ヿㇰ-ㇿ㐀-䶿一-鿿豈-﫿々〆ヶー"
_RUN = re.compile(rf"[{_CJK}]+|[a-z0-9À-ɏ]+(?:[-_./'’][a-z0-9À-ɏ]+)*")
_PIECE = re.compile(r"[a-z]+|[0-9]+|[À-ɏ]+")
_HAS_DIGIT = re.compile(r"\d")
_JOINT = re.compile(r"[-_./'’]")
_MOST_PIECES = 5  # of a code that are put together; dates and paths with more stay in pieces
_LONG_VOWEL = re.compile(r"(?<=[ァ-ヺー][ァ-ヺ])ー(?![ァ-ヺー])")
_V = re.compile(r"ヴ([ァィェォ]?)")
_B = {"": "ブ", "ァ": "バ", "ィ": "ビ", "ェ": "ベ", "ォ": "ボ"}
_VARIANTS = str.maketrans(
    "髙﨑齋斎齊邊邉澤濱國學會圓廣眞櫻淵渕嶋嶌槇舘冨",
    "高崎斉斉斉辺辺沢浜国学会円広真桜渕渕島島槙館富",
)
"""Kanji in names and their usual forms."""

ENGLISH_STOP_WORDS = frozenset(
    [
        *(
            "a",
            "an",
            "and",
            "are",
            "as",
            "at",
            "be",
            "been",
            "but",
            "by",
            "can",
            "could",
            "do",
            "does",
        ),
        *(
            "for",
            "from",
            "get",
            "had",
            "has",
            "have",
            "how",
            "i",
            "i'm",
            "if",
            "in",
            "is",
            "it",
            "its",
        ),
        *("me", "my", "of", "on", "or", "our", "s", "should", "so", "that", "the", "their", "them"),
        *(
            "there",
            "they",
            "this",
            "to",
            "us",
            "was",
            "we",
            "were",
            "what",
            "when",
            "where",
            "which",
        ),
        *(
            "who",
            "whom",
            "why",
            "will",
            "with",
            "would",
            "you",
            "your",
            "am",
            "did",
            "about",
            "any",
        ),
        *("im", "ive", "it's", "i've", "just", "really", "please", "tell"),
    ]
)
_JAPANESE_STOP_BIGRAMS = frozenset(
    [
        *(
            "です",
            "ます",
            "ので",
            "から",
            "まで",
            "して",
            "ます",
            "ませ",
            "せん",
            "した",
            "する",
            "いる",
            "ある",
        ),
        *(
            "こと",
            "とき",
            "には",
            "では",
            "とは",
            "ので",
            "って",
            "てい",
            "うか",
            "すか",
            "んか",
            "のか",
            "れる",
        ),
        *(
            "られ",
            "いま",
            "りま",
            "教え",
            "えて",
            "てく",
            "くだ",
            "ださ",
            "さい",
            "場合",
            "もの",
            "ため",
            "よう",
        ),
        *(
            "何で",
            "どの",
            "どう",
            "どこ",
            "いつ",
            "いく",
            "ょう",
            "しょ",
            "でし",
            "はあ",
            "はい",
            "があ",
            "をし",
        ),
    ]
)
_SUFFIXES = ("ingly", "edly", "ings", "ies", "ing", "es", "ed", "s")
_MIN_STEM = 3


def normalize(text: str) -> str:
    """NFKC and case-folded: full-width letters and half-width kana become the usual ones."""
    return unicodedata.normalize("NFKC", text).casefold()


def terms(text: str) -> list[str]:
    """All terms in order, repeats included: the analyser of the keyword index and of questions."""
    out: list[str] = []
    for match in _RUN.finditer(_one_spelling(normalize(text))):
        run = match[0]
        if _is_cjk(run[0]):
            out.extend(_bigrams(run))
        else:
            out.extend(_latin_terms(run))
    return out


def _one_spelling(text: str) -> str:
    """Of Japanese words with several usual spellings the same one for all."""
    if text.isascii():
        return text
    plain = _V.sub(lambda match: _B[match[1]], text.translate(_VARIANTS))
    return _LONG_VOWEL.sub("", plain)


def content_terms(text: str) -> set[str]:
    """Terms that carry meaning: without function words and the bigrams of polite endings."""
    return {
        term
        for term in terms(text)
        if term not in ENGLISH_STOP_WORDS
        and term not in _JAPANESE_STOP_BIGRAMS
        # Bigrams of kana only are mostly grammar.
        and not (_is_kana(term) and len(term) <= 2)
    }


def overlap(question: str, text: str) -> float:
    """Share (0…1) of the question's content terms that occur in the text; 0 for no such terms."""
    asked = content_terms(question)
    return len(asked & set(terms(text))) / len(asked) if asked else 0.0


def _is_cjk(char: str) -> bool:
    return char >= "぀" and not ("À" <= char <= "ɏ")


def _is_kana(term: str) -> bool:
    return all("぀" <= char <= "ゟ" for char in term)


def _bigrams(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] if len(run) > 1 else [run]


def _latin_terms(run: str) -> list[str]:
    if not _JOINT.search(run):
        whole = [stem(run)]
        pieces = _PIECE.findall(run)
        return whole + pieces if len(pieces) > 1 and _HAS_DIGIT.search(run) else whole
    pieces = [piece for piece in _JOINT.split(run) if piece]
    if _HAS_DIGIT.search(run):
        return [run, *_code_pieces(pieces)]
    return [run, *(stem(piece) for piece in pieces)]


def _code_pieces(pieces: list[str]) -> list[str]:
    """`sp`, `k310`, `g` as they are and in smaller ones, and neighbours put together: `spk310`,
    `k310g`, `spk310g`; each once."""
    found = dict.fromkeys(pieces)
    for piece in pieces:
        smaller = _PIECE.findall(piece)
        found |= dict.fromkeys(smaller if len(smaller) > 1 else [])
    if len(pieces) <= _MOST_PIECES:
        for start in range(len(pieces)):
            for end in range(start + 2, len(pieces) + 1):
                found["".join(pieces[start:end])] = None
    return list(found)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A light stem: plural, -ed and -ing endings taken off where enough of the word is left; a
    code (`k210s`) is not a plural."""
    if _HAS_DIGIT.search(word):
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _MIN_STEM:
            if suffix == "s" and word.endswith(("ss", "us", "is")):
                return word
            if suffix == "ies":
                return word[:-3] + "y"
            root = word[: -len(suffix)]
            if suffix in ("ing", "ed", "es") and len(root) > _MIN_STEM and root[-1] == root[-2]:
                root = root[:-1]  # planned → plan
            return root.removesuffix("e")
    return word.removesuffix("e") if len(word) > _MIN_STEM + 1 else word
