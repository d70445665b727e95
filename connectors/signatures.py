"""What a file's first bytes say of its format, where its suffix says something else.

Systems export tables as HTML, CSV or XML under the name `.xls`; people rename `.docx` to `.doc`.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

_HEAD = 4096  # bytes
_OFFICE = frozenset(
    ".doc .docx .xls .xlsx .xlsm .ppt .pptx .odt .ods .odp .rtf .htm .html .mht .mhtml".split()
)
"""Suffixes under which text of another format is found."""
_AS_TEXT = {".doc": ".txt", ".xls": ".csv"}
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MEMBERS = {
    "word/document.xml": (".docx",),
    "xl/workbook.xml": (".xlsx", ".xlsm"),
    "ppt/presentation.xml": (".pptx",),
}
_MIME_TYPES = {
    b"application/vnd.oasis.opendocument.text": ".odt",
    b"application/vnd.oasis.opendocument.spreadsheet": ".ods",
    b"application/vnd.oasis.opendocument.presentation": ".odp",
    b"application/epub+zip": ".epub",
}
_STREAMS = {
    "EncryptedPackage": (".docx", ".xlsx", ".xlsm", ".pptx"),
    "WordDocument": (".doc",),
    "Workbook": (".xls",),
    "Book": (".xls",),
    "PowerPoint Document": (".ppt",),
    "__properties_version1.0": (".msg",),
}
"""Name of a stream → suffixes of the formats that hold it; what contains the others comes last."""
_HTML = (
    rb"(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*"
    rb"<(?:!doctype html|html|head|body|table|meta|div|style)\b"
)
_MAIL_HEADER = rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:"
_TEXTS = (
    (re.compile(rb"\{\\rtf"), ".rtf"),
    (re.compile(rb"%PDF-"), ".pdf"),
    (re.compile(_MAIL_HEADER, re.IGNORECASE), ".mht"),
    (re.compile(_HTML, re.IGNORECASE | re.DOTALL), ".html"),
    (re.compile(rb"<\?xml\b"), ".xml"),
)
_SAME = {(".html", ".htm"), (".mht", ".mhtml")}
_MARKS = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def suffix_by_content(path: Path) -> str:
    """The suffix, in lower case, that the content deserves; the file's own where that may be right.

    Raises OSError."""
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_ZIP):
        return _one_of(_by_members(path), suffix)
    if head.startswith(_OLE):
        return _one_of(_by_streams(path), suffix)
    if suffix in _OFFICE:
        return _by_text(head, suffix)
    return ".rtf" if head.startswith(b"{\\rtf") else suffix


def _one_of(candidates: tuple[str, ...], suffix: str) -> str:
    return suffix if suffix in candidates or not candidates else candidates[0]


def _by_members(path: Path) -> tuple[str, ...]:
    """By a package's main part; nothing for other archives and damaged ones."""
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            mime = package.open("mimetype").read(100).strip() if "mimetype" in names else b""
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError):
        return ()
    if mime in _MIME_TYPES:
        return (_MIME_TYPES[mime],)
    found = (suffixes for name, suffixes in _MEMBERS.items() if name in names)
    return next(found, ())


def _by_streams(path: Path) -> tuple[str, ...]:
    found = suffixes_by_stream(path.read_bytes())
    return next((s for s in found if path.suffix.lower() in s), found[0] if found else ())


def suffixes_by_stream(data: bytes) -> list[tuple[str, ...]]:
    """Suffixes for the names in an old package's directory, which stand there in UTF-16."""
    names = {name: f"{name}\0".encode("utf-16-le") for name in _STREAMS}
    return [suffixes for name, suffixes in _STREAMS.items() if names[name] in data]


def _by_text(head: bytes, suffix: str) -> str:
    text = head[_MARKS.match(head).end() :]  # type: ignore[union-attr]
    for pattern, actual in _TEXTS:
        if pattern.match(text):
            return suffix if (actual, suffix) in _SAME else actual
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return _AS_TEXT.get(suffix, suffix) if wide or not _CONTROL.search(head) else suffix
