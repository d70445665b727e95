"""RTF's code pages, and the styles that are headings."""

from __future__ import annotations

import re

CHARSETS = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    255: "cp437",
}
"""Number of a font's character set → Python codec; those of no language are left out."""

_CODE_PAGES = {936: "gbk", 65001: "utf-8", 10000: "mac_roman", 10001: "cp932"}
_HEADING = re.compile(r"^(?:heading|見出し)\s*([1-9])", re.IGNORECASE)
_TITLE = re.compile(r"^(?:title|表題|タイトル)$", re.IGNORECASE)


def codec_of(code_page: int) -> str:
    """The Python codec of a Windows code page; Western where there is none."""
    name = _CODE_PAGES.get(code_page, f"cp{code_page}")
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name


def decoded(data: bytes, codec: str) -> str:
    """Text in a font's encoding; Western where the file names a wrong one."""
    for name in (codec, "cp1252"):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    return data.decode(codec, "replace")


def heading_level(style: str) -> int | None:
    """1 to 6 by the style's name; 0 for the title; None for body text."""
    name = style.strip().rstrip(";").strip()
    if match := _HEADING.match(name):
        return min(int(match[1]), 6)
    return 0 if _TITLE.match(name) else None
