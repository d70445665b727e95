"""Word, Excel and PowerPoint files of the formats before 2007 (.doc, .xls, .ppt)."""

from __future__ import annotations

import re

from connectors.errors import UnreadableFile
from connectors.formats import docx, pptx, xlsx
from connectors.formats.libreoffice import converted
from connectors.formats.zip_package import protected
from connectors.reading import InputFile, Reading
from connectors.signatures import suffix_by_content, suffixes_by_stream

_READERS = {
    ".doc": (".docx", docx.read),
    ".xls": (".xlsx", xlsx.read),
    ".ppt": (".pptx", pptx.read),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED_WORKBOOK = re.compile(rb"\x09\x08\x10\x00.{16}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
_ROOT = "Root Entry\0".encode("utf-16-le")
_SECTOR = 512
_WORD, _WORD_ENCRYPTED = b"\xec\xa5", 0x0100


def read(file: InputFile) -> Reading:
    """As its modern counterpart reads it. Raises `UnreadableFile`: `unsupported` where LibreOffice
    is missing, `encrypted`, `broken` or `timeout`."""
    suffix = suffix_by_content(file.path)
    data = file.path.read_bytes()
    if not _is_whole(data) or (suffix,) not in suffixes_by_stream(data):
        raise UnreadableFile(
            "broken",
            f"It is damaged or no {suffix.lstrip('.')} file.",
            remedy="Open it in its program, save it again and import that.",
        )
    if _is_protected(data, suffix):
        raise protected()
    target, reader = _READERS[suffix]
    with converted(file.path, suffix, target, _filter(data, suffix)) as path:
        return reader(InputFile(path, file.settings))


def _filter(data: bytes, suffix: str) -> str:
    """LibreOffice's name for the format, of which Word and Excel 95 have older ones."""
    if suffix == ".doc":
        starts = range(_SECTOR, len(data), _SECTOR)
        is_new = any(data.startswith(_WORD, start) for start in starts)
        return "MS Word 97" if is_new else "MS WinWord 6.0"
    if suffix == ".xls":
        is_new = "Workbook\0".encode("utf-16-le") in data
        return "MS Excel 97" if is_new else "MS Excel 95"
    return "MS PowerPoint 97"


def _is_whole(data: bytes) -> bool:
    """Whether the package has its directory. LibreOffice reads what has none as a text of signs."""
    if not data.startswith(_OLE) or len(data) < _SECTOR:
        return False
    size = 1 << min(int.from_bytes(data[30:32], "little"), 16)
    start = (int.from_bytes(data[48:52], "little") + 1) * size
    return data.startswith(_ROOT, start)


def _is_protected(data: bytes, suffix: str) -> bool:
    """By the marks that the formats set before what they encrypt."""
    if suffix == ".xls":
        return bool(_LOCKED_WORKBOOK.search(data))
    if suffix == ".ppt":
        return "EncryptedSummary".encode("utf-16-le") in data
    head = data[_SECTOR : _SECTOR + 12]
    flags = int.from_bytes(head[10:12], "little")
    return head.startswith(_WORD) and bool(flags & _WORD_ENCRYPTED)
