"""Bytes to text: Unicode by its marks, Japanese encodings by what reads as Japanese, then Western.

The order matters. Marks (BOM, escape sequences) and strict UTF-8 are certain or nearly so.
Shift_JIS (cp932) and EUC-JP share most byte pairs, so both are decoded strictly and the more
plausible Japanese wins; where neither is plausible the text is Western (cp1252) or rarer.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from connectors.errors import UnreadableFile

_BOMS = (  # UTF-32 before UTF-16: the UTF-32 LE mark starts with the UTF-16 LE mark
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ISO_2022_JP = re.compile(rb"\x1b(?:\$[@B]|\([JI]|\$\([DOQ])")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 40_000  # characters that the plausibility looks at
_CP932_PRIOR = 0.2  # Shift_JIS files are far more common in companies than EUC-JP
_PLAUSIBLE = 0.4
_MAX_DAMAGED = 0.002  # share of the characters
_MIN_MULTIBYTE = 5  # good characters beyond ASCII for each damaged one, to be sure of the encoding
_SHORT = 20  # letters: too few for statistics
_MAX_ACCENTED = 0.3  # share of non-ASCII among the letters of Western European text


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and the Python codec name it was decoded with."""

    text: str
    encoding: str
    damaged: int = 0
    """Characters that could not be read and are `\ufffd` in the text."""


def decode(data: bytes) -> Decoded:
    """The text of a file of unknown encoding, line ends normalised to a line feed.

    Raises `UnreadableFile` with reason `binary` for data that is no text.
    """
    decoded = (
        _by_mark(data)
        or _strict(data, "utf-8")
        or _nearly(data, "utf-8")
        or _japanese(data)
        or _nearly(data, "cp932")
        or _other(data)
    )
    if decoded is None or _is_binary(decoded.text):
        raise UnreadableFile(
            "binary", "The content is not text.", remedy="Check that the suffix fits the content."
        )
    return replace(decoded, text=normalize_newlines(decoded.text))


def normalize_newlines(text: str) -> str:
    """CR LF and CR to LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _by_mark(data: bytes) -> Decoded | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            body = data[len(bom) :]
            return _strict(body, encoding) or Decoded(body.decode(encoding, "replace"), encoding)
    if b"\0" in data:
        return _utf16_without_bom(data)
    if _ISO_2022_JP.search(data) and data.isascii():
        return _strict(data, "iso2022_jp_ext") or _microsoft_iso_2022_jp(data)
    return None


def _utf16_without_bom(data: bytes) -> Decoded:
    """ASCII characters put their NUL in the odd bytes (little endian) or the even ones (big)."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    encoding = "utf-16-be" if even > odd else "utf-16-le"
    decoded = _strict(data, encoding)
    if decoded is None or min(even, odd) * 20 > max(even, odd) or _implausible(decoded.text):
        raise UnreadableFile(
            "binary", "The content is not text.", remedy="Check that the suffix fits the content."
        )
    return decoded


def _implausible(text: str) -> bool:
    odd = sum(not char.isprintable() and char not in "\t\r\n\f\u3000\u200b" for char in text)
    return odd > len(text) // 100


