"""Of what format a response is, and its text in an encoding that every reader knows."""

from __future__ import annotations

import codecs
import mimetypes
import re
from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from connectors.readers import READERS

_SUFFIXES = {
    "text/html": ".html",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/ld+json": ".json",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "message/rfc822": ".eml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
}
_VAGUE = frozenset({"", "application/octet-stream", "binary/octet-stream", "text/plain"})
_NEVER_READ = frozenset(
    ".jpg .jpeg .png .gif .webp .avif .svg .ico .bmp .tif .tiff .mp3 .m4a .ogg .wav .mp4 .m4v .mov "
    ".avi .wmv .webm .zip .gz .tgz .bz2 .xz .7z .rar .lzh .exe .msi .dmg .pkg .apk .iso .jar .css "
    ".js .mjs .map .woff .woff2 .ttf .otf .eot .rss .atom .ics .vcf .swf".split()
)
_LATIN = frozenset({"iso8859-1", "cp1252", "ascii"})
_DATA = frozenset({".html", ".txt", ".md", ".csv", ".tsv", ".log"})
"""Text formats whose readers tell the encoding from the content alone."""


def is_never_read(url: str) -> bool:
    """Whether the suffix alone says that no reader takes it: images, scripts, archives."""
    suffix = _url_suffix(url)
    return suffix in _NEVER_READ and suffix not in READERS


def suffix_of(url: str, headers: dict[str, str]) -> str:
    """The suffix whose reader takes the response; empty where there is none."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _VAGUE:
        for suffix in (_file_name_suffix(headers), _url_suffix(url)):
            if suffix in READERS:
                return suffix
    known = _SUFFIXES.get(kind) or mimetypes.MimeTypes().guess_extension(kind) or ""
    if not known and kind == "":
        known = ".html"
    return known if known in READERS else ""


def is_page(suffix: str) -> bool:
    """Whether it may hold links."""
    return suffix in (".html", ".htm")


def readable(body: bytes, suffix: str, content_type: str) -> bytes:
    """The body as its reader will find it: text whose header names its encoding becomes UTF-8 with
    a mark, where it really is in that encoding. Latin-1 is what servers say that don't know."""
    match = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type, re.IGNORECASE)
    if suffix not in _DATA or match is None:
        return body
    try:
        name = codecs.lookup(match[1]).name
        if name in _LATIN or body.startswith((codecs.BOM_UTF8, b"\xff\xfe", b"\xfe\xff")):
            return body
        text = body.decode("cp932" if name == "shift_jis" else name)
    except (LookupError, UnicodeDecodeError, TypeError):
        return body
    return codecs.BOM_UTF8 + text.encode("utf-8", "replace")


def _url_suffix(url: str) -> str:
    return PurePosixPath(unquote(urlsplit(url).path)).suffix.lower()


def _file_name_suffix(headers: dict[str, str]) -> str:
    message = Message()
    message["Content-Disposition"] = re.sub(r"[\r\n]", " ", headers.get("content-disposition", ""))
    return PurePosixPath(message.get_filename() or "").suffix.lower()
