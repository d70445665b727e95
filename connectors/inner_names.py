"""Names of files inside files: whoever made the file chose them, so nothing of them is believed."""

from __future__ import annotations

import re
import unicodedata

UNNAMED = "unnamed"
_DRIVE = re.compile(r"[A-Za-z]:")
_LINE_ENDS = re.compile(r"[\r\n\t\v\f\u0085\u2028\u2029]+")
_MAX_NAME = 4_000  # characters that are looked at: the end, which has the suffix
_MAX_SEGMENT = 120
_MAX_SEGMENTS = 20


def harmless(name: str) -> str:
    """A relative path with `/`, in NFC: no `..`, drive, root, control or direction characters.

    Folders that say nothing (`.`, `..`, empty) are dropped; a name of nothing else is `unnamed`.
    """
    visible = "".join(_visible(char) for char in _LINE_ENDS.sub(" ", name[-_MAX_NAME:]))
    path = unicodedata.normalize("NFC", visible).replace("\\", "/")
    segments = [_DRIVE.sub("", piece, count=1) if i == 0 else piece for i, piece in _pieces(path)]
    kept = [_short(piece) for piece in segments if piece.strip(". ")]
    return "/".join(kept[-_MAX_SEGMENTS:]) or UNNAMED


def one_segment(name: str) -> str:
    """A file's name made of any text, a mail's subject say: no folders in it."""
    return harmless(re.sub(r"[/\\:]", "_", name))


def suffix_of(name: str) -> str:
    """What stands for the format: `.pdf`, in small letters; empty where there is none."""
    stem, dot, suffix = name.rpartition("/")[2].rpartition(".")
    is_suffix = bool(stem and dot) and suffix.isascii() and suffix.isalnum() and len(suffix) < 10
    return f".{suffix.lower()}" if is_suffix else ""


def _pieces(path: str) -> list[tuple[int, str]]:
    return list(enumerate(piece.strip() for piece in path.split("/")))


def _visible(char: str) -> str:
    """Without what changes how the rest is shown: a reversed `fdp.exe` looks like a PDF."""
    kind = unicodedata.category(char)
    if kind == "Cs":
        return "\ufffd"
    return "" if kind in ("Cc", "Cf") and char not in "\u200c\u200d" else char


def _short(segment: str) -> str:
    """The segment with its suffix, cut in the middle."""
    if len(segment) <= _MAX_SEGMENT:
        return segment
    suffix = suffix_of(segment)
    return segment[: _MAX_SEGMENT - len(suffix)] + suffix