def _strict(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(data.decode(encoding), encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _nearly(data: bytes, encoding: str) -> Decoded | None:
    """Text with a few damaged bytes: a log cut within a character, a disk error."""
    text = data.decode(encoding, "replace")
    damaged = text.count("\ufffd")
    multibyte = sum(char > "\x7f" for char in text[:_SAMPLE]) - text[:_SAMPLE].count("\ufffd")
    if damaged > len(text) * _MAX_DAMAGED + 1 or multibyte < _MIN_MULTIBYTE * min(damaged, 2):
        return None
    if encoding == "cp932" and _japanese_plausibility(text.replace("\ufffd", "")) < _PLAUSIBLE:
        return None
    return Decoded(text, encoding, damaged)


def _microsoft_iso_2022_jp(data: bytes) -> Decoded | None:
    """ISO-2022-JP with Microsoft's extra characters (`①`, `㈱`), which Python's codecs refuse.

    Each JIS pair is moved to its Shift_JIS place, where cp932 knows the extras.
    """
    moved = bytearray()
    for escape, run in re.findall(rb"(\x1b[$(]\(?[@-Z])?([^\x1b]*)", data):
        if escape.startswith(b"\x1b$"):
            moved += b"".join(_shift_jis_pair(run[i : i + 2]) for i in range(0, len(run), 2))
        elif escape == b"\x1b(I":
            moved += bytes(byte | 0x80 if byte > 0x20 else byte for byte in run)
        else:
            moved += run
    decoded = _strict(bytes(moved), "cp932")
    return Decoded(decoded.text, "iso2022_jp") if decoded else None


def _shift_jis_pair(pair: bytes) -> bytes:
    if len(pair) < 2 or pair[0] < 0x21:
        return pair
    row, cell = pair[0], pair[1]
    lead = (row + 1) // 2 + (0x70 if row <= 0x5E else 0xB0)
    trail = cell + 0x1F + (cell >= 0x60) if row % 2 else cell + 0x7E
    return bytes((lead, trail))


def _japanese(data: bytes) -> Decoded | None:
    best: Decoded | None = None
    best_score = _PLAUSIBLE
    for encoding, prior in (("cp932", _CP932_PRIOR), ("euc_jis_2004", 0.0)):
        decoded = _strict(data, encoding)
        if decoded is None:
            continue
        score = _japanese_plausibility(decoded.text)
        if score >= _PLAUSIBLE and score + prior > best_score:
            best, best_score = decoded, score + prior
    if best is not None and best.encoding == "euc_jis_2004":
        return Decoded(best.text, "euc_jp")
    return best


def _japanese_plausibility(text: str) -> float:
    """0 to 1: how much the non-ASCII characters look like Japanese that somebody wrote."""
    sample = f" {text[:_SAMPLE]} "
    scores = [
        _plausibility_of(sample[i - 1], sample[i], sample[i + 1])
        for i in range(1, len(sample) - 1)
        if sample[i] > "\x7f"
    ]
    return sum(scores) / len(scores) if scores else 0.0


def _plausibility_of(before: str, char: str, after: str) -> float:
    if before <= "\x7f" and after <= "\x7f":
        return _plausibility_alone(before, char, after)
    if "\u3041" <= char <= "\u30ff" or "\u3001" <= char <= "\u3011":
        return 1.0
    if "\uff61" <= char <= "\uff9f":  # half-width kana
        return _half_width_plausibility(before, char, after)
    if "\u4e00" <= char <= "\u9fff":
        return 0.9 if _is_first_level(char) else 0.3
    if "\uff01" <= char <= "\uff5e" or char in "\u3000○●◎△▲□■☆★※→①②③④⑤㈱№℡×～−":
        return 0.8
    return 0.1


def _plausibility_alone(before: str, char: str, after: str) -> float:
    """A character among ASCII: likely a Western accent, quote or sign that was misread."""
    if before.isalpha() or after.isalpha() or "\uff61" <= char <= "\uff9f":
        return 0.0
    return 0.35 if " " in (before, after) else 0.6


def _half_width_plausibility(before: str, char: str, after: str) -> float:
    if char in "ﾞﾟ":
        return 1.0 if "\uff76" <= before <= "\uff8e" or before == "ｳ" else 0.0
    if char in "｡｢｣､･":  # the lead bytes of kana in EUC-JP
        return 0.2
    return 1.0 if after in "ﾞﾟ" else 0.5


def _is_first_level(char: str) -> bool:
    """Whether the kanji is one of the 2,965 frequent ones of JIS X 0208 level 1."""
    try:
        return 0xB0 <= char.encode("euc_jp")[0] <= 0xCF
    except UnicodeEncodeError:
        return False


def _other(data: bytes) -> Decoded | None:
    western = _strict(data, "cp1252")
    if western is not None and _is_western(western.text):
        return western
    from charset_normalizer import from_bytes

    guess = from_bytes(data[:_SAMPLE]).best()
    if guess is not None:
        decoded = _strict(data, guess.encoding)
        if decoded is not None:
            return decoded
    return western


def _is_western(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    accented = sum(char.isalpha() and char > "\x7f" for char in text)
    return accented <= max(letters * _MAX_ACCENTED, _SHORT)


def _is_binary(text: str) -> bool:
    """Control characters hardly occur in text; an escape (terminal logs) is let through."""
    return len(_CONTROL.findall(text)) > max(1, len(text) // 200)
